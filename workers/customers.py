"""What a result means for the instrument it is about."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lims.bench import due_dates
from lims.bench.events import ResultAuthorised, ResultWithdrawn
from workers.handler import WORKER, on


@on(ResultAuthorised, ResultWithdrawn, name="customers.set_due_date", together=True)
def set_due_dates(session: Session, facts: Sequence[ResultAuthorised | ResultWithdrawn]) -> None:
    """Make due dates agree with the newest verdicts that stand."""
    due_dates.follow(session, facts, by=WORKER)
