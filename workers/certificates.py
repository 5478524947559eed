"""What results do to certificates."""

from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.certificates import service
from lims.disciplines import KINDS
from lims.eventlog import private
from lims.vocabulary import Outcome
from workers.handler import WORKER, on


@on(ResultAuthorised, name="certificates.end_after_fail")
def end_after_fail(session: Session, fact: ResultAuthorised) -> None:
    """End the verification of an instrument that failed its next one."""
    holds_until = KINDS[fact.discipline].has_cycle
    if holds_until and fact.outcome is Outcome.FAIL and fact.instrument_id is not None:
        service.end_after_fail(session, fact.result_id, fact.instrument_id, on=fact.on, by=WORKER)


@on(ResultWithdrawn, name="certificates.withdraw_place")
def withdraw_place(session: Session, fact: ResultWithdrawn) -> None:
    """Take back what a withdrawn result stood for."""
    reason = private.reveal(session, fact.reason)
    service.withdraw_place(session, fact.result_id, reason=reason, on=fact.on, by=WORKER)
