"""Customers and their instruments as pages and machines write them."""

from collections.abc import Mapping
from typing import ClassVar

from marshmallow import Schema, fields, validate

from lims.customers.commands import (
    CorrectCustomer,
    CorrectInstrument,
    EnterCustomer,
    FillInCustomer,
    FillInInstrument,
    RequestInstrument,
)
from lims.vocabulary import CustomerKind
from schemas.fields import Sentence, Whole, choice, id_, text, yes
from schemas.forms import Body, Pairs
from schemas.paging import page_of

EMAIL = validate.Regexp(
    r"(?:[^@\s]+@[^@\s]+\.[^@\s]+)?\Z",
    error=Sentence("Write an e-mail address, for example a@b.vn."),
)


def year_field() -> fields.Field[int]:
    """Make a field for the year of manufacture."""
    four_digits = validate.Range(1800, 2100, error=Sentence("Write the year in four digits."))
    return Whole(validate=four_digits, load_default=None, allow_none=True)


def characteristics_field() -> fields.Field[Mapping[str, str]]:
    """Make a field for what an instrument can do, by the codes that its type lists."""
    return Pairs(
        text(60, required=True),
        text(100),
        metadata={"description": "as written, by the codes that the type lists"},
    )


class CustomerBody(Body):
    """A customer; give the codes that are known and leave out the others."""

    command: ClassVar[type | None] = EnterCustomer

    name = text(300, required=True)
    kind = choice(CustomerKind, required=True)
    tax_code = text(20, allow_none=True)
    budget_code = text(20, allow_none=True)
    personal_number = text(20, allow_none=True)
    address = text(500)
    area = text(20)
    phone = text(100)
    email = text(validate_with=[EMAIL, validate.Length(max=200)])


class CustomerForm(CustomerBody):
    """A customer as the page has it."""

    command = FillInCustomer

    another = yes()
    """It is not the one of the same name that is in the register already."""


class CustomerPatch(CustomerBody):
    """What is said of a customer from now on; what a machine leaves out stays."""

    command = CorrectCustomer


class ParticularsBody(Body):
    """The particulars of an instrument, wherever they are asked."""

    manufacturer = text()
    country = text()
    model = text()
    year = year_field()
    characteristics = characteristics_field()


class ParticularsSchema(Schema):
    """The particulars of an instrument as we show them."""

    manufacturer = fields.String()
    country = fields.String()
    model = fields.String()
    year = fields.Integer(allow_none=True)
    characteristics = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={"description": "as written, by the codes that the type lists"},
    )


class InstrumentForm(ParticularsBody):
    """An instrument that has not come in yet, or a correction."""

    command = FillInInstrument

    holder_id = id_(load_default=None)
    holder_id_text = text(300)
    type_id = id_(load_default=None)
    type_id_text = text(300)
    serial = text(60, required=True)
    user_name = text(200)
    place_of_use = text(200)
    area = text(20)
    scrapped = yes()


class InstrumentBody(ParticularsBody):
    """An instrument of the registry."""

    command = RequestInstrument

    holder_id = id_(required=True)
    type = text(60, required=True, metadata={"description": "code or id of the type"})
    serial = text(60, required=True)
    user_name = text()
    place_of_use = text()
    area = text(20)


class InstrumentPatch(ParticularsBody):
    """What is to be corrected; what is left out stays."""

    command = CorrectInstrument

    holder_id = id_()
    serial = text(60, required=True)
    user_name = text()
    place_of_use = text()
    area = text(20)
    scrapped = yes()


class CustomerSchema(Schema):
    """A customer as we show it; the personal number only to those who need it."""

    id = fields.UUID()
    name = fields.String()
    kind = fields.Enum(CustomerKind, by_value=True)
    tax_code = fields.String(allow_none=True)
    budget_code = fields.String(allow_none=True)
    personal_number = fields.String(allow_none=True)
    address = fields.String()
    area = fields.String()
    phone = fields.String()
    email = fields.String()
    revision = fields.Integer()


CustomersPage = page_of(CustomerSchema, "CustomersPage")


class InstrumentSchema(ParticularsSchema):
    """An instrument as we show it."""

    id = fields.UUID()
    holder_id = fields.UUID()
    type_id = fields.UUID()
    serial = fields.String()
    user_name = fields.String()
    place_of_use = fields.String()
    area = fields.String()
    due_on = fields.Date(allow_none=True)
    scrapped = fields.Boolean()
    revision = fields.Integer()


InstrumentsPage = page_of(InstrumentSchema, "InstrumentsPage")
