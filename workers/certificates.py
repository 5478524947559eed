"""What results do to certificates."""

from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.certificates import service
from lims.eventlog import private
from workers.handler import WORKER, on


@on(ResultAuthorised, name="certificates.end_after_fail")
def end_after_fail(session: Session, fact: ResultAuthorised) -> None:
    """End the verification of an instrument that failed its next one."""
    service.end_after_fail(session, fact, by=WORKER)


@on(ResultWithdrawn, name="certificates.withdraw_place")
def withdraw_place(session: Session, fact: ResultWithdrawn) -> None:
    """Take back what a withdrawn result stood for."""
    reason = private.reveal(session, fact.reason)
    service.withdraw_place(session, fact.result_id, reason=reason, on=fact.on, by=WORKER)
