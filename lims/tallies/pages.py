"""The director's table, the plan, and the facts behind each number."""

import re
from datetime import date, timedelta

from flask import Blueprint, Flask, render_template, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.kernel import clock
from lims.kernel.numerals import number
from lims.settings import areas
from lims.tallies import queries, service
from lims.tallies.commands import Planned
from lims.tallies.queries import Period, Where
from lims.tallies.service import PLANNED
from lims.vocabulary import Discipline, Field, Measure, Role
from lims.web import page_extensions
from lims.web.access import COUNTING, Person, actor, allow
from lims.web.choices import chosen
from lims.web.commands import command, query
from lims.web.locale import locale
from lims.web.page_extensions import MenuEntry, Panel
from lims.web.pages import gettext, word
from lims.web.requests import asked, asked_number, see
from schemas.fields import REQUIRED, whole

pages = Blueprint("tallies", __name__)

FACTS = 100


def install(app: Flask) -> None:
    """Put the pages, the menu and the director's panel on the application."""
    app.register_blueprint(pages)
    registry = page_extensions.registry(app)
    registry.menu.append(
        MenuEntry(
            "Numbers", "The month in numbers", "tallies.month", "chart-bar", frozenset(COUNTING)
        )
    )
    registry.home.append((frozenset({Role.DIRECTOR, Role.INSPECTOR, Role.QUALITY}), _panel))


def _panel(session: Session, _person: Person) -> Panel:
    period = Period.month(clock.today())
    rows = [
        (
            f"{word(line.measure)} · {word(line.discipline)}",
            f"/tallies?month={period.first:%Y-%m}",
            " / ".join(number(n, locale()) for n in (line.so_far, line.plan) if n is not None),
        )
        for line in queries.against_plan(session, period, PLANNED)
    ]
    return Panel(
        title=gettext("The year so far against the plan"),
        count=None,
        href="/tallies",
        icon="chart-bar",
        rows=rows,
        actions=[(gettext("The month in numbers"), "/tallies")],
    )


def _period() -> Period:
    """Read the period: two days, or a month, or else the month that is running."""
    first, last = _day(asked("from")), _day(asked("to"))
    if first and last and first <= last:
        return Period(first=first, last=last)
    month = _day(asked("month") + "-01")
    return Period.month(month or clock.today())


def _beside(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _day(text: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@pages.get("/tallies")
@allow(*COUNTING)
@query
def month(session: Session) -> ResponseReturnValue:
    """Show the counts of a period by discipline, field and area, against the plan."""
    period = _period()
    counts = queries.table(session, Where(period=period), ("measure", "discipline", "field"))
    by_area = queries.table(session, Where(period=period), ("measure", "discipline", "area"))
    return render_template(
        "tallies/month.html",
        period=period,
        before=_beside(period.first, -1),
        after=_beside(period.last, 1),
        against=queries.against_plan(session, period, PLANNED),
        counts=counts,
        by_area=by_area,
        measures=_shown(counts),
        rows=sorted({(discipline, field) for _, discipline, field in counts}),
        areas=sorted({area for *_, area in by_area}),
        names=areas.names(session),
        disciplines=_words(Discipline),
        fields=_words(Field),
    )


def _shown(counts: queries.Counts) -> list[Measure]:
    counted = {measure for measure, *_ in counts}
    return [measure for measure in Measure if measure in counted]


def _words(kind: type[Discipline] | type[Field]) -> dict[str, str]:
    return {member.value: word(member) for member in kind}


@pages.get("/tallies/facts")
@allow(*COUNTING)
@query
def facts(session: Session) -> ResponseReturnValue:
    """Explain a number: the facts it is the sum of."""
    where = Where(
        period=_period(),
        measure=chosen(Measure, request.args.get("measure", "")),
        discipline=request.args.get("discipline"),
        field=request.args.get("field"),
        area=request.args.get("area"),
    )
    rows = queries.source_facts(session, where, after=asked_number("after"), limit=FACTS + 1)
    total = sum(queries.table(session, where, ()).values())
    return render_template(
        "tallies/facts.html",
        where=where,
        total=total,
        rows=rows[:FACTS],
        others=queries.others(session, [row.line.subject for row in rows if row.item is None]),
        next=rows[FACTS - 1].line.position if len(rows) > FACTS else None,
        names=areas.names(session),
        disciplines=_words(Discipline),
        fields=_words(Field),
    )


def _key(measure: Measure, discipline: Discipline) -> str:
    return f"{measure}.{discipline}"


@pages.get("/tallies/plan/<int(min=1990,max=2100):year>")
@allow(*COUNTING)
@query
def plan(session: Session, year: int) -> ResponseReturnValue:
    """Show the plan of a year."""
    plans = queries.plans(session, year)
    rows = [
        (_key(measure, discipline), measure, discipline, plans.get((measure, discipline.value)))
        for measure, discipline in PLANNED
    ]
    revision = queries.plan_revision(session, year)
    return render_template("tallies/plan.html", year=year, rows=rows, revision=revision)


@pages.post("/tallies/plan/<int(min=1990,max=2100):year>")
@allow(Role.DIRECTOR)
@command(edits=queries.hold_plan)
def set_plan(session: Session, year: int) -> ResponseReturnValue:
    """Enter or change the plan of a year."""
    service.set_plan(session, year, _quantities(request.form), by=actor().name)
    return see("tallies.plan", say="The plan is saved.", year=year)


def _quantities(form: MultiDict[str, str]) -> dict[Planned, int]:
    quantities: dict[Planned, int] = {}
    refusals: dict[str, list[str]] = {}
    count = whole(0, 10**7)
    for measure, discipline in PLANNED:
        key = _key(measure, discipline)
        if not form.get(key, "").strip():
            refusals[key] = [REQUIRED]
            continue
        try:
            quantities[measure, discipline] = count.deserialize(form[key])
        except ValidationError as error:
            refusals[key] = [*error.messages]
    if refusals:
        raise ValidationError(refusals)
    return quantities
