"""The pages of instrument types, their legal cycles, and methods."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.catalogue import queries, service
from lims.catalogue.access import KEEPERS
from lims.catalogue.commands import AddMethod, AddType, CorrectMethod, CorrectType, SetCycle
from lims.catalogue.models import InstrumentType, Method
from lims.catalogue.pages import tariff
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import Discipline, Field, Role
from lims.web import page_extensions, revisions
from lims.web.access import EVERYONE, actor, allow, signed_in
from lims.web.choices import chosen, options
from lims.web.commands import command, query
from lims.web.locale import locale
from lims.web.page_extensions import MenuEntry
from lims.web.requests import PAGE, after, asked, see
from schemas.catalogue import CycleBody, MethodBody, MethodPatch, NewTypeForm, TypeForm

pages = Blueprint("catalogue", __name__)


def install(app: Flask) -> None:
    """Put the pages and their places in the menu on the application."""
    app.register_blueprint(pages)
    app.register_blueprint(tariff.pages)
    page_extensions.registry(app).menu.extend(
        (
            MenuEntry("Laboratory", "Catalogue", "catalogue.types", "ruler-measure", EVERYONE),
            MenuEntry("Reception", "Tariff", "tariff.services", "tag", EVERYONE),
        )
    )


@pages.get("/catalogue")
@signed_in
@query
def types(session: Session) -> ResponseReturnValue:
    """List instrument types with the cycle in force."""
    q, field = asked("q"), chosen(Field, asked("field"))
    rows = queries.types(session, clock.today(), q=q, field=field, after=after(), limit=PAGE)
    return render_template(
        "catalogue/types.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        fields=options(Field),
    )


@pages.post("/catalogue/load")
@allow(Role.ADMIN)
@command()
def load(session: Session) -> ResponseReturnValue:
    """Load the data files that come with the system."""
    service.load(session, by=actor().name)
    return see("catalogue.types", say="The catalogue was loaded.")


@pages.get("/catalogue/types/lookup")
@signed_in
@query
def lookup(session: Session) -> ResponseReturnValue:
    """Suggest instrument types while somebody types."""
    rows = queries.types(session, clock.today(), q=asked("q"), limit=10)
    choices = [
        (row.type.id, row.type.name_vi if locale() == "vi" else row.type.name_en, row.type.code)
        for row in rows[:10]
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/catalogue/types/new")
@allow(*KEEPERS)
def new_type() -> ResponseReturnValue:
    """Ask about a new instrument type."""
    return render_template("catalogue/type_form.html", type=None, fields=options(Field))


@pages.post("/catalogue/types/new")
@allow(*KEEPERS)
@command(NewTypeForm)
def add_type(session: Session, command: AddType) -> ResponseReturnValue:
    """Add an instrument type."""
    entry = service.add_type(session, command, by=actor().name)
    return see("catalogue.show_type", say="Saved. Enter its legal cycle now.", type_id=entry.id)


@pages.get("/catalogue/types/<uuid:type_id>")
@signed_in
@query
def show_type(session: Session, type_id: UUID) -> ResponseReturnValue:
    """Show a type, its cycles, its methods and what is offered for it."""
    return render_template(
        "catalogue/type.html",
        type=fetch(session, InstrumentType, type_id),
        cycle=service.cycle_of(session, type_id, clock.today()),
        cycles=queries.cycles(session, type_id),
        methods=queries.methods(session, type_id=type_id),
        services=queries.services_of(session, type_id),
        may=actor().has(*KEEPERS),
    )


@pages.post("/catalogue/types/<uuid:type_id>")
@allow(*KEEPERS)
@command(CycleBody)
def set_cycle(session: Session, command: SetCycle, type_id: UUID) -> ResponseReturnValue:
    """Enter a legal cycle from a day on."""
    service.set_cycle(session, type_id, command, by=actor().name)
    return see("catalogue.show_type", say="The cycle was entered.", type_id=type_id)


@pages.get("/catalogue/types/<uuid:type_id>/edit")
@allow(*KEEPERS)
@query
def edit_type(session: Session, type_id: UUID) -> ResponseReturnValue:
    """Ask what should be said of a type."""
    kind = fetch(session, InstrumentType, type_id)
    return render_template("catalogue/type_form.html", type=kind, fields=options(Field))


@pages.post("/catalogue/types/<uuid:type_id>/edit")
@allow(*KEEPERS)
@command(TypeForm, edits=revisions.of(InstrumentType))
def change_type(session: Session, command: CorrectType, type_id: UUID) -> ResponseReturnValue:
    """Change what is said of a type."""
    service.change_type(session, type_id, command, by=actor().name)
    return see("catalogue.show_type", say="Saved.", type_id=type_id)


@pages.get("/catalogue/methods")
@signed_in
@query
def methods(session: Session) -> ResponseReturnValue:
    """List methods with their editions."""
    q, discipline = asked("q"), chosen(Discipline, asked("discipline"))
    rows = queries.methods(session, q=q, discipline=discipline, after=after(), limit=PAGE)
    return render_template(
        "catalogue/methods.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        disciplines=options(Discipline),
        may=actor().has(*KEEPERS),
    )


@pages.get("/catalogue/methods/new")
@allow(*KEEPERS)
@query
def new_method(session: Session) -> ResponseReturnValue:
    """Ask about a new edition of a method."""
    return _method_form(session, None)


@pages.post("/catalogue/methods/new")
@allow(*KEEPERS)
@command(MethodBody)
def add_method(session: Session, command: AddMethod) -> ResponseReturnValue:
    """Add an edition of a method."""
    service.add_method(session, command, by=actor().name)
    return see("catalogue.methods", say="Saved.")


@pages.get("/catalogue/methods/<uuid:method_id>/edit")
@allow(*KEEPERS)
@query
def edit_method(session: Session, method_id: UUID) -> ResponseReturnValue:
    """Ask what should be said of a method."""
    return _method_form(session, fetch(session, Method, method_id))


@pages.post("/catalogue/methods/<uuid:method_id>/edit")
@allow(*KEEPERS)
@command(MethodPatch, edits=revisions.of(Method))
def change_method(session: Session, command: CorrectMethod, method_id: UUID) -> ResponseReturnValue:
    """Change a method's title, type or last day."""
    service.change_method(session, method_id, command, by=actor().name)
    return see("catalogue.methods", say="Saved.")


def _method_form(session: Session, method: Method | None) -> ResponseReturnValue:
    return render_template(
        "catalogue/method_form.html",
        method=method,
        types=queries.every_type(session, locale()),
        disciplines=options(Discipline),
    )
