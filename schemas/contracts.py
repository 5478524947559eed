"""Contracts as pages and machines write them."""

import re
from decimal import Decimal
from typing import Any

from marshmallow import Schema, fields, post_load, pre_load, validate

from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding
from schemas.fields import (
    Body,
    Exact,
    Form,
    Inner,
    Said,
    choice,
    day,
    dong,
    id_,
    many,
    rate,
    text,
    whole,
    yes,
)

PLACE = re.compile(r"(lines|deliverables)\.(\d{1,3})\.(\w+)")
MOST = 200
"""Rows of one contract."""


class LineRow(Form):
    """So many of a service; without a price, at the tariff of the day."""

    service_id = id_(load_default=None)
    service_id_text = text(300)
    quantity = whole(1, 10**6, required=True)
    unit_price = dong(load_default=None)


class DeliverableRow(Form):
    """Something to be delivered."""

    kind = choice(DeliverableKind, required=True)
    title = text(300, required=True)
    quantity = whole(1, 10**4, required=True)
    amount = dong(required=True)
    percent = Exact(
        required=True,
        validate=validate.Range(0, 100, error=Said("Write a rate from 0 to 100 %.")),
    )

    @post_load
    def _as_a_rate(self, said: dict[str, Any], **_: object) -> dict[str, Any]:
        said["vat_rate"] = said.pop("percent") / Decimal(100)
        return said


class ContractForm(Form):
    """A contract with its rows; a row without its service or title is no row."""

    customer_id = id_(load_default=None)
    customer_id_text = text(300)
    kind = choice(ContractKind, required=True)
    funding = choice(Funding, required=True)
    subject = text(500, required=True)
    on_credit = yes()
    valid_to = day(load_default=None)
    lines = many(Inner(LineRow, allow_none=True), least=0, most=MOST, load_default=list)
    deliverables = many(
        Inner(DeliverableRow, allow_none=True), least=0, most=MOST, load_default=list
    )

    @pre_load
    def _from_form(self, data: Any, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - the form
        """Put the boxes of each row together; a row keeps its place, so that errors find it."""
        said: dict[str, Any] = super()._from_form(data, **more)
        rows: dict[str, dict[int, dict[str, str]]] = {"lines": {}, "deliverables": {}}
        for name in data:
            if found := PLACE.fullmatch(name):
                rows[found[1]].setdefault(int(found[2]), {})[found[3]] = data[name]
        begun = {"lines": "service_id_text", "deliverables": "title"}
        return said | {
            part: _in_place(rows[part], (begun[part], "service_id")) for part in rows if rows[part]
        }

    @post_load
    def _drop_blanks(self, said: dict[str, Any], **_: object) -> dict[str, Any]:
        """Keep the rows that were filled in, each with its place."""
        for part in ("lines", "deliverables"):
            said[part] = {at: row for at, row in enumerate(said[part]) if row is not None}
        return said


def _in_place(rows: dict[int, dict[str, str]], begun: tuple[str, ...]) -> list[Any]:
    filled = {at: row for at, row in rows.items() if any(row.get(one, "").strip() for one in begun)}
    return [filled.get(at) for at in range(max(filled, default=-1) + 1)]


class AcceptForm(Form):
    """By which minutes the customer accepted."""

    minutes = text(60, required=True)


class LineBody(Body):
    """So many of a service; without a price, at the tariff of the day."""

    service = text(60, required=True, metadata={"description": "code or id"})
    quantity = whole(1, 10**6, required=True)
    unit_price = dong(load_default=None, allow_none=True)
    vat_rate = rate(load_default=None, allow_none=True)


class DeliverableBody(Body):
    """A standard or a number of products to be delivered."""

    kind = choice(DeliverableKind, required=True)
    title = text(300, required=True)
    quantity = whole(1, 10**4, required=True)
    amount = dong(required=True, metadata={"description": "net, for all of it"})
    vat_rate = rate(required=True)


class ContractBody(Body):
    """A contract to be drawn up."""

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


class WholeContractSchema(ContractSchema):
    """A contract with its lines and deliverables."""

    amount = fields.Integer(metadata={"description": "VAT included"})
    lines = fields.List(fields.Nested(ContractLineSchema))
    deliverables = fields.List(fields.Nested(DeliverableSchema))


class ContractsPage(Schema):
    """One page of contracts."""

    items = fields.List(fields.Nested(ContractSchema))
    next = fields.UUID(allow_none=True)
