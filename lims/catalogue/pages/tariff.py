"""The pages of the tariff: services, dated prices, and what hangs on the wall."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.catalogue import queries, service
from lims.catalogue.access import PRICERS
from lims.catalogue.commands import AddService, CorrectService, SetPrice
from lims.catalogue.models import Service
from lims.catalogue.queries import Offered
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.settings import centre
from lims.vocabulary import Discipline, Field
from lims.web import revisions
from lims.web.access import actor, allow, public, signed_in
from lims.web.choices import chosen, options
from lims.web.commands import command, query
from lims.web.locale import locale
from lims.web.requests import PAGE, after, asked, see
from schemas.tariff import NewServiceForm, PriceForm, ServiceForm

pages = Blueprint("tariff", __name__)


@pages.get("/prices")
@public
@query
def posted(session: Session) -> ResponseReturnValue:
    """Post the tariff, as the law asks (NĐ 105/2016/NĐ-CP, Art 11(1)c)."""
    rows = queries.posted(session, clock.today())
    groups = [(word, list(offers)) for word, offers in groupby(rows, _discipline)]
    return render_template("catalogue/prices.html", groups=groups, centre=centre.block(session))


def _discipline(offer: Offered) -> Discipline:
    return offer.service.discipline


@pages.get("/catalogue/services")
@signed_in
@query
def services(session: Session) -> ResponseReturnValue:
    """List the tariff with the prices in force."""
    q, discipline = asked("q"), chosen(Discipline, asked("discipline"))
    rows = queries.tariff(
        session, clock.today(), q=q, discipline=discipline, after=after(), limit=PAGE
    )
    return render_template(
        "catalogue/services.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        disciplines=options(Discipline),
        may=actor().has(*PRICERS),
    )


@pages.get("/catalogue/services/lookup")
@signed_in
@query
def lookup(session: Session) -> ResponseReturnValue:
    """Suggest services while somebody types."""
    services = service.services(
        session, discipline=chosen(Discipline, asked("discipline")), q=asked("q")
    )[:10]
    return render_template("_suggestions.html", choices=_choices(services))


def _choices(services: Sequence[Service]) -> list[tuple[UUID, str, str]]:
    vietnamese = locale() == "vi"
    return [
        (service.id, service.name_vi if vietnamese else service.name_en, service.code)
        for service in services
    ]


@pages.get("/catalogue/services/new")
@allow(*PRICERS)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask about a new line of the tariff."""
    return _form(session, None)


@pages.post("/catalogue/services/new")
@allow(*PRICERS)
@command(NewServiceForm)
def add(session: Session, command: AddService) -> ResponseReturnValue:
    """Add a line to the tariff."""
    entry = service.add_service(session, command, by=actor().name)
    return see("tariff.show", say="Saved. Decide its price now.", service_id=entry.id)


@pages.get("/catalogue/services/<uuid:service_id>")
@signed_in
@query
def show(session: Session, service_id: UUID) -> ResponseReturnValue:
    """Show a service, its prices and what is tested for it."""
    prices = queries.prices(session, service_id)
    return render_template(
        "catalogue/service.html",
        service=fetch(session, Service, service_id),
        prices=prices,
        current=next((price for price in prices if price.valid_from <= clock.today()), None),
        tested=service.tested(session, service_id),
        may=actor().has(*PRICERS),
    )


@pages.post("/catalogue/services/<uuid:service_id>")
@allow(*PRICERS)
@command(PriceForm)
def set_price(session: Session, command: SetPrice, service_id: UUID) -> ResponseReturnValue:
    """Decide a price from a day on."""
    service.set_price(session, service_id, command, by=actor().name)
    return see("tariff.show", say="The price was entered.", service_id=service_id)


@pages.get("/catalogue/services/<uuid:service_id>/edit")
@allow(*PRICERS)
@query
def edit(session: Session, service_id: UUID) -> ResponseReturnValue:
    """Ask what should be said of a service."""
    return _form(session, fetch(session, Service, service_id))


@pages.post("/catalogue/services/<uuid:service_id>/edit")
@allow(*PRICERS)
@command(ServiceForm, edits=revisions.of(Service))
def change(session: Session, command: CorrectService, service_id: UUID) -> ResponseReturnValue:
    """Change what is said of a service."""
    service.change_service(session, service_id, command, by=actor().name)
    return see("tariff.show", say="Saved.", service_id=service_id)


def _form(session: Session, line: Service | None) -> ResponseReturnValue:
    return render_template(
        "catalogue/service_form.html",
        service=line,
        types=queries.every_type(session, locale()),
        methods=queries.every_method(session, clock.today()),
        disciplines=options(Discipline),
        fields=options(Field),
    )
