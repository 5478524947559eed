"""Orders and items as pages and machines write them."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load

from lims.vocabulary import (
    CertificateMode,
    CustomerKind,
    Discipline,
    Funding,
    ItemState,
    Occasion,
    Place,
)
from schemas.fields import choice, day, id_, many, text, whole
from schemas.forms import Body, Form, Inner

BLOCKS = 5
"""Kinds of items that one page takes in at once."""

MOST = 1_000
LONGEST_LIST = 200_000


class OrderHead(Form):
    """What is said once of an order."""

    requester_id = id_(load_default=None)
    requester_id_text = text()
    new_name = text()
    new_kind = choice(CustomerKind, load_default=CustomerKind.ORGANISATION)
    new_tax_code = text(20)
    new_address = text(300)
    new_phone = text(40)
    payer_id = id_(load_default=None)
    payer_id_text = text()
    contract_id = id_(load_default=None)
    funding = choice(Funding, load_default=None)
    place = choice(Place, required=True)
    promised_on = day(load_default=None)
    certificate_mode = choice(CertificateMode, required=True)
    area = text(20)
    note = text(1_000, lines=True)

    @post_load
    def _gather(self, said: dict[str, Any], **_: object) -> dict[str, Any]:
        """Put what was said of each kind of item together, by its place on the page."""
        blocks = {rank: _block_of(said, rank) for rank in range(BLOCKS)}
        said["blocks"] = {rank: block for rank, block in blocks.items() if _filled(block)}
        return said


def _fields_of(rank: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "service_id": id_(load_default=None, data_key=f"blocks.{rank}.service_id"),
        "service_id_text": text(300, data_key=f"blocks.{rank}.service_id_text"),
        "serials": text(LONGEST_LIST, lines=True, data_key=f"blocks.{rank}.serials"),
        "quantity": whole(1, MOST, load_default=None, data_key=f"blocks.{rank}.quantity"),
        "what": text(300, data_key=f"blocks.{rank}.what"),
        "condition": text(300, data_key=f"blocks.{rank}.condition"),
        "occasion": choice(
            Occasion, load_default=Occasion.PERIODIC, data_key=f"blocks.{rank}.occasion"
        ),
        "user_name": text(data_key=f"blocks.{rank}.user_name"),
        "place_of_use": text(data_key=f"blocks.{rank}.place_of_use"),
    }
    return {f"{name}_{rank}": one for name, one in made.items()}


def _block_of(said: dict[str, Any], rank: int) -> dict[str, Any]:
    names = [name for name in said if name.endswith(f"_{rank}")]
    return {name.removesuffix(f"_{rank}"): said.pop(name) for name in names}


def _filled(block: dict[str, Any]) -> bool:
    return any(
        block[name] for name in ("service_id", "service_id_text", "serials", "quantity", "what")
    )


OrderForm = OrderHead.from_dict(
    {name: one for rank in range(BLOCKS) for name, one in _fields_of(rank).items()},
    name="OrderForm",
)
"""An order with up to five kinds of items."""


class NewItemBody(Body):
    """One thing that is brought in."""

    kind = choice(
        Discipline, load_default=None, metadata={"description": "checked against the service"}
    )
    service = text(60, required=True, metadata={"description": "code or id"})
    type = text(60, metadata={"description": "code or id; by default the service's"})
    serial = text(60)
    user_id = id_(load_default=None, metadata={"description": "a customer, whose name is copied"})
    user_name = text()
    place_of_use = text()
    area = text(20)
    instrument_id = id_(load_default=None)
    sample = text(300, metadata={"description": "what it is; by default the name of the type"})
    condition = text(300)
    occasion = choice(Occasion, load_default=Occasion.PERIODIC)


class OrderBody(Body):
    """A request for one to a thousand items."""

    requester_id = id_(required=True)
    payer_id = id_(load_default=None)
    contract_id = id_(load_default=None)
    funding = choice(Funding, load_default=None)
    place = choice(Place, required=True)
    promised_on = day(load_default=None)
    certificate = choice(CertificateMode, required=True, attribute="certificate_mode")
    note = text(1_000, lines=True)
    items = many(Inner(NewItemBody), most=MOST, required=True)


class ItemsArgs(Schema):
    """Which items."""

    class Meta:
        """Let other words of the address pass."""

        unknown = EXCLUDE

    state = choice(ItemState, load_default=None)
    discipline = choice(Discipline, load_default=None)
    q = text(200)
    limit = whole(1, 500, load_default=50)
    after = id_(load_default=None)


class ItemSchema(Schema):
    """An item as we show it in a list."""

    id = fields.UUID()
    order_id = fields.UUID()
    code = fields.String()
    discipline = fields.Enum(Discipline, by_value=True)
    what = fields.String()
    serial = fields.String()
    user_name = fields.String()
    state = fields.Enum(ItemState, by_value=True)
    received_on = fields.Date()


class WholeItemSchema(ItemSchema):
    """An item with all that reception knows of it."""

    line = fields.Integer()
    service_id = fields.UUID()
    type_id = fields.UUID(allow_none=True)
    instrument_id = fields.UUID(allow_none=True)
    field = fields.String()
    units = fields.Integer()
    occasion = fields.Enum(Occasion, by_value=True, allow_none=True)
    place_of_use = fields.String()
    area = fields.String()
    condition = fields.String()


class OrderItemSchema(Schema):
    """An item as its order lists it."""

    id = fields.UUID()
    line = fields.Integer()
    code = fields.String()
    serial = fields.String()
    state = fields.Enum(ItemState, by_value=True)


class OrderSchema(Schema):
    """An order as we show it in a list."""

    id = fields.UUID()
    number = fields.String()
    requester_id = fields.UUID()
    payer_id = fields.UUID()
    contract_id = fields.UUID(allow_none=True)
    funding = fields.Enum(Funding, by_value=True)
    place = fields.Enum(Place, by_value=True)
    certificate = fields.Enum(CertificateMode, by_value=True, attribute="certificate_mode")
    received_on = fields.Date()
    promised_on = fields.Date()
    received_by = fields.String()
    item_count = fields.Integer()
    note = fields.String()


class WholeOrderSchema(OrderSchema):
    """An order with its items."""

    items = fields.List(fields.Nested(OrderItemSchema))


class OrdersPage(Schema):
    """One page of orders."""

    items = fields.List(fields.Nested(OrderSchema))
    next = fields.UUID(allow_none=True)


class ItemsPage(Schema):
    """One page of items."""

    items = fields.List(fields.Nested(ItemSchema))
    next = fields.UUID(allow_none=True)
