"""Rows that a machine sends, read into sheets: what says the same of everything shares one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import readings, recording
from lims.bench.models import Result
from lims.bench.readings import TypedBalance, TypedPoint
from lims.bench.recording import MOST, Finding
from lims.bench.sheets import Conditions
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
DEEPEST = 4
"""Objects and lists inside one another, in readings of no known shape."""

Said = Mapping[str, Any]
Key = tuple[object, ...]


def record(session: Session, rows: Sequence[Said], *, by: str) -> list[Result]:
    """Write a batch down, a sheet for what agrees; results in the order of the rows."""
    if not 0 < len(rows) <= MOST:
        raise RuleBroken("Send 1 to %(most)s results at once.", most=MOST)
    items = fetch_all(session, Item, [row["item_id"] for row in rows])
    orders = fetch_all(session, Order, [item.order_id for item in items])
    known = _look_up(session)
    places = range(len(rows))
    read = each(
        places,
        lambda at: _read(known, at, rows[at], items[at], orders[at]),
        batch="",
    )
    together: dict[Key, tuple[Conditions, UUID, list[Finding]]] = {}
    for rank, (on, finding) in enumerate(read):
        key = (items[rank].order_id, items[rank].discipline, *_says(on))
        together.setdefault(key, (on, items[rank].order_id, []))[2].append(finding)
    results: dict[UUID, Result] = {}
    for on, order_id, findings in together.values():
        for result in _write(session, order_id, on, findings, by=by):
            results[result.item_id] = result
    return [results[item.id] for item in items]


Read = tuple[Conditions, Finding]


@dataclass
class _Known:
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


def _look_up(session: Session) -> _Known:
    methods = session.scalars(select(Method).order_by(Method.valid_from.desc())).all()
    standards = session.execute(select(Standard.id, Standard.code)).all()
    by_name = {str(key): key for key, _ in standards} | {code: key for key, code in standards}
    return _Known(session, methods, by_name)


def _read(known: _Known, rank: int, row: Said, item: Item, order: Order) -> Read:
    on = Conditions(
        method_id=_method(known, row["method"], item.discipline, row["performed_on"]),
        standard_ids=_standards(known, row["standards"]),
        performed_on=row["performed_on"],
        place=row["place"] or order.place,
        environment=row["environment"],
    )
    return on, _finding(known, rank, row, item)


def _write(
    session: Session, order_id: UUID, on: Conditions, findings: Sequence[Finding], *, by: str
) -> list[Result]:
    """Write one sheet; what is wrong with all of it is said of its first row."""
    try:
        _, results = recording.write_down(
            session, order_id, on, findings, first_sticker=None, by=by
        )
    except RuleBroken as refusal:
        raise Refusals({findings[0].row: refusal}, batch="") from refusal
    except Refusals as refusals:
        sent = {findings[place].row: refusal for place, refusal in refusals.rows.items()}
        raise Refusals(sent, batch="") from refusals
    return results


def _says(on: Conditions) -> Key:
    return (
        on.method_id,
        tuple(sorted(on.standard_ids)),
        on.performed_on,
        on.place,
        tuple(sorted((name, str(value)) for name, value in on.environment.items())),
    )


def _finding(known: _Known, rank: int, row: Said, item: Item) -> Finding:
    kept = _readings(known, row, item)
    return Finding(
        item_id=item.id,
        outcome=row["outcome"] or _outcome(item, kept),
        reason=row["reason"],
        readings=kept,
        sticker=_sticker(row["sticker"]),
        row=rank,
    )


def _outcome(item: Item, kept: Said) -> Outcome:
    """Return the outcome that goes without saying: readings of what is measured."""
    if KINDS[item.discipline].judged or not kept:
        raise RuleBroken("Say the outcome: pass, fail or not_performed.", field="outcome")
    return Outcome.MEASURED


def _readings(known: _Known, row: Said, item: Item) -> dict[str, Any]:
    sent = _as_text(row["readings"])
    if not sent or row["outcome"] is Outcome.NOT_PERFORMED:
        return {}
    recording = KINDS[item.discipline].recording
    if recording is Recording.BALANCE:
        return dict(readings.of_balance(_balance(sent)))
    if recording is Recording.SAMPLE:
        values = {code: str(value) for code, value in sent.items()}
        return dict(readings.of_test(known.parameters(item.service_id), values))
    return dict(sent)


def _as_text(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return readings as text; a binary fraction is not what anybody read."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict) and depth < DEEPEST:
        return {str(name): _as_text(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list) and depth < DEEPEST:
        return [_as_text(one, depth + 1) for one in value]
    raise RuleBroken('Send readings as text, as they were read: "27.50".', field="readings")


def _balance(sent: Said) -> TypedBalance:
    points = sent.get("points", [])
    if not isinstance(points, list) or not all(isinstance(one, dict) for one in points):
        raise RuleBroken("Send points as a list of objects.", field="readings.points")
    names = TypedBalance.__annotations__.keys() - {"points"}
    return TypedBalance(
        **{name: _line(sent.get(name, "")) for name in names},
        points=[
            TypedPoint(**{name: _line(one.get(name, "")) for name in TypedPoint.__annotations__})
            for one in points
        ],
    )


def _line(value: object) -> str:
    """Write a list of readings as the page's box would hold it."""
    return ";".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _method(known: _Known, said: str, discipline: Discipline, on: date) -> UUID:
    """Find a method by its id, its number with the edition, or its number alone."""
    for method in known.methods:
        named = said in (str(method.id), method.cited)
        in_force = said == method.code and method.holds(on)
        if method.discipline is discipline and (named or in_force):
            return method.id
    raise NotFound(
        "There is no method %(method)s of %(discipline)s.",
        field="method",
        method=said,
        discipline=discipline,
    )


def _standards(known: _Known, said: Sequence[str]) -> list[UUID]:
    for one in said:
        if one not in known.standards:
            raise NotFound("There is no standard %(code)s.", field="standards", code=one)
    return [known.standards[one] for one in said]


def _sticker(said: str) -> int | None:
    """Read a sticker's number, with or without its series: 26V-00012."""
    if not said:
        return None
    found = NUMBER.fullmatch(said)
    if found is None or not int(found[1]):
        raise RuleBroken("“%(text)s” holds no sticker number.", field="sticker", text=said[:40])
    return int(found[1])
