"""The page of the walk-in customer: one instrument and its cash."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import service
from lims.billing.commands import ServeWalkIn, WalkInPage
from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.disciplines import AT_BENCH, KINDS
from lims.kernel import clock
from lims.kernel.errors import LabError, RuleBroken
from lims.vocabulary import Role
from lims.web.access import actor, allow
from lims.web.commands import command, query
from lims.web.locale import locale
from lims.web.requests import asked, see
from schemas.billing import WalkInForm

pages = Blueprint("counter", __name__)

OVER_THE_COUNTER = tuple(word for word in AT_BENCH if not KINDS[word].is_sample)
"""Instruments; a sample is left with its description."""

SUGGESTED = 10


@pages.get("/reception/walk-in")
@allow(Role.RECEPTION)
def walk_in() -> ResponseReturnValue:
    """Ask who is there, with what, for how much: one page, one button."""
    return render_template("billing/walk_in.html")


@pages.post("/reception/walk-in")
@allow(Role.RECEPTION)
@command(WalkInForm)
def receive_and_pay(session: Session, page: WalkInPage) -> ResponseReturnValue:
    """Take the instrument and its price in, and open the order with its slip printing."""
    command = ServeWalkIn(
        customer_id=page.customer_id,
        customer_name=page.customer_name,
        service_id=_service(session, page.service_id, page.service_text),
        serial=page.serial,
        amount=page.amount,
    )
    visit = service.walk_in(session, command, by=actor().name)
    return see(
        "reception.order",
        say="Taken in and paid. Beside the slip, give the customer the receipt below.",
        order_id=visit.order.id,
        print="now",
    )


@pages.get("/reception/walk-in/services")
@allow(Role.RECEPTION)
@query
def services(session: Session) -> ResponseReturnValue:
    """Name the services that what is typed may mean."""
    choices = [
        (offer.id, _name(offer), offer.code) for offer in _offered(session, asked("q"))[:SUGGESTED]
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/reception/walk-in/price")
@allow(Role.RECEPTION)
@query
def price(session: Session) -> ResponseReturnValue:
    """Fill in the price of the service that was chosen, VAT included."""
    try:
        quote = service.quote(session, UUID(asked("service_id")), None, clock.today())
    except (ValueError, LabError):
        return render_template("billing/_amount.html", amount=None)
    return render_template("billing/_amount.html", amount=quote.gross)


def _service(session: Session, service_id: UUID | None, text: str) -> UUID:
    """Return what was picked, or the only service that what was typed means."""
    if service_id is not None:
        return service_id
    matches = _offered(session, text) if text else []
    if len(matches) != 1:
        raise RuleBroken("Choose a service from the list.", field="service_id_text")
    return matches[0].id


def _offered(session: Session, text: str) -> list[Service]:
    """List the services over the counter that what is typed may mean."""
    services = catalogue.services(session, q=text)
    return [service for service in services if service.discipline in OVER_THE_COUNTER]


def _name(service: Service) -> str:
    return service.name_vi if locale() == "vi" else service.name_en or service.name_vi
