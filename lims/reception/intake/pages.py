"""The page of intake: header once, a list of serial numbers, one button."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.catalogue import service as catalogue
from lims.catalogue.models import InstrumentType, Service
from lims.customers import service as customers
from lims.kernel import clock
from lims.kernel.errors import LabError
from lims.reception.commands import FillInIntake
from lims.reception.intake import blocks
from lims.reception.models import USUAL_DAYS
from lims.settings import areas, holidays
from lims.vocabulary import CertificateMode, CustomerKind, Funding, Occasion, Place, Role
from lims.web.access import actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.locale import local_name
from lims.web.pages import word
from lims.web.requests import as_id, asked, see
from schemas.reception import OrderForm

pages = Blueprint("reception", __name__)
"""The pages of reception; the others stand in `reception.pages`."""

USUAL = "usual"
"""The cookie in which a browser remembers what it took in last."""

BLOCKS = 5
"""Kinds of items that the page offers to take in at once."""

YEAR = 365 * 24 * 3600
SUGGESTED = 10
TAKEN_IN = "Taken in. The slip and the labels go to the printer."


@dataclass(frozen=True)
class Usual:
    """What this browser took in last, and how."""

    service_id: UUID | None = None
    place: str = Place.LABORATORY
    mode: str = CertificateMode.EACH

    @classmethod
    def read(cls, cookie: str) -> Self:
        """Read the cookie; whatever else stands in it is forgotten."""
        service_id, place, mode = [*cookie.split("."), "", "", ""][:3]
        legible = place in set(Place) and mode in set(CertificateMode)
        return cls(as_id(service_id), place, mode) if legible else cls()

    def written(self) -> str:
        """Write the cookie."""
        return f"{self.service_id}.{self.place}.{self.mode}"


@pages.get("/reception/orders/new")
@allow(Role.RECEPTION)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask what was brought; the customer and the list are all that has to be typed."""
    typed = g.get("typed") or request.args
    if "requester_id_text" in request.args:  # "show the contracts", without JavaScript
        g.typed = request.args
    usual = Usual.read(request.cookies.get(USUAL, ""))
    proposal = _proposal(session, typed, usual.service_id)
    return render_template(
        "reception/new.html",
        proposal=proposal,
        service_text=_name(proposal.service) if proposal.service else "",
        promised=holidays.working_day_after(session, clock.today(), USUAL_DAYS),
        usual=usual,
        areas=[(area.code, area.name) for area in areas.listed(session) if _stands(area)],
        blocks=BLOCKS,
        kinds_of_instrument=[_kind(session, typed, rank, proposal) for rank in range(BLOCKS)],
        kinds=options(CustomerKind),
        fundings=options(Funding),
        modes=options(CertificateMode),
        occasions=options(Occasion),
        places=options(Place),
    )


@pages.post("/reception/orders/new")
@allow(Role.RECEPTION)
@command(OrderForm)
def receive(session: Session, command: FillInIntake) -> ResponseReturnValue:
    """Take it all in, and open the order with its slip and labels going to the printer."""
    order, items = blocks.take_in(session, command, by=actor().name)
    answer = make_response(see("reception.order", say=TAKEN_IN, order_id=order.id, print="now"))
    usual = Usual(items[0]["service_id"], order.place, order.certificate_mode)
    answer.set_cookie(USUAL, usual.written(), max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@pages.get("/reception/agreement")
@allow(Role.RECEPTION)
@query
def agreement(session: Session) -> ResponseReturnValue:
    """Fill in what follows from who asks and who pays."""
    typed_before = as_id(request.args.get("blocks.0.service_id"))
    proposal = _proposal(session, request.args, typed_before)
    return render_template(
        "reception/_agreement.html",
        proposal=proposal,
        service_text=_name(None if typed_before else proposal.service),
        kind=blocks.kind_of(session, proposal.service),
    )


@pages.get("/reception/characteristics")
@allow(Role.RECEPTION)
@query
def characteristics(session: Session) -> ResponseReturnValue:
    """Ask for what instruments of the service that was picked can do."""
    name, picked = next(iter(request.args.items()), ("", ""))
    service_id = as_id(picked)
    service = session.get(Service, service_id) if service_id else None
    return render_template(
        "customers/_characteristics.html",
        kind=blocks.kind_of(session, service),
        prefix=name.removesuffix("service_id"),
    )


@pages.get("/reception/suggest/customers")
@allow(Role.RECEPTION)
@query
def suggest_customers(session: Session) -> ResponseReturnValue:
    """Name the customers that what is typed may mean."""
    choices = [
        (
            customer.id,
            customer.name,
            " · ".join(part for part in (customer.tax_code, customer.address) if part),
        )
        for customer in customers.find(session, asked("q"), SUGGESTED)
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/reception/suggest/services")
@allow(Role.RECEPTION)
@query
def suggest_services(session: Session) -> ResponseReturnValue:
    """Name the services that what is typed may mean."""
    choices = [
        (
            service.id,
            _name(service),
            f"{service.code} · {word(service.discipline)}",
        )
        for service in catalogue.services(session, q=asked("q"))[:SUGGESTED]
    ]
    return render_template("_suggestions.html", choices=choices)


def _name(service: Service | None) -> str:
    return local_name(service.name_vi, service.name_en) if service else ""


def _kind(
    session: Session, typed: MultiDict[str, str], rank: int, proposal: blocks.Proposal
) -> InstrumentType | None:
    """Return the type of instrument that a block asks for, by its service."""
    service_id = as_id(typed.get(f"blocks.{rank}.service_id"))
    usual = proposal.service if rank == 0 else None
    return blocks.kind_of(session, session.get(Service, service_id) if service_id else usual)


def _stands(area: areas.Area) -> bool:
    today = clock.today()
    return (area.valid_from is None or area.valid_from <= today) and (
        area.valid_to is None or area.valid_to >= today
    )


def _proposal(
    session: Session, typed: MultiDict[str, str], service_id: UUID | None
) -> blocks.Proposal:
    return blocks.propose(
        session,
        _customer(session, typed, "requester_id"),
        _customer(session, typed, "payer_id"),
        service_id,
    )


def _customer(session: Session, typed: MultiDict[str, str], name: str) -> UUID | None:
    """Return who was picked, or who is called what was typed."""
    picked, text = as_id(typed.get(name)), typed.get(f"{name}_text", "")
    if picked is not None or not text:
        return picked
    try:
        return customers.resolve(session, None, text, field=name).id
    except LabError:
        return None
