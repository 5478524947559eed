"""The due date of an instrument follows the newest verdict that stands."""

from collections.abc import Sequence
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
    """What the newest verdict on an instrument says."""

    valid_until: date | None
    result_id: UUID


def follow(session: Session, facts: Sequence[Fact], *, by: str) -> None:
    """Make due dates agree with the newest verdicts that stand, for a batch of facts at once.

    The newest is the one of the latest day of work: a verdict on older work that is authorised
    late overwrites nothing. A calibration sets no date (ISO/IEC 17025:2017, 7.8.4.3). Locks: the
    instruments, in key order, before their verdicts are read.
    """
    latest = {
        fact.instrument_id: fact
        for fact in facts
        if fact.instrument_id is not None
        and KINDS[fact.discipline].has_cycle
        and fact.outcome in VERDICTS
    }
    instruments = fetch_all(session, Instrument, list(latest), hold=True)
    newest = newest_verdicts(session, list(latest))
    for instrument in instruments:
        fact = latest[instrument.id]
        due_on, result_id = newest.get(instrument.id, Verdict(None, fact.result_id))
        registry.set_due(session, instrument, due_on, result_id=result_id, on=fact.on, by=by)


def newest_verdicts(session: Session, instrument_ids: Sequence[UUID]) -> dict[UUID, Verdict]:
    """Return the verdict of the latest day of work on each instrument that has one."""
    query = (
        select(Item.instrument_id, Result.valid_until, Result.id)
        .join(Item, Item.id == Result.item_id)
        .where(
            Item.instrument_id.in_(instrument_ids),
            Item.discipline.in_(WITH_CYCLE),
            Result.state == ResultState.AUTHORISED,
            Result.outcome.in_(VERDICTS),
        )
        .order_by(Result.performed_on, Result.authorised_on, Result.id)
    )
    return {row[0]: Verdict(row[1], row[2]) for row in session.execute(query) if row[0]}
