"""What billing does because of facts: work that the centre answers for is charged."""

from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.billing.charges import agreement
from lims.contracts.events import DeliverableAccepted
from workers.handler import WORKER, on


@on(ResultAuthorised, ResultWithdrawn, DeliverableAccepted, name="billing.settle_charge")
def agree_charge(
    session: Session, fact: ResultAuthorised | ResultWithdrawn | DeliverableAccepted
) -> None:
    """Make the charge agree with its result, or with the deliverable that was accepted."""
    agreement.agree(session, fact, by=WORKER)
