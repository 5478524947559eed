"""Contracts as pages and machines write them."""

from marshmallow import Schema, fields

from lims.contracts.commands import (
    AcceptDeliverable,
    FilledLine,
    FillInContract,
    GiveMinutes,
    NewDeliverable,
    RequestContract,
    RequestedLine,
)
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding
from schemas.fields import choice, day, dong, id_, many, percent, rate, text, whole, yes
from schemas.forms import Body, Inner, Rows
from schemas.paging import page_of

MOST = 200
"""Rows of one contract."""


class LineRow(Body):
    """So many of a service; without a price, at the tariff of the day."""

    command = FilledLine

    service_id = id_(load_default=None)
    service_id_text = text(300)
    quantity = whole(1, 10**6, required=True)
    unit_price = dong(load_default=None)


class DeliverableRow(Body):
    """Something to be delivered."""

    command = NewDeliverable

    kind = choice(DeliverableKind, required=True)
    title = text(300, required=True)
    quantity = whole(1, 10**4, required=True)
    amount = dong(required=True)
    vat_rate = percent("Write a rate from 0 to 100 %.", required=True, data_key="percent")


class ContractForm(Body):
    """A contract with its rows; a row without its service or title is no row."""

    command = FillInContract

    customer_id = id_(load_default=None)
    customer_id_text = text(300)
    kind = choice(ContractKind, required=True)
    funding = choice(Funding, required=True)
    subject = text(500, required=True)
    on_credit = yes()
    valid_to = day(load_default=None)
    lines = Rows(LineRow, begun=("service_id", "service_id_text"))
    deliverables = Rows(DeliverableRow, begun=("title",))


class AcceptForm(Body):
    """By which minutes the customer accepted."""

    command = GiveMinutes

    minutes = text(60, required=True)


class LineBody(Body):
    """So many of a service; without a price, at the tariff of the day."""

    command = RequestedLine

    service = text(60, required=True, metadata={"description": "code or id"})
    quantity = whole(1, 10**6, required=True)
    unit_price = dong(load_default=None, allow_none=True)
    vat_rate = rate(load_default=None, allow_none=True)


class DeliverableBody(Body):
    """A standard or a number of products to be delivered."""

    command = NewDeliverable

    kind = choice(DeliverableKind, required=True)
    title = text(300, required=True)
    quantity = whole(1, 10**4, required=True)
    amount = dong(required=True, metadata={"description": "net, for all of it"})
    vat_rate = rate(required=True)


class ContractBody(Body):
    """A contract to be drawn up."""

    command = RequestContract

    customer_id = id_(required=True)
    kind = choice(ContractKind, required=True)
    funding = choice(Funding, load_default=Funding.CUSTOMER)
    subject = text(500, required=True)
    on_credit = yes()
    valid_to = day(load_default=None, allow_none=True)
    lines = many(Inner(LineBody), least=0, most=MOST, load_default=list)
    deliverables = many(Inner(DeliverableBody), least=0, most=MOST, load_default=list)


class AcceptBody(Body):
    """What was accepted, and by which minutes."""

    command = AcceptDeliverable

    deliverable_id = id_(required=True)
    minutes = text(60, required=True)


class ContractLineSchema(Schema):
    """A line as we show it."""

    id = fields.UUID()
    position = fields.Integer()
    service_id = fields.UUID()
    quantity = fields.Integer()
    unit_price = fields.Integer()
    vat_rate = fields.String()
    amount = fields.Integer(metadata={"description": "VAT included"})


class DeliverableSchema(Schema):
    """A deliverable as we show it."""

    id = fields.UUID()
    kind = fields.Enum(DeliverableKind, by_value=True)
    title = fields.String()
    quantity = fields.Integer()
    amount = fields.Integer(metadata={"description": "net"})
    vat_rate = fields.String()
    accepted_on = fields.Date(allow_none=True)
    minutes = fields.String()


class ContractSchema(Schema):
    """A contract as we show it in a list."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    customer_id = fields.UUID()
    kind = fields.Enum(ContractKind, by_value=True)
    funding = fields.Enum(Funding, by_value=True)
    subject = fields.String()
    on_credit = fields.Boolean()
    state = fields.Enum(ContractState, by_value=True)
    signed_on = fields.Date(allow_none=True)
    valid_to = fields.Date(allow_none=True)
    revision = fields.Integer()


class ContractDetailsSchema(ContractSchema):
    """A contract with its lines and deliverables."""

    amount = fields.Integer(metadata={"description": "VAT included"})
    lines = fields.List(fields.Nested(ContractLineSchema))
    deliverables = fields.List(fields.Nested(DeliverableSchema))


ContractsPage = page_of(ContractSchema, "ContractsPage")
