"""The slip and the labels of an order (phiếu tiếp nhận): what they are printed from."""

from datetime import date
from typing import NotRequired, TypedDict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.catalogue.models import Service
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.documents.glyphs import as_printed, unprintable
from lims.documents.parts import Common, Party
from lims.documents.types import register
from lims.identity.models import User
from lims.kernel.db import fetch
from lims.kernel.words import day, say
from lims.reception.models import Item, Order
from lims.settings import centre
from lims.vocabulary import Place


class SlipItem(TypedDict):
    """One sample or instrument on the slip and on its label; `label` is a shorter name."""

    code: str
    name: str
    label: NotRequired[str]
    serial: str
    user: str
    service: str
    condition: NotRequired[str]


class Slip(Common):
    """Phiếu tiếp nhận, with a sheet of labels; `number` is the order's."""

    order_url: str
    requester: Party
    payer: NotRequired[Party]
    contract: NotRequired[str]
    received_on: str
    promised_on: NotRequired[str]
    place: str
    items: list[SlipItem]
    note: NotRequired[str]
    handed_over_by: str
    received_by: str


register("slip", Slip, codes=("order_url", "items.code"))

PRINTED = "vi"
"""The office writes Vietnamese; the template adds the English."""

WHERE = {
    Place.LABORATORY: "In the centre's laboratory",
    Place.SITE: "On the customer's site",
}


def compose_slip(session: Session, order_id: UUID) -> Slip:
    """Gather what is printed; the printing itself needs no session."""
    order = fetch(session, Order, order_id)
    requester = fetch(session, Customer, order.requester_id)
    slip = Slip(
        centre=centre.block(session),
        number=order.number,
        order_url=centre.page_url(f"/reception/orders/{order.id}"),
        requester=party(requester),
        received_on=_day(order.received_on),
        promised_on=_day(order.promised_on),
        place=say(WHERE[order.place], PRINTED),
        items=_items(session, order.id),
        note=printable(order.note),
        handed_over_by="",
        received_by=full_name(session, order.received_by),
    )
    if order.payer_id != order.requester_id:
        slip["payer"] = party(fetch(session, Customer, order.payer_id))
    if order.contract_id is not None:
        slip["contract"] = printable(fetch(session, Contract, order.contract_id).label)
    return slip


def _items(session: Session, order_id: UUID) -> list[SlipItem]:
    query = (
        select(
            Item.code,
            Item.description,
            Item.serial,
            Item.user_name,
            Service.name_vi,
            Item.condition,
        )
        .join(Service, Item.service_id == Service.id)
        .where(Item.order_id == order_id)
        .order_by(Item.line)
    )
    return [
        SlipItem(
            code=code,
            name=printable(description),
            serial=printable(serial),
            user=printable(user),
            service=printable(service),
            condition=printable(condition),
        )
        for code, description, serial, user, service, condition in session.execute(query)
    ]


def party(customer: Customer) -> Party:
    """Write down a customer as a paper names them."""
    return Party(
        name=printable(customer.name),
        address=printable(customer.address),
        phone=printable(customer.phone),
        tax_code=customer.tax_code or "",
    )


def _day(on: date) -> str:
    return day(on, PRINTED)


def full_name(session: Session, login: str) -> str:
    """Return how a person of the centre is called on paper."""
    full_name = session.scalar(select(User.full_name).where(User.login == login))
    return printable(full_name or login)


def printable(text: str) -> str:
    """Put a mark where our fonts have no letter: a slip is printed whatever was typed."""
    written = as_printed(text)
    if written.isascii():
        return written
    return written.translate({ord(character): "?" for character in unprintable(written)})
