"""The administrator's pages of the event core: what the workers owe, and dated values."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, Flask, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.eventlog import deliveries
from lims.kernel import clock
from lims.settings import definitions, parameters
from lims.settings.commands import RetryDeliveries, SetParameter
from lims.settings.parameters import Parameter
from lims.vocabulary import Role
from lims.web.access import READERS, Person, actor, allow
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry, Panel, registry
from lims.web.pages import gettext as _
from lims.web.requests import asked, see
from schemas.admin import RetryForm, ValueForm

pages = Blueprint("admin", __name__)

SHOWN = 200
ADMIN = frozenset({Role.ADMIN})
OTHER = "Other values"
"""The last heading, for what no feature reads any more."""


@dataclass(frozen=True)
class Value:
    """A parameter: its words, the value in force today, and every value it had or will have."""

    name: str
    words: str
    now: Parameter | None
    rows: list[Parameter]


def install(app: Flask) -> None:
    """Put the pages, their places in the menu and the panel on the application."""
    app.register_blueprint(pages)
    here = registry(app)
    here.menu += [
        MenuEntry("Administration", "Deliveries", "admin.owed", "server", ADMIN),
        MenuEntry(
            "Administration", "Parameters", "admin.values", "adjustments", frozenset(READERS)
        ),
    ]
    here.home.append((ADMIN, failures))


def failures(session: Session, _person: Person) -> Panel:
    """Show the administrator what the workers could not do."""
    counted = deliveries.counted(session)
    failed = sum(count for (_handler, state), count in counted.items() if state == "failed")
    return Panel(
        title="Failed deliveries",
        count=failed,
        href=url_for("admin.owed"),
        icon="server",
        urgent=failed > 0,
    )


@pages.get("/admin/deliveries")
@allow(Role.ADMIN)
@query
def owed(session: Session) -> ResponseReturnValue:
    """Show what failed, with its error, and what is still owed."""
    state = "owed" if asked("state") == "owed" else "failed"
    return render_template(
        "admin/deliveries.html",
        state=state,
        rows=deliveries.listed(session, state, limit=SHOWN),
        counted=sorted(deliveries.counted(session).items()),
        shown=SHOWN,
    )


@pages.post("/admin/deliveries")
@allow(Role.ADMIN)
@command(RetryForm)
def retry(session: Session, command: RetryDeliveries) -> ResponseReturnValue:
    """Owe again what had failed: one delivery, or all."""
    again = deliveries.retry(session, command.handler, command.position)
    notice = "It will be tried again at once." if again else "Nothing had failed any more."
    return see("admin.owed", say=notice)


@pages.get("/admin/parameters")
@allow(*READERS)
@query
def values(session: Session) -> ResponseReturnValue:
    """Show legal and local values with the day they hold from and their source."""
    values = _by_name(parameters.listed(session))
    chosen = asked("name")
    definition = definitions.find(chosen)
    return render_template(
        "admin/parameters.html",
        groups=[(title, list(members)) for title, members in groupby(values, _group)],
        names=[(name, _words(name)) for name in parameters.names(session)],
        chosen=chosen,
        source=definition.source if definition else "",
        valid_from=asked("from"),
        may=actor().has(Role.ADMIN),
    )


@pages.post("/admin/parameters")
@allow(Role.ADMIN)
@command(ValueForm)
def set_value(session: Session, command: SetParameter) -> ResponseReturnValue:
    """Enter a value that holds from a day on."""
    parameters.set_value(session, command, by=actor().name)
    return see("admin.values", say="The value was entered.")


def _by_name(rows: Iterable[Parameter]) -> list[Value]:
    today = clock.today()
    values = []
    for name, dated in groupby(rows, lambda row: row.name):
        history = list(dated)
        now = next((row for row in history if row.valid_from <= today), None)
        values.append(Value(name, _words(name), now, history))
    return sorted(values, key=lambda value: (_is_other(value), _group(value), value.name))


def _group(value: Value) -> str:
    definition = definitions.find(value.name)
    return _(definition.group if definition else OTHER)


def _is_other(value: Value) -> bool:
    return _group(value) == _(OTHER)


def _words(name: str) -> str:
    """Say what a parameter is; one of a family is said with its member, as "… · 3a"."""
    definition = definitions.find(name)
    if definition is None:
        return name
    member = name.removeprefix(definition.name)
    return f"{_(definition.label)} · {member}" if member else _(definition.label)
