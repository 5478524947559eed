"""What the bench does: record, submit, check, send back, authorise, withdraw.

Forty results are the normal case: each act is one batch, all of it or nothing, and a refusal
names each row. Locks: results, then items, in key order; stickers; counters last.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import minutes, readings, recording
from lims.bench.models import Result, Sheet
from lims.bench.readings import TypedBalance
from lims.bench.recording import MOST, Finding
from lims.bench.sheets import Conditions
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
from lims.vocabulary import Act, Discipline, Field, Outcome, Place, ResultState

Pair = tuple[Result, Item]


def record(
    session: Session,
    order_id: UUID,
    *,
    item_ids: Sequence[UUID],
    method_id: UUID,
    standard_ids: Sequence[UUID],
    performed_on: date,
    place: Place,
    environment: Mapping[str, str | Decimal],
    default: Outcome,
    exceptions: Mapping[UUID, tuple[Outcome, str]],
    sticker_first: int | None,
    by: str,
) -> Sheet:
    """Write down a sheet: all as `default`, except those named with their outcome and reason.

    What the same person recorded but has not submitted is written again. Passes take stickers
    from `sticker_first`, or from where the person's book stands; `stickers.NONE` takes none.
    """
    on = Conditions(
        method_id=method_id,
        standard_ids=standard_ids,
        performed_on=performed_on,
        place=place,
        environment=environment,
    )
    findings = []
    for item_id in item_ids:
        outcome, reason = exceptions.get(item_id, (default, ""))
        findings.append(Finding(item_id=item_id, outcome=outcome, reason=reason))
    sheet, _ = recording.write_down(
        session, order_id, on, findings, first_sticker=sticker_first, by=by
    )
    return sheet


def record_calibration(
    session: Session,
    item_id: UUID,
    *,
    on: Conditions,
    balance: TypedBalance,
    sticker: int | None = None,
    by: str,
) -> Result:
    """Write down the calibration of a balance, with the uncertainty of every load (7.6.2)."""
    finding = Finding(
        item_id=item_id,
        outcome=Outcome.MEASURED,
        readings=readings.of_balance(balance),
        sticker=sticker,
    )
    return _record_one(session, finding, on, by=by)


def record_test(
    session: Session, item_id: UUID, *, on: Conditions, values: Mapping[str, str], by: str
) -> Result:
    """Write down the values of a sample by the codes of its service's parameters."""
    item = fetch(session, Item, item_id)
    kept = readings.of_test(catalogue.tested(session, item.service_id), values)
    finding = Finding(item_id=item_id, outcome=Outcome.MEASURED, readings=kept)
    return _record_one(session, finding, on, by=by)


def record_not_performed(
    session: Session, item_id: UUID, *, on: Conditions, reason: str, by: str
) -> Result:
    """Say why nothing was done on one item."""
    finding = Finding(item_id=item_id, outcome=Outcome.NOT_PERFORMED, reason=reason)
    return _record_one(session, finding, on, by=by)


def _record_one(session: Session, finding: Finding, on: Conditions, *, by: str) -> Result:
    item = fetch(session, Item, finding.item_id)
    _, results = recording.write_down(
        session, item.order_id, on, [finding], first_sticker=None, by=by
    )
    return results[0]


def drafts_of(session: Session, sheet_id: UUID, item_ids: Collection[UUID]) -> list[UUID]:
    """Name the drafts of some items that stand on a sheet: what can be submitted with it."""
    query = select(Result.id).where(
        Result.sheet_id == sheet_id,
        Result.item_id.in_(item_ids),
        Result.state == ResultState.DRAFT,
    )
    return list(session.scalars(query.order_by(Result.id)))


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
    _require_competence(session, pairs, Act.CHECK, by=by, on=on)
    facts = _each(session, pairs, lambda result, item: result.check(item, by=by, on=on))
    log.append(session, *facts, by=by)
    return [result for result, _ in pairs]


def send_back(session: Session, result_id: UUID, *, reason: str, by: str) -> Result:
    """Ask the author of one result to look again; the others of its sheet go on."""
    _require_reason(reason)
    ((result, item),) = _hold(session, [result_id])
    log.append(session, result.send_back(item, reason=reason, on=clock.today()), by=by)
    return result


def authorise(
    session: Session, result_ids: Sequence[UUID], *, by: str, on: date | None = None
) -> list[Result]:
    """Answer for results in the name of the centre, and fix the minutes of each sheet."""
    day = on or clock.today()
    pairs = _hold(session, result_ids)
    _require_competence(session, pairs, Act.SIGN, by=by, on=day)
    found = fetch_all(session, Order, sorted({item.order_id for _, item in pairs}))
    orders = {order.id: order for order in found}
    until = _validities(session, pairs)

    def authorised(result: Result, item: Item) -> Event:
        last = until.get((item.type_id, result.performed_on))
        return result.authorise(item, orders[item.order_id], valid_until=last, by=by, on=day)

    facts = _each(session, pairs, authorised)
    log.append(session, *facts, by=by)
    stuck = [result.id for result, _ in pairs if result.outcome is not Outcome.NOT_PERFORMED]
    with session.no_autoflush:  # one UPDATE for the state and the minutes of a result
        marks.activate(session, stuck, on=day, by=by)
        told = minutes.issue(session, _by_sheet(pairs), orders, on=day, by=by)
    log.append(session, *told, by=by)
    return [result for result, _ in pairs]


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


def _require_competence(
    session: Session, pairs: Sequence[Pair], act: Act, *, by: str, on: date
) -> None:
    fields: dict[Discipline, set[Field]] = {}
    for _, item in pairs:
        fields.setdefault(item.discipline, set()).add(item.field)
    for discipline, some in fields.items():
        if act in KINDS[discipline].acts:
            identity.require(session, by, act, discipline, some, on=on)


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
