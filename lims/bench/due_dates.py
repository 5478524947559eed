"""The due date of an instrument follows the newest verdict that stands."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.bench.models import Result
from lims.customers.models import Instrument
from lims.customers.registry import service as registry
from lims.disciplines import KINDS, WITH_CYCLE
from lims.kernel.db import fetch_all
from lims.reception.models import Item
from lims.vocabulary import Outcome, ResultState

VERDICTS = (Outcome.PASS, Outcome.FAIL)

Fact = ResultAuthorised | ResultWithdrawn


class Verdict(NamedTuple):
    """What one verification found, and until when it holds if it passed."""

    performed_on: date
    result_id: UUID
    outcome: Outcome
    valid_until: date | None

    @property
    def worked(self) -> tuple[date, UUID]:
        """When the work was done: by its day, and within a day as it was recorded."""
        return self.performed_on, self.result_id


def follow(session: Session, facts: Sequence[Fact], *, by: str) -> None:
    """Make due dates agree with the newest verdicts that stand, for a batch of facts at once.

    The newest is the one of the latest day of work: a verdict on older work that is authorised
    late overwrites nothing. Locks: the instruments, in key order, before their verdicts are read.
    """
    latest = by_instrument(facts)
    instruments = fetch_all(session, Instrument, list(latest), hold=True)
    standing = verdicts(session, list(latest))
    for instrument in instruments:
        fact = latest[instrument.id]
        newest = standing[instrument.id][-1] if instrument.id in standing else None
        registry.set_due(
            session,
            instrument,
            newest.valid_until if newest else None,
            result_id=newest.result_id if newest else fact.result_id,
            on=fact.on,
            by=by,
            stands=newest is not None,
        )


def by_instrument(facts: Iterable[Fact]) -> dict[UUID, Fact]:
    """Sort verdicts by their instrument, the last fact of each.

    A calibration sets no date (ISO/IEC 17025:2017, 7.8.4.3).
    """
    return {
        fact.instrument_id: fact
        for fact in facts
        if fact.instrument_id is not None
        and KINDS[fact.discipline].has_cycle
        and fact.outcome in VERDICTS
    }


def verdicts(session: Session, instrument_ids: Sequence[UUID]) -> dict[UUID, list[Verdict]]:
    """Return the verdicts that stand of each instrument that has any, by day of work."""
    query = (
        select(
            Item.instrument_id,
            Result.performed_on,
            Result.id,
            Result.outcome,
            Result.valid_until,
        )
        .join(Item, Item.id == Result.item_id)
        .where(
            Item.instrument_id.in_(instrument_ids),
            Item.discipline.in_(WITH_CYCLE),
            Result.state == ResultState.AUTHORISED,
            Result.outcome.in_(VERDICTS),
        )
        .order_by(Result.performed_on, Result.id)
    )
    standing: dict[UUID, list[Verdict]] = {}
    for row in session.execute(query):
        if row[0] is not None:
            standing.setdefault(row[0], []).append(Verdict(*row[1:]))
    return standing
