"""The centre's standards as pages and machines write them."""

from marshmallow import Schema, fields

from lims.equipment.commands import (
    AddStandard,
    CalibrationCertificate,
    CorrectStandard,
    TakeOut,
)
from lims.vocabulary import Field
from schemas.fields import Id, choice, code, day, text
from schemas.forms import Body, Form


class StandardWords(Schema):
    """What may be said again of a standard."""

    name = text(200, required=True)
    serial = text(100, required=True)
    field = choice(Field, required=True)
    accuracy = text(200)


class Certificate(Schema):
    """The certificate that ties a standard to the SI."""

    certificate = code(100)
    calibrated_by = text(200, required=True)
    calibrated_on = day(required=True)
    due_on = day(required=True)


class StandardForm(StandardWords, Certificate, Form):
    """A new standard, as a page sends it."""

    command = AddStandard

    code = code()


class WordsForm(StandardWords, Form):
    """What may be said again of a standard, as a page sends it."""

    command = CorrectStandard


class CertificateForm(Certificate, Form):
    """A new certificate, as a page sends it."""

    command = CalibrationCertificate


class TakeOutForm(Form):
    """Why a standard is taken out of service, as a page sends it."""

    command = TakeOut

    reason = text(500, required=True)


class StandardBody(StandardWords, Certificate, Body):
    """A new standard."""

    command = AddStandard

    code = code()


class StandardPatch(StandardWords, Body):
    """What may be said again of a standard; its code is for ever."""

    command = CorrectStandard


class CertificateBody(Certificate, Body):
    """A new certificate of a standard."""

    command = CalibrationCertificate


class TakeOutBody(Body):
    """Why a standard is taken out of service."""

    command = TakeOut

    reason = text(500, required=True)


class StandardSchema(Schema):
    """A standard as we show it."""

    id = Id()
    code = fields.String()
    name = fields.String()
    serial = fields.String()
    field = fields.Enum(Field, by_value=True)
    accuracy = fields.String()
    certificate = fields.String()
    calibrated_by = fields.String()
    calibrated_on = fields.Date()
    due_on = fields.Date()
    in_service = fields.Boolean()
    revision = fields.Integer()


class StandardPage(Schema):
    """A page of standards, the one that falls due first at the top."""

    items = fields.List(fields.Nested(StandardSchema))
    next = Id(allow_none=True)
