"""What results do to certificates."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.certificates import service
from lims.eventlog import private
from workers.handler import WORKER, on


@on(ResultAuthorised, name="certificates.end_after_fail", together=True)
def follow_verdicts(session: Session, facts: Sequence[ResultAuthorised]) -> None:
    """Let the newest verification of an instrument hold, unless it failed since."""
    service.follow_verdicts(session, facts, by=WORKER)


@on(ResultWithdrawn, name="certificates.withdraw_place")
def withdraw_place(session: Session, fact: ResultWithdrawn) -> None:
    """Take back what a withdrawn result stood for, and let hold again what it had ended."""
    reason = private.reveal(session, fact.reason)
    service.follow_withdrawal(session, fact, reason=reason, by=WORKER)
