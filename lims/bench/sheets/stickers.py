"""The stickers of a sheet: reserved with the result, spoiled when it passes no more."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from lims.bench.commands import NO_STICKERS
from lims.bench.models import Result, WorkSheet
from lims.disciplines import KINDS, StickerUse
from lims.identity import service as identity
from lims.kernel import clock
from lims.marks import service as marks
from lims.vocabulary import Outcome

STUCK_ON = frozenset({Outcome.PASS, Outcome.MEASURED})


def reserve_stickers(
    session: Session,
    sheet: WorkSheet,
    results: Sequence[Result],
    *,
    typed: Mapping[UUID, int],
    first: int | None,
) -> None:
    """Make the stickers agree with the outcomes.

    `typed` are the numbers given one by one. `first` begins a run for the others; without it
    verifications that passed take the next numbers of the person's book, if there is one.
    """
    held = marks.labels(session, [result.id for result in results])
    for result in results:
        if result.id in held and result.outcome not in STUCK_ON:
            _spoil(session, result)
    bare = [result.id for result in results if result.outcome in STUCK_ON and result.id not in held]
    _reserve_typed(session, sheet, {key: typed[key] for key in bare if key in typed})
    _reserve_run(session, sheet, [key for key in bare if key not in typed], first)


def _spoil(session: Session, result: Result) -> None:
    marks.spoil(
        session, [result.id], reason=result.reason, on=clock.today(), by=result.performed_by
    )


def _reserve_typed(session: Session, sheet: WorkSheet, typed: Mapping[UUID, int]) -> None:
    for ids, number in _runs(typed):
        _reserve(session, sheet, _holder(session, sheet), ids, number)


def _reserve_run(
    session: Session, sheet: WorkSheet, ids: Sequence[UUID], first: int | None
) -> None:
    if not ids or first == NO_STICKERS:
        return
    holder = _holder(session, sheet)
    if first is not None or _usual(session, sheet, holder):
        _reserve(session, sheet, holder, ids, first)


def _usual(session: Session, sheet: WorkSheet, holder: UUID) -> bool:
    """Tell whether stickers go without saying."""
    if KINDS[sheet.discipline].stickers is not StickerUse.USUAL:
        return False
    return marks.book_of(session, holder, sheet.discipline) is not None


def _reserve(
    session: Session, sheet: WorkSheet, holder: UUID, ids: Sequence[UUID], first: int | None
) -> None:
    marks.reserve(session, holder, ids, discipline=sheet.discipline, first=first)


def _holder(session: Session, sheet: WorkSheet) -> UUID:
    return identity.by_login(session, sheet.performed_by).id


def _runs(typed: Mapping[UUID, int]) -> list[tuple[list[UUID], int]]:
    """Sort numbers into runs without a gap: each is taken from the book at once."""
    runs: list[tuple[list[UUID], int]] = []
    for key, number in sorted(typed.items(), key=lambda pair: pair[1]):
        if runs and number == runs[-1][1] + len(runs[-1][0]):
            runs[-1][0].append(key)
        else:
            runs.append(([key], number))
    return runs
