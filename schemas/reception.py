"""Orders and items as pages and machines write them."""

from typing import ClassVar

from marshmallow import Schema, fields

from lims.reception.commands import (
    Block,
    FillInIntake,
    GiveUp,
    ListItems,
    RequestedItem,
    RequestOrder,
)
from lims.vocabulary import (
    CertificateMode,
    CustomerKind,
    Discipline,
    Funding,
    ItemState,
    Occasion,
    Place,
)
from schemas.customers import ParticularsBody, ParticularsSchema
from schemas.fields import choice, day, id_, many, text, whole
from schemas.forms import Body, Inner, ReasonBody, Rows
from schemas.paging import SearchArgs, page_of

MOST = 1_000
LONGEST_LIST = 200_000


class BlockForm(ParticularsBody):
    """One kind of items on the page of intake."""

    command = Block

    service_id = id_(load_default=None)
    service_id_text = text(300)
    serials = text(LONGEST_LIST, lines=True)
    quantity = whole(1, MOST, load_default=None)
    description = text(300, data_key="what")
    condition = text(300)
    occasion = choice(Occasion, load_default=Occasion.PERIODIC)
    user_name = text()
    place_of_use = text()


class OrderForm(Body):
    """An order with some kinds of items, as the page of intake sends it."""

    command = FillInIntake

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
    blocks = Rows(BlockForm, begun=("service_id", "service_id_text", "serials", "quantity", "what"))


class GiveUpBody(ReasonBody):
    """Why an order is given up."""

    command = GiveUp


class NewItemBody(ParticularsBody):
    """One thing that is brought in."""

    command = RequestedItem

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
    description = text(
        300,
        data_key="sample",
        metadata={"description": "what it is; by default the name of the type"},
    )
    condition = text(300)
    occasion = choice(Occasion, load_default=Occasion.PERIODIC)


class OrderBody(Body):
    """A request for one to a thousand items."""

    command = RequestOrder

    requester_id = id_(required=True)
    payer_id = id_(load_default=None)
    contract_id = id_(load_default=None)
    funding = choice(Funding, load_default=None)
    place = choice(Place, required=True)
    promised_on = day(load_default=None)
    certificate = choice(CertificateMode, required=True, attribute="certificate_mode")
    note = text(1_000, lines=True)
    items = many(Inner(NewItemBody), most=MOST, required=True)


class ItemsArgs(SearchArgs):
    """Which items."""

    command: ClassVar[type | None] = ListItems

    state = choice(ItemState, load_default=None)
    discipline = choice(Discipline, load_default=None)


class ItemSchema(Schema):
    """An item as we show it in a list."""

    id = fields.UUID()
    order_id = fields.UUID()
    code = fields.String()
    discipline = fields.Enum(Discipline, by_value=True)
    description = fields.String(data_key="what")
    serial = fields.String()
    user_name = fields.String()
    state = fields.Enum(ItemState, by_value=True)
    received_on = fields.Date()


class ItemDetailsSchema(ItemSchema, ParticularsSchema):
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


class OrderDetailsSchema(OrderSchema):
    """An order with its items."""

    items = fields.List(fields.Nested(OrderItemSchema))


OrdersPage = page_of(OrderSchema, "OrdersPage")


ItemsPage = page_of(ItemSchema, "ItemsPage")
