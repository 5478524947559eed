"""What waits for the signature, and what signing it will issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.certificates.composition import certifiable
from lims.certificates.composition.certifiable import Draft, ResultContext
from lims.customers.models import Customer
from lims.reception.models import Item, Order
from lims.vocabulary import ItemState, Outcome, ResultState

SHOWN = 400
"""Results of one page; an order is never cut in two, unless it is larger than a page."""

COUNTED = 1_000
"""More than so many are "a thousand": nobody needs the exact figure."""


@dataclass(frozen=True)
class Group:
    """What waits of one order: exceptions first, and what signing it will issue."""

    order: Order
    requester: Customer
    contexts: Sequence[ResultContext]
    drafts: Sequence[Draft]

    @property
    def lists(self) -> list[Draft]:
        """The certificates that are lists."""
        return [draft for draft in self.drafts if draft.listed]

    @property
    def singles(self) -> int:
        """How many items get a certificate of their own."""
        return len(self.drafts) - len(self.lists)

    @property
    def minutes_only(self) -> int:
        """How many failed, so that only the minutes tell of them."""
        return sum(context.result.outcome is Outcome.FAIL for context in self.contexts)

    @property
    def not_performed(self) -> int:
        """How many were not worked on."""
        return sum(context.result.outcome is Outcome.NOT_PERFORMED for context in self.contexts)


class Queue(NamedTuple):
    """What one order has waiting, as the home page shows it."""

    order_id: UUID
    number: str
    requester: str
    results: int


def groups(
    session: Session,
    *,
    after: UUID | None = None,
    order_id: UUID | None = None,
    shown: int = SHOWN,
) -> tuple[list[Group], UUID | None]:
    """Show what waits by order, the oldest first, and after which order the rest begins."""
    query = (
        select(Result)
        .join(Item, Item.id == Result.item_id)
        .where(Item.state == ItemState.CHECKED, Result.state == ResultState.CHECKED)
        .order_by(Item.order_id, Item.line)
        .limit(shown + 1)
    )
    query = query.where(Item.order_id > after) if after else query
    query = query.where(Item.order_id == order_id) if order_id else query
    contexts = certifiable.about(session, session.scalars(query).all())
    if len(contexts) <= shown:
        return _by_order(contexts), None
    complete = [
        context for context in contexts if context.order.id != contexts[-1].order.id
    ] or contexts[:shown]
    return _by_order(complete), complete[-1].order.id


def count(session: Session) -> int:
    """Count what waits, up to a thousand."""
    checked = select(Result.id).where(Result.state == ResultState.CHECKED).limit(COUNTED)
    return session.scalar(select(func.count()).select_from(checked.subquery())) or 0


def queues(session: Session, limit: int = 5) -> list[Queue]:
    """Name the orders that have waited longest."""
    query = (
        select(Item.order_id, Order.number, Customer.name, func.count())
        .join(Result, Result.item_id == Item.id)
        .join(Order, Order.id == Item.order_id)
        .join(Customer, Customer.id == Order.requester_id)
        .where(Item.state == ItemState.CHECKED, Result.state == ResultState.CHECKED)
        .group_by(Item.order_id, Order.number, Customer.name)
        .order_by(Item.order_id)
        .limit(limit)
    )
    return [Queue(*row) for row in session.execute(query)]


def _by_order(contexts: Sequence[ResultContext]) -> list[Group]:
    together: dict[UUID, list[ResultContext]] = {}
    for context in contexts:
        together.setdefault(context.order.id, []).append(context)
    return [_group(contexts) for contexts in together.values()]


def _group(contexts: Sequence[ResultContext]) -> Group:
    first = contexts[0]
    ordered = sorted(
        contexts, key=lambda context: (not context.result.is_exception, context.item.line)
    )
    return Group(first.order, first.requester, ordered, certifiable.drafts(contexts))
