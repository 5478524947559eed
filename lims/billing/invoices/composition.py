"""What the invoice and the receipt say: everything in the words of the office, ready to print."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.billing import document_types
from lims.billing.invoices.lines import Line
from lims.billing.models import Invoice, Payment
from lims.customers.models import Customer
from lims.documents.parts import Party, Signatory
from lims.identity.models import User
from lims.kernel import clock
from lims.kernel.words import day, dong_in_words, number
from lims.reception.document_types import printable
from lims.settings import centre, parameters
from lims.vocabulary import PaymentMeans, Role

SALES_FORMS = ("2", "02")
"""Hóa đơn bán hàng, without a VAT line (TT 91/2026/TT-BTC; before 2022, 02GTTT)."""

MEANS = {PaymentMeans.CASH: "Tiền mặt", PaymentMeans.BANK: "Chuyển khoản"}
EITHER = "Tiền mặt/Chuyển khoản"
HEAD = "Giám đốc"

Vat = dict[Decimal, tuple[int, int]]
"""Net and tax by rate."""


def invoice(
    session: Session, of: Invoice, buyer: Customer, rows: Sequence[Line], means: set[PaymentMeans]
) -> document_types.Invoice:
    """Say what an invoice says (NĐ 254/2026/NĐ-CP, Art 10)."""
    taxed = not of.form.startswith(SALES_FORMS)
    content = document_types.Invoice(
        centre=centre.block(session),
        number=f"{of.number:08}",
        kind="vat" if taxed else "sales",
        form=of.form,
        series=of.series or "",
        issued_at=_moment(of.issued_at or clock.now()),
        seller=_seller(session, of.issued_on),
        buyer=_buyer(buyer),
        payment=MEANS[next(iter(means))] if len(means) == 1 else EITHER,
        lines=[_line(row, taxed=taxed) for row in rows],
        total=_dong(of.total),
        total_words=dong_in_words(of.total),
    )
    if taxed:
        content |= {
            "vat": [_vat_line(rate, *sums) for rate, sums in sorted(_by_rate(rows).items())],
            "net": _dong(of.net),
            "tax": _dong(of.vat),
        }
    return content


def receipt(
    session: Session, of: Payment, payer: Customer, *, reason: str, attached: str = ""
) -> document_types.Receipt:
    """Say what a receipt says (phiếu thu)."""
    content = document_types.Receipt(
        centre=centre.block(session),
        number=of.number,
        received_on=day(of.received_on, "vi"),
        payer=Party(name=payer.name, address=payer.address),
        reason=reason,
        amount=_dong(of.amount),
        amount_words=dong_in_words(of.amount),
        method=MEANS[of.means] + (f" ({of.reference})" if of.reference else ""),
        prepared_by=_full_name(session, of.received_by),
        signatory=_head(session),
    )
    if attached:
        content["attached"] = attached
    return content


def _seller(session: Session, on: date | None) -> document_types.Seller:
    block = centre.block(session)
    tax_code = parameters.value(session, "centre.tax_code", on or clock.today())
    return document_types.Seller(
        name=block["name"],
        tax_code=tax_code.value,
        address=block["address"],
        phone=block["phone"],
    )


def _buyer(buyer: Customer) -> document_types.Buyer:
    """Name the buyer by one of the three numbers; who gives none is a consumer."""
    for name in ("tax_code", "budget_code", "personal_number"):
        if code := getattr(buyer, name):
            party = document_types.Buyer(name=buyer.name, address=buyer.address)
            party[name] = code
            return party
    return document_types.Buyer(consumer=True)


def _line(row: Line, *, taxed: bool) -> document_types.InvoiceLine:
    line = document_types.InvoiceLine(
        name=_name(row),
        unit=row.unit,
        quantity=_dong(row.quantity),
        price=_dong(row.unit_price if taxed else row.gross_price),
        amount=_dong(row.net if taxed else row.total),
    )
    if taxed:
        line["rate"] = _percent(row.vat_rate)
    return line


def _name(row: Line) -> str:
    """Name the service and what it was done on: the order, the serial numbers."""
    if not row.order:
        return row.description
    named = ", ".join([*row.named, "…"] if row.more else row.named)
    return f"{row.description} (đơn {row.order}{f': {printable(named)}' if named else ''})"


def _by_rate(rows: Sequence[Line]) -> Vat:
    sums: Vat = {}
    for row in rows:
        net, tax = sums.get(row.vat_rate, (0, 0))
        sums[row.vat_rate] = (net + row.net, tax + row.vat)
    return sums


def _vat_line(rate: Decimal, net: int, tax: int) -> document_types.VatLine:
    return document_types.VatLine(
        rate=_percent(rate), net=_dong(net), tax=_dong(tax), sum=_dong(net + tax)
    )


def _percent(rate: Decimal) -> str:
    return f"{number((rate * 100).normalize(), 'vi')} %"


def _dong(amount: int) -> str:
    return number(amount, "vi")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.LAB):%d/%m/%Y %H:%M}"


def _full_name(session: Session, login: str) -> str:
    return session.scalar(select(User.full_name).where(User.login == login)) or login


def _head(session: Session) -> Signatory:
    """Name the head of the centre: the first director, or else who may sign."""
    people = session.scalars(select(User).where(User.active).order_by(User.id)).all()
    for role in (Role.DIRECTOR, Role.SIGNATORY):
        for person in people:
            if role.value in person.role_list:
                return Signatory(title=person.title or HEAD, name=person.full_name)
    return Signatory(title=HEAD, name="")
