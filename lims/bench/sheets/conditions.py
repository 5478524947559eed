"""The sheet a result stands on: what may stand there, and when an old sheet serves again."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.commands import Conditions
from lims.bench.models import Result, SheetStandard, WorkSheet
from lims.bench.sheets.environment import read_environment
from lims.catalogue.models import Method
from lims.disciplines import KINDS
from lims.equipment.models import Standard
from lims.identity import service as identity
from lims.kernel import clock
from lims.kernel.db import fetch, fetch_all
from lims.kernel.errors import RuleBroken
from lims.reception.models import Item, Order
from lims.settings import periods
from lims.vocabulary import Act, Discipline, PeriodKind


def require_fit(
    session: Session, order: Order, items: Sequence[Item], on: Conditions, *, by: str
) -> list[Standard]:
    """Refuse work that could not have been done like this; return the standards used."""
    discipline = items[0].discipline
    _require_day(on.performed_on, max(item.received_on for item in items))
    periods.require_open(session, PeriodKind.WORK, on.performed_on, field="performed_on")
    fields = {item.field for item in items}
    if Act.PERFORM in KINDS[discipline].acts:
        identity.require(session, by, Act.PERFORM, discipline, fields, on=on.performed_on)
    _require_method(fetch(session, Method, on.method_id), discipline, on.performed_on)
    standards = fetch_all(session, Standard, list(dict.fromkeys(on.standard_ids)))
    for standard in standards:
        standard.require_usable(on.performed_on)
    _require_one_place(order, items)
    return standards


def require_standards(discipline: Discipline, standards: Collection[Standard]) -> None:
    """Refuse a verdict or a value that rests on nothing."""
    if KINDS[discipline].traceable and not standards:
        raise RuleBroken("Tick the standards that were used.", field="standards")


def find_or_make(
    session: Session,
    order: Order,
    discipline: Discipline,
    on: Conditions,
    *,
    drafts: Collection[Result],
    standards: Sequence[Standard],
    by: str,
) -> WorkSheet:
    """Return the sheet the drafts stand on if it says the same; else write another.

    The old sheet stays as it was: an amendment keeps what was written (ISO/IEC 17025:2017, 7.5.2).
    """
    wanted = WorkSheet(
        order_id=order.id,
        discipline=discipline,
        method_id=on.method_id,
        performed_on=on.performed_on,
        performed_by=by,
        place=on.place,
        environment=read_environment(on.environment),
    )
    used = {standard.id for standard in standards}
    for sheet in fetch_all(session, WorkSheet, sorted({draft.sheet_id for draft in drafts})):
        if _statement(sheet) == _statement(wanted) and _used(session, sheet) == used:
            return sheet
    session.add(wanted)
    session.flush()
    session.add_all(_written_on(wanted, standard) for standard in standards)
    return wanted


def _require_day(performed_on: date, received_on: date) -> None:
    if performed_on > clock.today():
        raise RuleBroken(
            "Work cannot be done on a day to come: choose %(today)s or earlier.",
            field="performed_on",
            today=clock.today(),
        )
    if performed_on < received_on:
        raise RuleBroken(
            "The items were received on %(received)s: the work was done on that day or later.",
            field="performed_on",
            received=received_on,
        )


def _require_method(method: Method, discipline: Discipline, on: date) -> None:
    if method.discipline is not discipline:
        raise RuleBroken(
            "%(method)s is a method of %(theirs)s, and this is %(ours)s: choose another.",
            field="method_id",
            method=method.cited,
            theirs=method.discipline,
            ours=discipline,
        )
    if not method.holds(on):
        raise RuleBroken(
            "%(method)s was not in force on %(on)s: choose the edition that was.",
            field="method_id",
            method=method.cited,
            on=on,
        )


def _require_one_place(order: Order, items: Sequence[Item]) -> None:
    foreign = next((item for item in items if item.order_id != order.id), None)
    if foreign is not None:
        raise RuleBroken(
            "Item %(code)s does not belong to order %(number)s: record it with its own.",
            code=foreign.code,
            number=order.number,
        )
    if len({item.discipline for item in items}) > 1:
        raise RuleBroken("A sheet holds work of one kind: record the kinds one after the other.")


def _statement(sheet: WorkSheet) -> tuple[object, ...]:
    return (
        sheet.order_id,
        sheet.discipline,
        sheet.method_id,
        sheet.performed_on,
        sheet.performed_by,
        sheet.place,
        sorted(sheet.environment.items()),
    )


def _used(session: Session, sheet: WorkSheet) -> set[UUID]:
    query = select(SheetStandard.standard_id).where(SheetStandard.sheet_id == sheet.id)
    return set(session.scalars(query))


def _written_on(sheet: WorkSheet, standard: Standard) -> SheetStandard:
    """Copy what the standard's certificate says today: the sheet never changes with it."""
    return SheetStandard(
        sheet_id=sheet.id,
        standard_id=standard.id,
        code=standard.code,
        name=standard.name,
        certificate=standard.certificate,
        due_on=standard.due_on,
    )
