"""The page of intake: header once, a list of serial numbers, one button."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.customers import service as customers
from lims.kernel import clock
from lims.kernel.errors import LabError
from lims.reception import intake, queries
from lims.reception.promise import promised
from lims.settings import areas
from lims.vocabulary import CertificateMode, CustomerKind, Funding, Occasion, Place, Role
from lims.web.access import actor, allow
from lims.web.commands import command, query
from lims.web.locale import locale
from lims.web.pages import word
from lims.web.requests import asked, see
from schemas.reception import BLOCKS, OrderForm

pages = Blueprint("reception", __name__)
"""The pages of reception; the others stand in `routes`."""

USUAL = "usual"
"""The cookie in which a browser remembers what it took in last."""

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
        known = place in set(Place) and mode in set(CertificateMode)
        return cls(_id(service_id), place, mode) if known else cls()

    def written(self) -> str:
        """Write the cookie."""
        return f"{self.service_id}.{self.place}.{self.mode}"


@pages.get("/reception/orders/new")
@allow(Role.RECEPTION)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask what was brought; the customer and the list are all that has to be typed."""
    said = g.get("typed") or request.args
    if "requester_id_text" in request.args:  # "show the contracts", without JavaScript
        g.typed = request.args
    usual = Usual.read(request.cookies.get(USUAL, ""))
    proposal = _proposal(session, said, usual.service_id)
    return render_template(
        "reception/new.html",
        proposal=proposal,
        service_text=_text(proposal.service) if proposal.service else "",
        promised=promised(clock.today()),
        usual=usual,
        areas=[(one.code, one.name) for one in areas.listed(session) if _stands(one)],
        blocks=BLOCKS,
        kinds=options(CustomerKind),
        fundings=options(Funding),
        modes=options(CertificateMode),
        occasions=options(Occasion),
        places=options(Place),
    )


@pages.post("/reception/orders/new")
@allow(Role.RECEPTION)
@command(OrderForm)
def receive(session: Session, form: dict[str, Any]) -> ResponseReturnValue:
    """Take it all in, and open the order with its slip and labels going to the printer."""
    order = intake.take_in(session, form, by=actor().name)
    answer = make_response(see("reception.order", say=TAKEN_IN, order_id=order.id, print="now"))
    usual = Usual(
        queries.first_service(session, order.id), order.place, order.certificate_mode
    ).written()
    answer.set_cookie(USUAL, usual, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@pages.get("/reception/agreement")
@allow(Role.RECEPTION)
@query
def agreement(session: Session) -> ResponseReturnValue:
    """Fill in what follows from who asks and who pays."""
    typed_before = _id(request.args.get("blocks.0.service_id"))
    proposal = _proposal(session, request.args, typed_before)
    return render_template(
        "reception/_agreement.html",
        proposal=proposal,
        service_text=_text(proposal.service) if proposal.service and not typed_before else "",
    )


@pages.get("/reception/suggest/customers")
@allow(Role.RECEPTION)
@query
def suggest_customers(session: Session) -> ResponseReturnValue:
    """Name the customers that what is typed may mean."""
    choices = [
        (one.id, one.name, " · ".join(part for part in (one.tax_code, one.address) if part))
        for one in customers.find(session, asked("q"), SUGGESTED)
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/reception/suggest/services")
@allow(Role.RECEPTION)
@query
def suggest_services(session: Session) -> ResponseReturnValue:
    """Name the services that what is typed may mean."""
    found = catalogue.services(session, q=asked("q"))[:SUGGESTED]
    choices = [(one.id, _text(one), f"{one.code} · {word(one.discipline)}") for one in found]
    return render_template("_suggestions.html", choices=choices)


def options(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """List the words of a closed list, to choose from."""
    return [(one.value, word(one)[:1].upper() + word(one)[1:]) for one in kind]


def _text(service: Service) -> str:
    return service.name_vi if locale() == "vi" else service.name_en or service.name_vi


def _stands(area: areas.Area) -> bool:
    today = clock.today()
    return (area.valid_from is None or area.valid_from <= today) and (
        area.valid_to is None or area.valid_to >= today
    )


def _proposal(
    session: Session, said: MultiDict[str, str], service_id: UUID | None
) -> intake.Proposal:
    return intake.propose(
        session,
        _customer(session, said, "requester_id"),
        _customer(session, said, "payer_id"),
        service_id,
    )


def _customer(session: Session, said: MultiDict[str, str], name: str) -> UUID | None:
    """Return who was picked, or who is called what was typed."""
    picked, text = _id(said.get(name)), said.get(f"{name}_text", "")
    if picked is not None or not text:
        return picked
    try:
        return customers.resolve(session, None, text, field=name).id
    except LabError:
        return None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
