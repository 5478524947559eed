"""The pages of the registry of instruments."""

from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType
from lims.customers import queries, service
from lims.customers.access import REGISTERING
from lims.customers.commands import FillInInstrument, correction_of, entry_of
from lims.customers.models import Customer, Instrument
from lims.customers.registry import service as registry
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.settings import areas
from lims.web import page_extensions, revisions
from lims.web.access import actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.requests import PAGE, after, as_id, asked, see
from schemas.customers import InstrumentForm

pages = Blueprint("instruments", __name__)


@pages.get("/instruments")
@signed_in
@query
def instruments(session: Session) -> ResponseReturnValue:
    """Show the registry, or what a search finds in it."""
    holder = _holder(session)
    rows = queries.instruments(
        session, q=asked("q"), holder_id=holder.id if holder else None, after=after()
    )
    return render_template(
        "customers/instruments.html",
        rows=queries.instrument_details(session, rows[:PAGE]),
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        q=asked("q"),
        holder=holder,
        may=actor().has(*REGISTERING),
    )


@pages.get("/instruments/new")
@allow(*REGISTERING)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask about an instrument that has not come in yet."""
    typed = g.get("typed", request.args)
    kind = queries.type_of(session, as_id(typed.get("type_id")), typed.get("type_id_text", ""))
    return _edit(session, None, _holder(session), kind)


@pages.post("/instruments/new")
@allow(*REGISTERING)
@command(InstrumentForm)
def add(session: Session, page: FillInInstrument) -> ResponseReturnValue:
    """Enter an instrument."""
    holder = service.resolve(session, page.holder_id, page.holder_id_text, field="holder_id")
    kind = queries.type_of(session, page.type_id, page.type_id_text)
    if kind is None:
        raise RuleBroken(
            "No type is called “%(text)s”: choose one from the list.",
            field="type_id",
            text=page.type_id_text,
        )
    entry = entry_of(page, holder.id, kind.id)
    instrument = registry.add_instrument(session, entry, by=actor().name)
    return see("instruments.show", say="The instrument is registered.", instrument_id=instrument.id)


@pages.get("/instruments/characteristics")
@allow(*REGISTERING)
@query
def characteristics(session: Session) -> ResponseReturnValue:
    """Ask for what instruments of the type that was picked can do."""
    kind = queries.type_of(session, as_id(asked("type_id")), "")
    return render_template("customers/_characteristics.html", kind=kind, prefix="")


@pages.get("/instruments/<uuid:instrument_id>")
@signed_in
@query
def show(session: Session, instrument_id: UUID) -> ResponseReturnValue:
    """Show an instrument, and what later features know of it."""
    instrument = fetch(session, Instrument, instrument_id)
    (details,) = queries.instrument_details(session, [instrument])
    return render_template(
        "customers/instrument.html",
        instrument=instrument,
        kind=details.type,
        holder=details.holder,
        area=areas.names(session).get(instrument.area, instrument.area),
        may=actor().has(*REGISTERING),
        parts=page_extensions.sections("instrument", session, instrument),
        history=history_lines(session, instrument_id),
    )


@pages.get("/instruments/<uuid:instrument_id>/edit")
@allow(*REGISTERING)
@query
def edit(session: Session, instrument_id: UUID) -> ResponseReturnValue:
    """Ask what is to be corrected."""
    instrument = fetch(session, Instrument, instrument_id)
    (details,) = queries.instrument_details(session, [instrument])
    return _edit(session, instrument, details.holder, details.type)


@pages.post("/instruments/<uuid:instrument_id>/edit")
@allow(*REGISTERING)
@command(InstrumentForm, edits=revisions.of(Instrument))
def change(session: Session, page: FillInInstrument, instrument_id: UUID) -> ResponseReturnValue:
    """Correct what the registry says; certificates stay as they were."""
    holder = service.resolve(session, page.holder_id, page.holder_id_text, field="holder_id")
    correction = correction_of(page, holder.id)
    registry.change_instrument(session, instrument_id, correction, by=actor().name)
    return see("instruments.show", say="Saved.", instrument_id=instrument_id)


def _edit(
    session: Session,
    instrument: Instrument | None,
    holder: Customer | None,
    kind: InstrumentType | None,
) -> ResponseReturnValue:
    return render_template(
        "customers/instrument_edit.html",
        instrument=instrument,
        holder=holder,
        kind=kind,
        areas=[(area.code, area.name) for area in areas.listed(session)],
    )


def _holder(session: Session) -> Customer | None:
    """Return the holder whose instruments are asked for, if there is one."""
    holder_id = as_id(asked("holder"))
    return session.get(Customer, holder_id) if holder_id else None
