"""What the bench does: record, submit, check, send back, authorise, withdraw.

Forty results are the normal case: each act is one batch, all of it or nothing, and a refusal
names each row. Locks: results, then items, in key order; stickers; counters last.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from lims.bench.commands import (
    RecordCalibration,
    RecordMeasurement,
    RecordSheet,
    RecordTest,
)
from lims.bench.minutes import issuing
from lims.bench.minutes.sources import Sources, gather, read_people, read_sheets
from lims.bench.models import Result, WorkSheet
from lims.bench.readings.calibration import evaluate_balance
from lims.bench.readings.shapes import Readings
from lims.bench.readings.testing import evaluate_test
from lims.bench.sheets import recording
from lims.bench.sheets.recording import MOST, Finding
from lims.catalogue import service as catalogue
from lims.disciplines import KINDS
from lims.eventlog import log
from lims.eventlog.events import Event
from lims.identity import service as identity
from lims.kernel import clock
from lims.kernel.batch import each
from lims.kernel.db import fetch, fetch_all
from lims.kernel.errors import Refusals, RuleBroken
from lims.marks import service as marks
from lims.reception.models import Item, Order
from lims.vocabulary import Act, Discipline, Field, Outcome

Pair = tuple[Result, Item]


def record(session: Session, order_id: UUID, command: RecordSheet, *, by: str) -> WorkSheet:
    """Write down a sheet of verdicts, and submit it in the same act if asked.

    What the same person recorded but has not submitted is written again.
    """
    findings = [
        Finding(item_id=item_id, outcome=outcome, reason=command.reasons.get(item_id, ""))
        for item_id, outcome in command.outcomes.items()
    ]
    sheet, results = recording.write_down(
        session, order_id, command, findings, first_sticker=command.first_sticker, by=by
    )
    if command.submit:
        submit(session, [result.id for result in results], by=by)
    return sheet


def record_calibration(
    session: Session, item_id: UUID, command: RecordCalibration, *, by: str
) -> Result:
    """Write down the calibration of a balance, with the uncertainty of every load (7.6.2)."""
    measured = command.outcome is Outcome.MEASURED
    readings: Readings = evaluate_balance(command) if measured else {}
    return _record_measurement(session, item_id, command, readings, by=by)


def record_test(session: Session, item_id: UUID, command: RecordTest, *, by: str) -> Result:
    """Write down the values of a sample by the codes of its service's parameters."""
    readings: Readings = {}
    if command.outcome is Outcome.MEASURED:
        item = fetch(session, Item, item_id)
        readings = evaluate_test(catalogue.tested(session, item.service_id), command.values)
    return _record_measurement(session, item_id, command, readings, by=by)


def _record_measurement(
    session: Session, item_id: UUID, command: RecordMeasurement, readings: Readings, *, by: str
) -> Result:
    """Write one item down; there is one row, so its refusal is the refusal."""
    item = fetch(session, Item, item_id)
    finding = Finding(
        item_id=item_id,
        outcome=command.outcome,
        reason=command.reason,
        readings=readings,
        sticker=command.sticker,
    )
    try:
        _, (result,) = recording.write_down(
            session, item.order_id, command, [finding], first_sticker=None, by=by
        )
    except Refusals as refusals:
        raise refusals.rows[0] from refusals
    if command.submit:
        submit(session, [result.id], by=by)
    return result


def submit(session: Session, result_ids: Sequence[UUID], *, by: str) -> list[Result]:
    """Stand by results."""
    on = clock.today()
    pairs = _hold(session, result_ids)
    facts = _each(session, pairs, lambda result, item: result.submit(item, by=by, on=on))
    log.append(session, *facts, by=by)
    return [result for result, _ in pairs]


def check(session: Session, result_ids: Sequence[UUID], *, by: str) -> list[Result]:
    """Agree with results as a second person."""
    on = clock.today()
    pairs = _hold(session, result_ids)
    for discipline, fields in _measured(pairs, Act.CHECK).items():
        identity.require(session, by, Act.CHECK, discipline, fields, on=on)
    facts = _each(session, pairs, lambda result, item: result.check(item, by=by, on=on))
    log.append(session, *facts, by=by)
    return [result for result, _ in pairs]


def send_back(session: Session, result_id: UUID, *, reason: str, by: str) -> Result:
    """Ask the author of one result to look again; the others of its sheet go on."""
    _require_reason(reason)
    ((result, item),) = _hold(session, [result_id])
    log.append(session, result.send_back(item, reason=reason, on=clock.today()), by=by)
    return result


