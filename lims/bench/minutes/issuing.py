"""The minutes of what was authorised together from one sheet: numbered, and fixed for printing."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from lims.bench.events import MinutesIssued
from lims.bench.minutes import content, document_types
from lims.bench.minutes.content import Pair
from lims.bench.minutes.sources import Sources
from lims.bench.models import Minutes
from lims.documents import rendering, store
from lims.kernel import numbering
from lims.kernel.bulk import insert_rows

SERIES, PREFIX = "minutes", "BB"
COLUMNS = ("id", "number", "sheet_id", "order_id", "issued_on")
TEMPLATE = "minutes"


def issue(
    session: Session,
    by_sheet: Mapping[UUID, Sequence[Pair]],
    sources: Sources,
    *,
    on: date,
    by: str,
) -> list[MinutesIssued]:
    """Issue the minutes of each sheet; locks the counter, so it comes last."""
    numbers = numbering.take(session, SERIES, on.year, len(by_sheet))
    issued = [
        Minutes(
            number=numbering.spelled(PREFIX, on.year, number),
            sheet_id=sheet_id,
            order_id=sources.sheets[sheet_id].order.id,
            issued_on=on,
        )
        for sheet_id, number in zip(by_sheet, numbers, strict=True)
    ]
    rows = [{name: getattr(minutes, name) for name in COLUMNS} for minutes in issued]
    insert_rows(session, Minutes, rows)  # before the results that will name them
    for minutes, (sheet_id, pairs) in zip(issued, by_sheet.items(), strict=True):
        printed = content.compose(minutes.number, sheet_id, pairs, sources)
        _freeze(session, minutes, printed, by=by)
        for result, _ in pairs:
            result.minutes_id = minutes.id
    return [_fact(minutes, len(by_sheet[minutes.sheet_id])) for minutes in issued]


def _freeze(
    session: Session, minutes: Minutes, printed: document_types.Minutes, *, by: str
) -> None:
    rendering.check(TEMPLATE, printed)
    store.freeze(
        session,
        minutes.id,
        kind=TEMPLATE,
        template=rendering.version(TEMPLATE),
        number=minutes.number,
        content=printed,
        on=minutes.issued_on,
        by=by,
    )


def _fact(minutes: Minutes, items: int) -> MinutesIssued:
    return MinutesIssued(
        minutes_id=minutes.id,
        number=minutes.number,
        order_id=minutes.order_id,
        items=items,
        on=minutes.issued_on,
    )
