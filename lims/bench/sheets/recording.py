"""Writing results down: the first time, and again until they are submitted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.commands import Conditions
from lims.bench.events import ResultChanged, ResultRecorded
from lims.bench.models import UNUSUAL, Result, WorkSheet
from lims.bench.readings.shapes import Readings
from lims.bench.sheets import conditions, stickers
from lims.disciplines import KINDS
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.batch import each
from lims.kernel.db import fetch, fetch_all
from lims.kernel.errors import Forbidden, RuleBroken, WrongState
from lims.reception.models import Item, Order
from lims.vocabulary import ItemState, Outcome, ResultState

MOST = 1_000


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What the work on one item came to."""

    item_id: UUID
    outcome: Outcome
    reason: str = ""
    readings: Readings = field(default_factory=dict)
    sticker: int | None = None


def write_down(
    session: Session,
    order_id: UUID,
    on: Conditions,
    findings: Sequence[Finding],
    *,
    first_sticker: int | None,
    by: str,
) -> tuple[WorkSheet, list[Result]]:
    """Write the findings of one sheet; drafts of the same person are written again.

    Locks the drafts, then the items, in key order. All rows or none.
    """
    _require_size(findings)
    order = fetch(session, Order, order_id)
    item_ids = [finding.item_id for finding in findings]
    drafts = _drafts(session, item_ids)
    items = fetch_all(session, Item, item_ids, hold=True)
    standards = conditions.require_fit(session, order, items, on, by=by)
    rows = list(zip(findings, items, strict=True))
    _require_all_recordable(rows, drafts, by)
    discipline = items[0].discipline
    if any(finding.outcome is not Outcome.NOT_PERFORMED for finding in findings):
        conditions.require_standards(discipline, standards)
    sheet = conditions.find_or_make(
        session, order, discipline, on, drafts=drafts.values(), standards=standards, by=by
    )
    results, facts = _written(session, sheet, rows, drafts)
    session.flush()
    log.append(session, *facts, by=by)
    typed = {
        result.id: finding.sticker
        for finding, result in zip(findings, results, strict=True)
        if finding.sticker
    }
    stickers.reserve_stickers(session, sheet, results, typed=typed, first=first_sticker)
    return sheet, results


def _require_size(findings: Sequence[Finding]) -> None:
    if not findings:
        raise RuleBroken("Choose at least one item.", field="items")
    if len(findings) > MOST:
        raise RuleBroken(
            "At most %(most)s items are recorded at once: split them.", field="items", most=MOST
        )


def _drafts(session: Session, item_ids: Sequence[UUID]) -> dict[UUID, Result]:
    query = (
        select(Result)
        .where(Result.item_id.in_(item_ids), Result.state == ResultState.DRAFT)
        .order_by(Result.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {result.item_id: result for result in session.scalars(query)}


Row = tuple[Finding, Item]


def _require_all_recordable(rows: Sequence[Row], drafts: Mapping[UUID, Result], by: str) -> None:
    """Look at every row before any is touched."""
    seen: set[UUID] = set()

    def look(row: Row) -> None:
        finding, item = row
        _require_recordable(finding, item, drafts.get(item.id), by)
        _require_once(item, seen)

    each(rows, look)


def _require_once(item: Item, seen: set[UUID]) -> None:
    if item.id in seen:
        raise RuleBroken("Item %(code)s is there twice: leave one of them out.", code=item.code)
    seen.add(item.id)


def _require_recordable(finding: Finding, item: Item, draft: Result | None, by: str) -> None:
    if draft is None and item.state is not ItemState.RECEIVED:
        raise WrongState(
            "Item %(code)s does not wait for the bench: it is %(state)s.",
            code=item.code,
            state=item.state,
        )
    if draft is not None and draft.performed_by != by:
        raise Forbidden(
            "Item %(code)s was recorded by %(performer)s, who alone may change it.",
            code=item.code,
            performer=draft.performed_by,
        )
    if finding.outcome not in KINDS[item.discipline].outcomes:
        raise RuleBroken(
            "“%(outcome)s” is no outcome of %(discipline)s: choose another for item %(code)s.",
            outcome=finding.outcome,
            discipline=item.discipline,
            code=item.code,
        )
    _require_grounds(finding, item)


def _require_grounds(finding: Finding, item: Item) -> None:
    if finding.outcome in UNUSUAL and not finding.reason.strip():
        raise RuleBroken(
            "Say why item %(code)s failed or was not performed.", field="reason", code=item.code
        )
    if finding.outcome is Outcome.MEASURED and not finding.readings:
        raise RuleBroken(
            "Item %(code)s has no readings: type them on its own page.", code=item.code
        )


Facts = list[ResultRecorded | ResultChanged]


def _written(
    session: Session, sheet: WorkSheet, rows: Sequence[Row], drafts: Mapping[UUID, Result]
) -> tuple[list[Result], Facts]:
    results: list[Result] = []
    facts: Facts = []
    for finding, item in rows:
        draft = drafts.get(item.id)
        if draft is None:
            draft, fact = _begun(sheet, item, finding)
            session.add(draft)
            facts.append(fact)
        elif not _same(draft, sheet, finding):
            facts.append(_changed(draft, sheet, item, finding))
        results.append(draft)
    return results, facts


def _begun(sheet: WorkSheet, item: Item, finding: Finding) -> tuple[Result, ResultRecorded]:
    item.move(ItemState.RECORDED, asked="recorded")
    result = Result(
        item_id=item.id,
        sheet_id=sheet.id,
        outcome=finding.outcome,
        performed_by=sheet.performed_by,
        performed_on=sheet.performed_on,
        reason=_reason(finding),
        readings=finding.readings,
    )
    fact = ResultRecorded(
        result_id=result.id,
        item_id=item.id,
        sheet_id=sheet.id,
        outcome=result.outcome,
        reason=result.reason,
        on=clock.today(),
    )
    return result, fact


def _changed(draft: Result, sheet: WorkSheet, item: Item, finding: Finding) -> ResultChanged:
    return draft.change(
        item,
        outcome=finding.outcome,
        reason=_reason(finding),
        readings=finding.readings,
        sheet=sheet,
        on=clock.today(),
    )


def _same(draft: Result, sheet: WorkSheet, finding: Finding) -> bool:
    before = (draft.sheet_id, draft.outcome, draft.reason, draft.readings)
    return before == (sheet.id, finding.outcome, _reason(finding), finding.readings)


def _reason(finding: Finding) -> str:
    """Drop what a box still holds from before: a pass and a measured value need no reason."""
    return finding.reason.strip() if finding.outcome in UNUSUAL else ""
