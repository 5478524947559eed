"""What the slip and the labels of an order say (phiếu tiếp nhận)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.catalogue.models import Service
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.documents.glyphs import as_printed, unprintable
from lims.documents.parts import Party
from lims.identity.models import User
from lims.kernel.db import fetch
from lims.kernel.words import day, say
from lims.reception import document_types
from lims.reception.models import Item, Order
from lims.settings import centre
from lims.vocabulary import Place

PRINTED = "vi"
"""The office writes Vietnamese; the template adds the English."""

WHERE = {
    Place.LABORATORY: "In the centre's laboratory",
    Place.SITE: "On the customer's site",
}


def content(session: Session, order_id: UUID) -> document_types.Slip:
    """Gather what is printed; the printing itself needs no session."""
    order = fetch(session, Order, order_id)
    requester = fetch(session, Customer, order.requester_id)
    slip = document_types.Slip(
        centre=centre.block(session),
        number=order.number,
        order_url=centre.page_url(f"/reception/orders/{order.id}"),
        requester=_party(requester),
        received_on=_day(order.received_on),
        promised_on=_day(order.promised_on),
        place=say(WHERE[order.place], PRINTED),
        items=_items(session, order.id),
        note=_printable(order.note),
        handed_over_by="",
        received_by=_full_name(session, order.received_by),
    )
    if order.payer_id != order.requester_id:
        slip["payer"] = _party(fetch(session, Customer, order.payer_id))
    if order.contract_id is not None:
        slip["contract"] = _printable(fetch(session, Contract, order.contract_id).label)
    return slip


def _items(session: Session, order_id: UUID) -> list[document_types.SlipItem]:
    query = (
        select(Item.code, Item.what, Item.serial, Item.user_name, Service.name_vi, Item.condition)
        .join(Service, Item.service_id == Service.id)
        .where(Item.order_id == order_id)
        .order_by(Item.line)
    )
    return [
        document_types.SlipItem(
            code=code,
            name=_printable(what),
            serial=_printable(serial),
            user=_printable(user),
            service=_printable(service),
            condition=_printable(condition),
        )
        for code, what, serial, user, service, condition in session.execute(query)
    ]


def _party(customer: Customer) -> Party:
    return Party(
        name=_printable(customer.name),
        address=_printable(customer.address),
        phone=_printable(customer.phone),
        tax_code=customer.tax_code or "",
    )


def _day(on: date) -> str:
    return day(on, PRINTED)


def _full_name(session: Session, login: str) -> str:
    found = session.scalar(select(User.full_name).where(User.login == login))
    return _printable(found or login)


def _printable(text: str) -> str:
    """Put a mark where our fonts have no letter: a slip is printed whatever was typed."""
    written = as_printed(text)
    if written.isascii():
        return written
    return written.translate({ord(strange): "?" for strange in unprintable(written)})
