"""Certificates as pages and machines write them."""

from collections.abc import Mapping

from marshmallow import Schema, ValidationError, fields

from lims.certificates.commands import GiveReason, SignCertificates, SupersedeCertificate
from lims.vocabulary import CertificateKind
from schemas.fields import Text, choice, id_, many, text
from schemas.forms import Body, ReasonBody, flatten
from schemas.paging import page_of


def correction() -> Text:
    """Make a field for a text that a new certificate says instead."""
    return text(500, required=True)


class Corrections(fields.Field[Mapping[str, str]]):
    """The boxes `changes.PLACE`, a place being that of a text in the document: `items.0.serial`."""

    def _deserialize(
        self, value: object, attr: str | None, data: object, **_: object
    ) -> Mapping[str, str]:
        del attr, data
        texts: dict[str, str] = {}
        refused: dict[str, list[str]] = {}
        for place, boxes in flatten(value):
            try:
                texts[place] = correction().deserialize(boxes[-1])
            except ValidationError as error:
                refused[place] = [*error.messages]
        if refused:
            raise ValidationError(refused)
        return texts


class SupersedeForm(ReasonBody):
    """Why a certificate is replaced, and what the new one says otherwise: `changes.PLACE`."""

    command = SupersedeCertificate

    changes = Corrections(load_default=dict)


class SignBody(Body):
    """Which results to sign for: all of them or none."""

    command = SignCertificates

    ids = many(id_(), required=True, metadata={"description": "ids of checked results"})


class WithdrawBody(ReasonBody):
    """Why a certificate is taken back."""

    command = GiveReason


class SupersedeBody(ReasonBody):
    """Why a certificate is replaced, and what the new one says otherwise."""

    command = SupersedeCertificate

    changes = fields.Dict(
        keys=fields.String(),
        values=correction(),
        load_default=dict,
        metadata={
            "description": "new texts by their place in the paper, for example "
            '{"items.0.serial": "A1007"}; results cannot be changed this way'
        },
    )


class CertificateLine(Schema):
    """A certificate in a list."""

    id = fields.UUID(attribute="certificate.id")
    number = fields.String(attribute="certificate.number")
    kind = choice(CertificateKind, attribute="certificate.kind")
    issued_on = fields.Date(attribute="certificate.issued_on")
    valid_until = fields.Date(attribute="certificate.valid_until")
    order = fields.String()
    description = fields.String(data_key="what")
    items = fields.Integer()
    standing = fields.String(
        metadata={"description": "valid, expired, ended, superseded or withdrawn"}
    )
    printed = fields.Boolean()


CertificatePage = page_of(CertificateLine, "CertificatePage")


class PlaceSchema(Schema):
    """One item on a certificate."""

    item_id = fields.UUID()
    result_id = fields.UUID()
    code = fields.String()
    name = fields.String()
    serial = fields.String()
    valid_until = fields.Date(allow_none=True)
    standing = fields.String()
    ended_on = fields.Date(allow_none=True)
    ended_why = fields.String()


class CertificateSchema(Schema):
    """A certificate with its items."""

    id = fields.UUID()
    number = fields.String()
    kind = choice(CertificateKind)
    code = fields.String()
    check_url = fields.String()
    order_id = fields.UUID()
    order = fields.String()
    issued_on = fields.Date()
    signed_by = fields.String()
    capacity = fields.String()
    valid_until = fields.Date(allow_none=True)
    withdrawn_on = fields.Date(allow_none=True)
    withdrawn_why = fields.String()
    replaces = fields.String(allow_none=True)
    replaced_by = fields.String(allow_none=True)
    printed = fields.Boolean()
    items = fields.List(fields.Nested(PlaceSchema))


class SignedSchema(Schema):
    """A certificate that was just signed."""

    id = fields.UUID()
    number = fields.String()
    kind = choice(CertificateKind)
    code = fields.String()
    order_id = fields.UUID()
    issued_on = fields.Date()
    valid_until = fields.Date(allow_none=True)


class SignedBatch(Schema):
    """What one act of signing issued; what failed has minutes only."""

    items = fields.List(fields.Nested(SignedSchema))
