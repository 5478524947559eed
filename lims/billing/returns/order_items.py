"""What became of the items of an order: state, result, certificate, and how they went back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from lims.bench import queries as bench
from lims.bench.queries import Finding
from lims.billing.returns.handing_over import READY
from lims.certificates import queries as certificates
from lims.reception.models import HandedOverItem, HandOver, Item
from lims.vocabulary import ItemState, Outcome, ResultState


@dataclass(frozen=True)
class Line:
    """One item with what the work on it came to."""

    item: Item
    finding: Finding | None
    certificate: str = ""
    """The number of the certificate on which its result stands."""

    @property
    def ready(self) -> bool:
        """Tell whether it may go back."""
        return self.item.state in READY

    @property
    def result(self) -> Outcome | ResultState | None:
        """Return what the work came to, if it is authorised."""
        return self.finding.shown if self.finding else None

    @property
    def reason(self) -> str:
        """Return why it failed or was not performed."""
        return self.finding.reason if self.finding else ""


def of_order(session: Session, order_id: UUID) -> list[Line]:
    """List the items of an order that are here, by their line."""
    here = (Item.order_id == order_id, Item.state != ItemState.HANDED_OVER)
    return _lines(session, select(Item).where(*here))


def of_hand_over(session: Session, hand_over_id: UUID) -> list[Line]:
    """List the items that went back together, by their line."""
    query = select(Item).join(HandedOverItem, HandedOverItem.item_id == Item.id)
    return _lines(session, query.where(HandedOverItem.hand_over_id == hand_over_id))


def hand_overs(session: Session, order_id: UUID) -> Sequence[HandOver]:
    """List the returns of an order, the first one first."""
    query = select(HandOver).where(HandOver.order_id == order_id).order_by(HandOver.id)
    return session.scalars(query).all()


def _lines(session: Session, query: Select[Item]) -> list[Line]:
    items = session.scalars(query.order_by(Item.line)).all()
    findings = bench.outcomes(session, [item.id for item in items])
    ids = [finding.result_id for finding in findings.values()]
    numbers = certificates.numbers(session, ids)
    return [_line(item, findings.get(item.id), numbers) for item in items]


def _line(item: Item, finding: Finding | None, numbers: Mapping[UUID, str]) -> Line:
    number = numbers.get(finding.result_id, "") if finding else ""
    return Line(item, finding, number)
