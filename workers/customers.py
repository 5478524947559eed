"""What a result means for the instrument it is about."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.bench.models import Result
from lims.customers.models import Instrument
from lims.customers.registry import service
from lims.kernel.db import fetch
from lims.reception.models import Item
from lims.vocabulary import Discipline, Outcome, ResultState
from workers.handler import WORKER, on

VERDICTS = (Outcome.PASS, Outcome.FAIL)


@on(ResultAuthorised, ResultWithdrawn, name="customers.set_due_date")
def set_due_date(session: Session, fact: ResultAuthorised | ResultWithdrawn) -> None:
    """Make an instrument's due date agree with the newest verdict that stands.

    The newest is the one of the latest day of work: a verdict on older work that is authorised
    late overwrites nothing. A calibration sets no date (ISO/IEC 17025:2017, 7.8.4.3).
    """
    if fact.instrument_id is None or fact.discipline is not Discipline.VERIFICATION:
        return
    if fact.outcome not in VERDICTS:
        return
    fetch(session, Instrument, fact.instrument_id, hold=True)
    newest = _newest_verdict(session, fact.instrument_id)
    service.set_due(
        session,
        fact.instrument_id,
        newest.valid_until if newest else None,
        result_id=newest.id if newest else fact.result_id,
        on=fact.on,
        by=WORKER,
    )


def _newest_verdict(session: Session, instrument_id: UUID) -> Result | None:
    query = (
        select(Result)
        .join(Item, Item.id == Result.item_id)
        .where(
            Item.instrument_id == instrument_id,
            Item.discipline == Discipline.VERIFICATION,
            Result.state == ResultState.AUTHORISED,
            Result.outcome.in_(VERDICTS),
        )
        .order_by(Result.performed_on.desc(), Result.authorised_on.desc(), Result.id.desc())
    )
    return session.scalars(query.limit(1)).first()
