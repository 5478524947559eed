"""The pages of the registry of instruments."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType
from lims.customers import queries, service
from lims.customers.access import REGISTERING
from lims.customers.models import Customer, Instrument
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.settings import areas
from lims.web import page_extensions
from lims.web.access import actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.locale import locale
from lims.web.page_extensions import Section
from lims.web.requests import PAGE, after, asked, see
from schemas.customers import InstrumentForm

pages = Blueprint("instruments", __name__)

SHOWN = 8


def named(kind: InstrumentType) -> str:
    """Return the name of a type in the asker's language."""
    return kind.name_vi if locale() == "vi" else kind.name_en or kind.name_vi


def of_customer(session: Session, customer: object) -> Section | None:
    """Show a customer's instruments on the customer's page."""
    if not isinstance(customer, Customer):
        return None
    found = queries.instruments(session, holder_id=customer.id, limit=SHOWN)
    rows = queries.known(session, found[:SHOWN])
    context = {
        "rows": rows,
        "customer": customer,
        "more": len(found) > SHOWN,
        "may": actor().has(*REGISTERING),
        "named": named,
    }
    return Section("customers/_instruments.html", context)


@pages.get("/instruments")
@signed_in
@query
def instruments(session: Session) -> ResponseReturnValue:
    """Show the registry, or what a search finds in it."""
    holder = _holder(session)
    found = queries.instruments(
        session, q=asked("q"), holder_id=holder.id if holder else None, after=after()
    )
    return render_template(
        "customers/instruments.html",
        rows=queries.known(session, found[:PAGE]),
        next=found[PAGE - 1].id if len(found) > PAGE else None,
        q=asked("q"),
        holder=holder,
        may=actor().has(*REGISTERING),
        named=named,
    )


@pages.get("/instruments/new")
@allow(*REGISTERING)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask about an instrument that has not come in yet."""
    return render_template(
        "customers/instrument_edit.html",
        known=None,
        holder=_holder(session),
        areas=areas.listed(session),
        named=named,
    )


@pages.post("/instruments/new")
@allow(*REGISTERING)
@command(InstrumentForm)
def add(session: Session, form: dict[str, Any]) -> ResponseReturnValue:
    """Enter an instrument."""
    said = _resolved(session, form)
    del said["scrapped"]
    kind = queries.type_of(session, form["type_id"], form["type_id_text"])
    if kind is None:
        raise RuleBroken(
            "No type is called “%(text)s”: choose one from the list.",
            field="type_id",
            text=form["type_id_text"],
        )
    made = service.add_instrument(session, type_id=kind.id, by=actor().name, **said)
    return see("instruments.show", say="The instrument is registered.", instrument_id=made.id)


@pages.get("/instruments/<uuid:instrument_id>")
@signed_in
@query
def show(session: Session, instrument_id: UUID) -> ResponseReturnValue:
    """Show an instrument, and what later features know of it."""
    (known,) = queries.known(session, [fetch(session, Instrument, instrument_id)])
    return render_template(
        "customers/instrument.html",
        known=known,
        named=named,
        area=areas.names(session).get(known.instrument.area, known.instrument.area),
        may=actor().has(*REGISTERING),
        parts=page_extensions.sections("instrument", session, known.instrument),
        history=history_lines(session, instrument_id),
    )


@pages.get("/instruments/<uuid:instrument_id>/edit")
@allow(*REGISTERING)
@query
def edit(session: Session, instrument_id: UUID) -> ResponseReturnValue:
    """Ask what is to be corrected."""
    (known,) = queries.known(session, [fetch(session, Instrument, instrument_id)])
    return render_template(
        "customers/instrument_edit.html",
        known=known,
        holder=known.holder,
        areas=areas.listed(session),
        named=named,
    )


@pages.post("/instruments/<uuid:instrument_id>/edit")
@allow(*REGISTERING)
@command(InstrumentForm)
def change(session: Session, form: dict[str, Any], instrument_id: UUID) -> ResponseReturnValue:
    """Correct what the registry says; certificates stay as they were."""
    said = _resolved(session, form)
    service.change_instrument(session, instrument_id, by=actor().name, **said)
    return see("instruments.show", say="Saved.", instrument_id=instrument_id)


def _resolved(session: Session, form: dict[str, Any]) -> dict[str, Any]:
    """Return what was said of an instrument, its holder found."""
    holder = service.resolve(session, form["holder_id"], form["holder_id_text"], field="holder_id")
    kept = ("serial", "user_name", "place_of_use", "area", "scrapped")
    return {"holder_id": holder.id} | {name: form[name] for name in kept}


def _holder(session: Session) -> Customer | None:
    """Return the holder whose instruments are asked for, if there is one."""
    try:
        return session.get(Customer, UUID(request.args.get("holder", "")))
    except ValueError:
        return None
