"""Charges, invoices and payments as pages and machines write them."""

from marshmallow import Schema, fields

from lims.billing.commands import (
    DraftInvoice,
    FindCharges,
    FindInvoices,
    HandOverItems,
    TakePayment,
    WalkInPage,
)
from lims.vocabulary import ChargeState, InvoiceStanding, InvoiceState, ItemState, PaymentMeans
from schemas.fields import Sentence, choice, day, dong, id_, many, text
from schemas.forms import Body
from schemas.paging import PageArgs, page_of

MOST_PICKED = 1_000


class DraftForm(Body):
    """What goes on a draft: an order's charges, a contract's, or a buyer's without contract."""

    command = DraftInvoice

    buyer_id = id_(required=True)
    contract_id = id_(load_default=None)
    order_id = id_(load_default=None)


class PickForm(Body):
    """The ticked charges of one buyer; without a tick it is refused, not taken for all."""

    command = DraftInvoice

    buyer_id = id_(required=True)
    charge_ids = many(
        id_(),
        most=MOST_PICKED,
        required=True,
        error_messages={"required": Sentence("Tick what goes on the invoice.")},
    )


class PayForm(Body):
    """Money that came in; the address says for what."""

    command = TakePayment

    amount = dong(1, required=True)
    means = choice(PaymentMeans, required=True)
    received_on = day(required=True)
    reference = text(100)


class WalkInForm(Body):
    """One instrument over the counter, paid at once."""

    command = WalkInPage

    customer_id = id_(load_default=None)
    customer_name = text(200, required=True, data_key="customer_id_text")
    service_id = id_(load_default=None)
    service_text = text(300, data_key="service_id_text")
    serial = text(100, required=True)
    amount = dong(1, load_default=None)


class HandOverForm(Body):
    """Who takes the items back, and which are ticked."""

    command = HandOverItems

    to = text(200, required=True)
    item_ids = many(
        id_(), required=True, error_messages={"required": Sentence("Tick what goes back.")}
    )


class HandOverBody(HandOverForm):
    """Who takes the items back; without a list of them, everything of the order that is done."""

    item_ids = many(id_(), load_default=None)


class DraftBody(DraftForm):
    """What a machine puts on a draft; without contract, order and charges, what has no contract."""

    charge_ids = many(id_(), most=MOST_PICKED, load_default=None)


class PayBody(PayForm):
    """Money that came in, for an invoice or ahead of one for an order; never for both."""

    invoice_id = id_(load_default=None)
    order_id = id_(load_default=None)


class ChargesArgs(PageArgs):
    """Which charges, and which part of them."""

    command = FindCharges

    payer_id = id_(load_default=None)
    contract_id = id_(load_default=None)
    order_id = id_(load_default=None)
    invoice_id = id_(load_default=None)
    state = choice(ChargeState, load_default=None)


class InvoicesArgs(PageArgs):
    """Which invoices, and which part of them."""

    command = FindInvoices

    buyer_id = id_(load_default=None)
    state = choice(InvoiceState, load_default=None)
    standing = choice(InvoiceStanding, load_default=None)


class ChargeSchema(Schema):
    """A charge as we show it."""

    id = fields.UUID()
    source_id = fields.UUID(metadata={"description": "the result or the deliverable"})
    payer_id = fields.UUID()
    order_id = fields.UUID(allow_none=True)
    item_id = fields.UUID(allow_none=True)
    contract_id = fields.UUID(allow_none=True)
    invoice_id = fields.UUID(allow_none=True)
    description = fields.String(data_key="what")
    unit = fields.String()
    discipline = fields.String()
    field = fields.String()
    revenue_class = fields.String()
    quantity = fields.Integer()
    unit_price = fields.Integer()
    net = fields.Integer()
    vat_rate = fields.String()
    vat = fields.Integer()
    total = fields.Integer()
    earned_on = fields.Date()
    state = fields.String()


class InvoiceSchema(Schema):
    """An invoice as we show it; a draft has no number and no amounts yet."""

    id = fields.UUID()
    buyer_id = fields.UUID()
    contract_id = fields.UUID(allow_none=True)
    state = fields.String()
    standing = fields.Enum(
        InvoiceStanding,
        by_value=True,
        metadata={"description": "how far it is paid, which its state does not say"},
    )
    form = fields.String()
    series = fields.String(allow_none=True)
    number = fields.Integer(allow_none=True)
    label = fields.String()
    drafted_on = fields.Date()
    issued_on = fields.Date(allow_none=True)
    net = fields.Integer()
    vat = fields.Integer()
    total = fields.Integer()
    paid = fields.Integer()
    open = fields.Integer()


class PaymentSchema(Schema):
    """A payment as we show it."""

    id = fields.UUID()
    number = fields.String()
    payer_id = fields.UUID()
    invoice_id = fields.UUID(allow_none=True)
    order_id = fields.UUID(allow_none=True)
    contract_id = fields.UUID(allow_none=True)
    means = fields.String()
    amount = fields.Integer()
    allocated = fields.Integer()
    received_on = fields.Date()
    received_by = fields.String()
    reference = fields.String()


class ReturnedItemSchema(Schema):
    """An item that went back, with what the work on it came to."""

    id = fields.UUID(attribute="item.id")
    line = fields.Integer(attribute="item.line")
    code = fields.String(attribute="item.code")
    serial = fields.String(attribute="item.serial")
    state = fields.Enum(ItemState, by_value=True, attribute="item.state")
    result = fields.String(
        allow_none=True, metadata={"description": "pass, fail, measured, not_performed, withdrawn"}
    )
    reason = fields.String()
    certificate = fields.String(metadata={"description": "the number of its certificate"})


class HandOverSchema(Schema):
    """A return of items to their owner."""

    id = fields.UUID()
    number = fields.String()
    order_id = fields.UUID()
    receiver = fields.String(data_key="to")
    handed_over_on = fields.Date()
    handed_over_by = fields.String()
    item_count = fields.Integer()


class HandOverDetailsSchema(HandOverSchema):
    """A return of items with each of them."""

    items = fields.List(fields.Nested(ReturnedItemSchema))


class MoneySchema(Schema):
    """How far the money of a contract has come, whole đồng; revenue is without VAT."""

    contract_id = fields.UUID()
    contracted = fields.Integer()
    done = fields.Integer()
    invoiced = fields.Integer()
    paid = fields.Integer()
    revenue = fields.Integer()


ChargesPage = page_of(ChargeSchema, "ChargesPage")


InvoicesPage = page_of(InvoiceSchema, "InvoicesPage")


PaymentsPage = page_of(PaymentSchema, "PaymentsPage")