class Authorisation(NamedTuple):
    """What was authorised, and what its documents print from."""

    results: list[Result]
    items: list[Item]
    sources: Sources


def authorise(
    session: Session, result_ids: Sequence[UUID], *, by: str, on: date | None = None
) -> list[Result]:
    """Answer for results in the name of the centre, and fix the minutes of each sheet."""
    return authorise_with_sources(session, result_ids, by=by, on=on or clock.today()).results


def authorise_with_sources(
    session: Session, result_ids: Sequence[UUID], *, by: str, on: date
) -> Authorisation:
    """Authorise, and hand on what was read for the minutes: certificates print from it too."""
    pairs = _hold(session, result_ids)
    results, items = [result for result, _ in pairs], [item for _, item in pairs]
    people = read_people(session, results, by=by)
    for discipline, fields in _measured(pairs, Act.SIGN).items():
        people.require(by, Act.SIGN, discipline, fields, on=on)
    by_sheet = _by_sheet(pairs)
    sheets = read_sheets(session, by_sheet)
    until = _validities(session, pairs)

    def authorised(result: Result, item: Item) -> Event:
        last = until.get((item.type_id, result.performed_on))
        order = sheets[result.sheet_id].order
        return result.authorise(item, order, valid_until=last, by=by, on=on)

    facts = _each(session, pairs, authorised)
    log.append(session, *facts, by=by)
    with session.no_autoflush:  # one UPDATE for the state and the minutes of a result
        stickers = marks.activate(session, _performed(results), on=on, by=by)
        sources = gather(session, sheets, people, stickers)
        issued = issuing.issue(session, by_sheet, sources, on=on, by=by)
    log.append(session, *issued, by=by)
    return Authorisation(results, items, sources)


def _performed(results: Sequence[Result]) -> list[UUID]:
    return [result.id for result in results if result.outcome is not Outcome.NOT_PERFORMED]


def withdraw(session: Session, result_id: UUID, *, reason: str, by: str) -> Result:
    """Take an authorised result back; what hangs on it follows because of the fact."""
    _require_reason(reason)
    on = clock.today()
    ((result, item),) = _hold(session, [result_id])
    order = fetch(session, Order, item.order_id)
    log.append(session, result.withdraw(item, order, reason=reason, on=on), by=by)
    marks.spoil(session, [result.id], reason=reason, on=on, by=by)
    return result


def _hold(session: Session, result_ids: Sequence[UUID]) -> list[Pair]:
    unique = list(dict.fromkeys(result_ids))
    if not unique:
        raise RuleBroken("Choose at least one result.", field="ids")
    if len(unique) > MOST:
        raise RuleBroken(
            "At most %(most)s results are handled at once: split them.", field="ids", most=MOST
        )
    results = fetch_all(session, Result, unique, hold=True)
    items = fetch_all(session, Item, [result.item_id for result in results], hold=True)
    return list(zip(results, items, strict=True))


def _each(
    session: Session, pairs: Sequence[Pair], act: Callable[[Result, Item], Event]
) -> list[Event]:
    """Do it to every row; if one refuses, leave all as they were and say which."""
    try:
        return each(pairs, lambda pair: act(*pair), batch="ids")
    except Refusals:
        for result, item in pairs:
            session.expire(result)
            session.expire(item)
        raise


def _measured(pairs: Sequence[Pair], act: Act) -> dict[Discipline, set[Field]]:
    """Name the fields of each discipline in which the act needs an authorisation."""
    fields: dict[Discipline, set[Field]] = {}
    for _, item in pairs:
        if act in KINDS[item.discipline].acts:
            fields.setdefault(item.discipline, set()).add(item.field)
    return fields


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("Say why.", field="reason")


def _validities(
    session: Session, pairs: Sequence[Pair]
) -> dict[tuple[UUID | None, date], date | None]:
    """Ask once for each type and day how long a verification holds."""
    until: dict[tuple[UUID | None, date], date | None] = {}
    for result, item in pairs:
        key = (item.type_id, result.performed_on)
        holds = KINDS[item.discipline].has_cycle
        if holds and item.type_id is not None and key not in until:
            until[key] = catalogue.valid_until(session, item.type_id, result.performed_on)
    return until


def _by_sheet(pairs: Sequence[Pair]) -> dict[UUID, list[Pair]]:
    together: dict[UUID, list[Pair]] = {}
    for result, item in pairs:
        together.setdefault(result.sheet_id, []).append((result, item))
    return together
