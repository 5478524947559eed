"""Rows that a machine sends, read into sheets: what says the same of everything shares one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.commands import Conditions, ResultRow
from lims.bench.models import Result
from lims.bench.readings.calibration import balance_as_sent, evaluate_balance
from lims.bench.readings.shapes import Readings
from lims.bench.readings.testing import evaluate_test
from lims.bench.sheets import recording
from lims.bench.sheets.recording import MOST, Finding
from lims.catalogue import service as catalogue
from lims.catalogue.models import Method, TestParameter
from lims.disciplines import KINDS, Recording
from lims.equipment.models import Standard
from lims.kernel.batch import each
from lims.kernel.db import fetch_all
from lims.kernel.errors import NotFound, Refusals, RuleBroken
from lims.reception.models import Item, Order
from lims.vocabulary import Discipline, Outcome

NUMBER = re.compile(r"(?:.*\D)?(\d{1,8})")

Key = tuple[object, ...]


def record(session: Session, rows: Sequence[ResultRow], *, by: str) -> list[Result]:
    """Write a batch down, a sheet for what agrees; results in the order of the rows."""
    if not 0 < len(rows) <= MOST:
        raise RuleBroken("Send 1 to %(most)s results at once.", most=MOST)
    items = fetch_all(session, Item, [row.item_id for row in rows])
    orders = fetch_all(session, Order, [item.order_id for item in items])
    lookup = _look_up(session)
    read = each(
        zip(rows, items, orders, strict=True),
        lambda sent: (_conditions(lookup, *sent), _finding(lookup, *sent[:2])),
        batch="",
    )
    sheets: dict[Key, _Sheet] = {}
    for place, (item, (on, finding)) in enumerate(zip(items, read, strict=True)):
        key = (item.order_id, item.discipline, *_statement(on))
        sheets.setdefault(key, _Sheet(item.order_id, on)).add(place, finding)
    results = {
        place: result
        for sheet in sheets.values()
        for place, result in zip(sheet.places, _write(session, sheet, by=by), strict=True)
    }
    return [results[place] for place in range(len(rows))]


@dataclass
class _Sheet:
    """What of a batch stands on one sheet, and at which places of the batch."""

    order_id: UUID
    conditions: Conditions
    findings: list[Finding] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add(self, place: int, finding: Finding) -> None:
        """Put a row on it."""
        self.findings.append(finding)
        self.places.append(place)


def _write(session: Session, sheet: _Sheet, *, by: str) -> list[Result]:
    """Write one sheet; what is wrong with all of it is told of its first row."""
    try:
        _, results = recording.write_down(
            session, sheet.order_id, sheet.conditions, sheet.findings, first_sticker=None, by=by
        )
    except Refusals as refusals:
        rows = {sheet.places[row]: refusal for row, refusal in refusals.rows.items()}
        raise Refusals(rows, batch="") from refusals
    except RuleBroken as refusal:
        raise Refusals({sheet.places[0]: refusal}, batch="") from refusal
    return results


@dataclass
class _Lookup:
    """What rows name, looked up once for the batch."""

    session: Session
    methods: Sequence[Method]
    standards: Mapping[str, UUID]
    tested: dict[UUID, list[TestParameter]] = field(default_factory=dict)

    def parameters(self, service_id: UUID) -> list[TestParameter]:
        """List what is tested for a service."""
        if service_id not in self.tested:
            self.tested[service_id] = catalogue.tested(self.session, service_id)
        return self.tested[service_id]


def _look_up(session: Session) -> _Lookup:
    methods = session.scalars(select(Method).order_by(Method.valid_from.desc())).all()
    standards = session.execute(select(Standard.id, Standard.code)).all()
    by_name = {str(key): key for key, _ in standards} | {code: key for key, code in standards}
    return _Lookup(session, methods, by_name)


def _conditions(lookup: _Lookup, row: ResultRow, item: Item, order: Order) -> Conditions:
    return Conditions(
        method_id=_method(lookup, row.method, item.discipline, row.performed_on),
        standard_ids=_standards(lookup, row.standards),
        performed_on=row.performed_on,
        place=row.place or order.place,
        environment=row.environment,
    )


def _statement(on: Conditions) -> Key:
    return (
        on.method_id,
        tuple(sorted(on.standard_ids)),
        on.performed_on,
        on.place,
        tuple(sorted((name, str(value)) for name, value in on.environment.items())),
    )


def _finding(lookup: _Lookup, row: ResultRow, item: Item) -> Finding:
    readings = _readings(lookup, row, item)
    return Finding(
        item_id=item.id,
        outcome=row.outcome or _usual_outcome(item, readings),
        reason=row.reason,
        readings=readings,
        sticker=_sticker(row.sticker),
    )


def _usual_outcome(item: Item, readings: Readings) -> Outcome:
    """Return the outcome that goes without saying: readings of what is measured."""
    if KINDS[item.discipline].judged or not readings:
        raise RuleBroken("Say the outcome: pass, fail or not_performed.", field="outcome")
    return Outcome.MEASURED


def _readings(lookup: _Lookup, row: ResultRow, item: Item) -> Readings:
    if not row.readings or row.outcome is Outcome.NOT_PERFORMED:
        return {}
    recording = KINDS[item.discipline].recording
    if recording is Recording.BALANCE:
        return evaluate_balance(balance_as_sent(row.readings))
    if recording is Recording.SAMPLE:
        values = {code: str(value) for code, value in row.readings.items()}
        return evaluate_test(lookup.parameters(item.service_id), values)
    if "kind" in row.readings:  # which tells the computed shapes apart
        raise RuleBroken("No reading can be called kind: give it another name.", field="readings")
    return row.readings


def _method(lookup: _Lookup, name: str, discipline: Discipline, on: date) -> UUID:
    """Find a method by its id, its number with the edition, or its number alone."""
    for method in lookup.methods:
        is_named = name in (str(method.id), method.cited)
        in_force = name == method.code and method.holds(on)
        if method.discipline is discipline and (is_named or in_force):
            return method.id
    raise NotFound(
        "There is no method %(method)s of %(discipline)s.",
        field="method",
        method=name,
        discipline=discipline,
    )


def _standards(lookup: _Lookup, names: Sequence[str]) -> list[UUID]:
    for name in names:
        if name not in lookup.standards:
            raise NotFound("There is no standard %(code)s.", field="standards", code=name)
    return [lookup.standards[name] for name in names]


def _sticker(label: str) -> int | None:
    """Read a sticker's number, with or without its series: 26V-00012."""
    if not label:
        return None
    number = NUMBER.fullmatch(label)
    if number is None or not int(number[1]):
        raise RuleBroken("“%(text)s” holds no sticker number.", field="sticker", text=label[:40])
    return int(number[1])
