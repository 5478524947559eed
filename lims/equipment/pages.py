"""The pages of the centre's standards."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.equipment import page_extensions, queries, service
from lims.equipment.commands import AddStandard, CalibrationCertificate, CorrectStandard, TakeOut
from lims.equipment.models import Standard
from lims.equipment.page_extensions import KEEPERS, LOOKERS
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import Field, Role
from lims.web import revisions
from lims.web.access import actor, allow
from lims.web.choices import chosen, options
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.page_extensions import MenuEntry, registry
from lims.web.requests import PAGE, after, asked, see
from schemas.equipment import CertificateBody, StandardBody, StandardPatch, TakeOutBody

pages = Blueprint("equipment", __name__)

IN_SERVICE = {"": True, "out": False, "all": None}
"""What the list shows: in service, out of service, both."""


def install(app: Flask) -> None:
    """Put the pages, the place in the menu and the panel on the application."""
    app.register_blueprint(pages)
    here = registry(app)
    here.menu.append(
        MenuEntry("Laboratory", "Standards", "equipment.list", "weight", frozenset(LOOKERS))
    )
    here.home.append((frozenset({Role.TECHNICIAN, Role.QUALITY}), page_extensions.expiring))
    here.searches.append(page_extensions.search)


@pages.get("/equipment", endpoint="list")
@allow(*LOOKERS)
@query
def standards(session: Session) -> ResponseReturnValue:
    """List the standards, the one that falls due first at the top."""
    rows = queries.listed(
        session,
        q=asked("q"),
        field=chosen(Field, asked("field")),
        in_service=IN_SERVICE.get(asked("show"), True),
        after=after(),
        limit=PAGE,
    )
    return render_template(
        "equipment/list.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        fields=options(Field),
        may=actor().has(*KEEPERS),
    )


@pages.get("/equipment/new")
@allow(*KEEPERS)
def new() -> ResponseReturnValue:
    """Ask about a new standard."""
    return render_template("equipment/new.html", fields=options(Field))


@pages.post("/equipment/new")
@allow(*KEEPERS)
@command(StandardBody)
def add(session: Session, command: AddStandard) -> ResponseReturnValue:
    """Enter a standard."""
    standard = service.add(session, command, by=actor().name)
    return see("equipment.show", say="The standard was entered.", standard_id=standard.id)


@pages.get("/equipment/<uuid:standard_id>")
@allow(*LOOKERS)
@query
def show(session: Session, standard_id: UUID) -> ResponseReturnValue:
    """Show a standard, whether it may be used today, and what happened to it."""
    standard = fetch(session, Standard, standard_id)
    return render_template(
        "equipment/show.html",
        standard=standard,
        fitness=standard.fitness(clock.today()),
        history=history_lines(session, standard_id),
        session=session,
        may=actor().has(*KEEPERS),
    )


@pages.get("/equipment/<uuid:standard_id>/edit")
@allow(*KEEPERS)
@query
def edit(session: Session, standard_id: UUID) -> ResponseReturnValue:
    """Ask what should be said of a standard."""
    standard = fetch(session, Standard, standard_id)
    return render_template("equipment/edit.html", standard=standard, fields=options(Field))


@pages.post("/equipment/<uuid:standard_id>/edit")
@allow(*KEEPERS)
@command(StandardPatch, edits=revisions.of(Standard))
def change(session: Session, command: CorrectStandard, standard_id: UUID) -> ResponseReturnValue:
    """Change what is said of a standard."""
    service.change(session, standard_id, command, by=actor().name)
    return see("equipment.show", say="Saved.", standard_id=standard_id)


@pages.get("/equipment/<uuid:standard_id>/calibrate")
@allow(*KEEPERS)
@query
def certificate(session: Session, standard_id: UUID) -> ResponseReturnValue:
    """Ask about a new certificate."""
    standard = fetch(session, Standard, standard_id)
    return render_template("equipment/calibrate.html", standard=standard)


@pages.post("/equipment/<uuid:standard_id>/calibrate")
@allow(*KEEPERS)
@command(CertificateBody)
def calibrate(
    session: Session, command: CalibrationCertificate, standard_id: UUID
) -> ResponseReturnValue:
    """Enter a new certificate; the standard is in service again."""
    service.calibrate(session, standard_id, command, by=actor().name)
    return see("equipment.show", say="The certificate was entered.", standard_id=standard_id)


@pages.get("/equipment/<uuid:standard_id>/take-out")
@allow(*KEEPERS)
@query
def leaving(session: Session, standard_id: UUID) -> ResponseReturnValue:
    """Ask why a standard is taken out of service."""
    standard = fetch(session, Standard, standard_id)
    return render_template("equipment/take_out.html", standard=standard)


@pages.post("/equipment/<uuid:standard_id>/take-out")
@allow(*KEEPERS)
@command(TakeOutBody)
def take_out(session: Session, command: TakeOut, standard_id: UUID) -> ResponseReturnValue:
    """Take a standard out of service."""
    service.take_out(session, standard_id, reason=command.reason, by=actor().name)
    return see("equipment.show", say="The standard is out of service.", standard_id=standard_id)
