"""What invoices, receipts and hand-over papers are printed from, and their dated values."""

from typing import Literal, NotRequired, TypedDict

from lims.documents.parts import Common, Party, Signatory
from lims.documents.types import register
from lims.settings import definitions
from lims.settings.definitions import Definition


class Seller(TypedDict):
    """The centre as it is registered with the tax authority."""

    name: str
    tax_code: str
    address: str
    phone: NotRequired[str]
    account: NotRequired[str]


class Buyer(TypedDict):
    """Who buys: one of the three numbers, or `consumer` for "Bán cho người tiêu dùng"."""

    name: NotRequired[str]
    person: NotRequired[str]
    address: NotRequired[str]
    tax_code: NotRequired[str]
    budget_code: NotRequired[str]
    personal_number: NotRequired[str]
    consumer: NotRequired[bool]


class InvoiceLine(TypedDict):
    """One service sold; its unit is not obligatory (NĐ 254/2026/NĐ-CP, Điều 10)."""

    name: str
    unit: NotRequired[str]
    quantity: str
    price: str
    rate: NotRequired[str]
    amount: str


class VatLine(TypedDict):
    """What was sold at one VAT rate."""

    rate: str
    net: str
    tax: str
    sum: str


class Invoice(Common):
    """Bản thể hiện hóa đơn: `kind` vat is form 1, sales is form 2; `issued_at` is dd/mm/yyyy hh:mm.

    A vat invoice also needs `net`, `tax` and `vat`.
    """

    kind: Literal["vat", "sales"]
    form: str
    series: str
    issued_at: str
    signed_at: NotRequired[str]
    authority_code: NotRequired[str]
    check_url: NotRequired[str]
    corrects: NotRequired[str]
    seller: Seller
    buyer: Buyer
    payment: str
    lines: list[InvoiceLine]
    vat: NotRequired[list[VatLine]]
    net: NotRequired[str]
    tax: NotRequired[str]
    total: str
    total_words: str


class Receipt(Common):
    """Phiếu thu."""

    received_on: str
    payer: Party
    reason: str
    amount: str
    amount_words: str
    method: str
    attached: NotRequired[str]
    prepared_by: str
    cashier: NotRequired[str]
    accountant: NotRequired[str]
    signatory: Signatory


ReturnedResult = Literal["pass", "fail", "measured", "not_performed", "cancelled", "withdrawn"]


class ReturnedItem(TypedDict):
    """One item that went back; `reason` says why it failed or was not performed."""

    code: str
    name: str
    serial: str
    result: ReturnedResult
    reason: NotRequired[str]
    certificate: NotRequired[str]


class HandOverPaper(Common):
    """Biên bản bàn giao; `remaining` of the order stayed at the centre that day."""

    order: str
    requester: Party
    received_on: str
    handed_over_on: str
    items: list[ReturnedItem]
    remaining: NotRequired[str]
    handed_over_by: str
    receiver: str


register("invoice", Invoice, codes=("check_url",))
register("receipt", Receipt)
register("hand-over", HandOverPaper)

INVOICE_FORM, INVOICE_SERIES = "invoice.form", "invoice.series"

definitions.register(
    *(
        Definition(name=name, label=label, group="Invoices", source="TT 91/2026/TT-BTC, phụ lục I")
        for name, label in (
            (INVOICE_FORM, "Form number of invoices"),
            (INVOICE_SERIES, "Series of invoices"),
        )
    )
)
