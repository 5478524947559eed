"""The centre's standards as pages and machines write them."""

from typing import ClassVar

from marshmallow import Schema, fields

from lims.equipment.commands import (
    AddStandard,
    CalibrationCertificate,
    CorrectStandard,
    TakeOut,
)
from lims.vocabulary import Field
from schemas.fields import Id, choice, code, day, text
from schemas.forms import Body, ReasonBody
from schemas.paging import page_of


class StandardPatch(Body):
    """What may be said again of a standard; its code is for ever."""

    command: ClassVar[type] = CorrectStandard

    name = text(200, required=True)
    serial = text(100, required=True)
    field = choice(Field, required=True)
    accuracy = text(200)


class CertificateBody(Body):
    """The certificate that ties a standard to the SI."""

    command: ClassVar[type] = CalibrationCertificate

    certificate = code(100)
    calibrated_by = text(200, required=True)
    calibrated_on = day(required=True)
    due_on = day(required=True)


class StandardBody(StandardPatch, CertificateBody):
    """A new standard."""

    command: ClassVar[type] = AddStandard

    code = code()


class TakeOutBody(ReasonBody):
    """Why a standard is taken out of service."""

    command = TakeOut


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


StandardPage = page_of(StandardSchema, "StandardPage")
