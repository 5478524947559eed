"""The minutes of what was authorised together from one sheet: numbered, and fixed for printing."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from lims.bench.events import MinutesIssued
from lims.bench.minutes import content, document_types
from lims.bench.minutes.content import Pair
from lims.bench.models import Minutes, WorkSheet
from lims.documents import rendering, store
from lims.kernel import numbering
from lims.kernel.db import fetch_all
from lims.reception.models import Order

SERIES, PREFIX = "minutes", "BB"
TEMPLATE = "minutes"


def issue(
    session: Session,
    by_sheet: Mapping[UUID, Sequence[Pair]],
    orders: Mapping[UUID, Order],
    *,
    on: date,
    by: str,
) -> list[MinutesIssued]:
    """Issue the minutes of each sheet; locks the counter, so it comes last."""
    sheets = fetch_all(session, WorkSheet, list(by_sheet))
    sources = content.look_up(session, sheets, by_sheet, orders)
    numbers = numbering.take(session, SERIES, on.year, len(sheets))
    issued = [
        Minutes(
            number=numbering.spelled(PREFIX, on.year, number),
            sheet_id=sheet.id,
            order_id=sheet.order_id,
            issued_on=on,
        )
        for sheet, number in zip(sheets, numbers, strict=True)
    ]
    session.execute(insert(Minutes), [_row(minutes) for minutes in issued])
    for minutes, sheet in zip(issued, sheets, strict=True):
        pairs = by_sheet[sheet.id]
        printed = content.compose(minutes.number, sheet, orders[sheet.order_id], pairs, sources)
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


def _row(minutes: Minutes) -> dict[str, object]:
    """Write the minutes as a row, there before the results that will name it."""
    return {column.key: getattr(minutes, column.key) for column in Minutes.__table__.columns}


def _fact(minutes: Minutes, items: int) -> MinutesIssued:
    return MinutesIssued(
        minutes_id=minutes.id,
        number=minutes.number,
        order_id=minutes.order_id,
        items=items,
        on=minutes.issued_on,
    )
