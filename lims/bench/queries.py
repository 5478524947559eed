"""What waits at the bench, what came back, and what stands on a sheet."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.catalogue.models import Service
from lims.customers.models import Customer
from lims.disciplines import AT_BENCH
from lims.identity.models import Competence, User
from lims.kernel.db import fetch_all
from lims.kernel.words import fold
from lims.marks import service as marks
from lims.reception.models import Item, Order
from lims.vocabulary import Act, Discipline, Field, ItemState, Outcome, ResultState

M = TypeVar("M", Order, Service, Customer)


@dataclass(frozen=True)
class Batch:
    """The items of one order that ask for the same service."""

    order: Order
    service: Service
    requester: Customer
    waiting: int
    drafts: int

    @property
    def cursor(self) -> str:
        """Return the place in the list after it."""
        return f"{self.order.promised_on.isoformat()}.{self.order.id}.{self.service.id}"


@dataclass(frozen=True)
class Row:
    """One item on a sheet, with what was written of it before."""

    item: Item
    draft: Result | None
    sticker: str = ""


class Finding(NamedTuple):
    """What the work on an item came to, once it was authorised."""

    result_id: UUID
    outcome: Outcome
    state: ResultState
    reason: str

    @property
    def shown(self) -> Outcome | ResultState:
        """Return what is shown of it: a result that was withdrawn is none."""
        return self.state if self.state is ResultState.WITHDRAWN else self.outcome


def outcomes(session: Session, item_ids: Sequence[UUID]) -> dict[UUID, Finding]:
    """Return what was last authorised of each of some items, be it withdrawn since."""
    query = (
        select(Result.item_id, Result.id, Result.outcome, Result.state, Result.reason)
        .where(
            Result.item_id.in_(item_ids),
            Result.state.in_((ResultState.AUTHORISED, ResultState.WITHDRAWN)),
        )
        .order_by(Result.id)
    )
    return {
        item_id: Finding(result_id, outcome, state, reason)
        for item_id, result_id, outcome, state, reason in session.execute(query)
    }


def competences(session: Session, login: str, act: Act, on: date) -> list[Competence]:
    """List what a person is authorised for on a day."""
    query = (
        select(Competence)
        .join(User, User.id == Competence.user_id)
        .where(User.login == login, Competence.act == act)
        .where(Competence.valid_from <= on, Competence.valid_to >= on)
    )
    return list(session.scalars(query))


def within(held: Sequence[Competence] | None) -> ColumnElement[bool]:
    """Say which items an authorisation covers; None covers all, as for a reader."""
    if held is None:
        return true()
    covered = [
        and_(
            Item.discipline == competence.discipline,
            true() if competence.field is None else Item.field == competence.field,
        )
        for competence in held
    ]
    return or_(false(), *covered)


def worklist(
    session: Session,
    login: str,
    *,
    held: Sequence[Competence] | None,
    discipline: Discipline | None = None,
    measured: Field | None = None,
    order_id: UUID | None = None,
    after: tuple[date, UUID, UUID] | None = None,
    limit: int = 50,
) -> list[Batch]:
    """List what waits, the oldest promise first; one row more than `limit`."""
    drafted = and_(
        Result.item_id == Item.id, Result.state == ResultState.DRAFT, Result.performed_by == login
    )
    waits = Item.state == ItemState.RECEIVED
    place = (Order.promised_on, Item.order_id, Item.service_id)
    query = (
        select(*place, func.count().filter(waits), func.count(Result.id))
        .join(Order, Order.id == Item.order_id)
        .outerjoin(Result, drafted)
        .where(or_(waits, and_(Item.state == ItemState.RECORDED, Result.id.is_not(None))))
        .where(Item.discipline.in_(AT_BENCH), within(held))
        .group_by(*place)
        .order_by(*place)
        .limit(limit + 1)
    )
    for column, wanted in (
        (Item.discipline, discipline),
        (Item.field, measured),
        (Item.order_id, order_id),
    ):
        query = query.where(column == wanted) if wanted is not None else query
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*after))
    return _batches(session, [(row[1], row[2], row[3], row[4]) for row in session.execute(query)])


def _batches(session: Session, counts: Sequence[tuple[UUID, UUID, int, int]]) -> list[Batch]:
    orders = _by_id(fetch_all(session, Order, [row[0] for row in counts]))
    services = _by_id(fetch_all(session, Service, [row[1] for row in counts]))
    asking = [order.requester_id for order in orders.values()]
    requesters = _by_id(fetch_all(session, Customer, asking))
    return [
        Batch(
            order=orders[order_id],
            service=services[service_id],
            requester=requesters[orders[order_id].requester_id],
            waiting=waiting,
            drafts=drafts,
        )
        for order_id, service_id, waiting, drafts in counts
    ]


def _by_id(rows: Iterable[M]) -> dict[UUID, M]:
    return {row.id: row for row in rows}


def sent_back(session: Session, login: str, limit: int = 50) -> list[tuple[Result, Item, Order]]:
    """List what a person has to look at again, the oldest first."""
    query = (
        select(Result, Item, Order)
        .join(Item, Item.id == Result.item_id)
        .join(Order, Order.id == Item.order_id)
        .where(Result.state == ResultState.DRAFT, Result.return_reason != "")
        .where(Result.performed_by == login)
        .order_by(Result.id)
        .limit(limit)
    )
    return [(result, item, order) for result, item, order in session.execute(query)]


def find_scanned_item(session: Session, text: str) -> Item | None:
    """Find the item of a label or a serial; one that waits comes before one that does not."""
    waits = Item.state.in_((ItemState.RECEIVED, ItemState.RECORDED))
    query = (
        select(Item)
        .where(or_(Item.code == text.strip().upper(), Item.serial_folded == fold(text)))
        .order_by(waits.desc(), Item.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def rows_of(session: Session, order_id: UUID, service_id: UUID, login: str) -> list[Row]:
    """List the items of a batch that a person can write down now."""
    drafted = and_(
        Result.item_id == Item.id, Result.state == ResultState.DRAFT, Result.performed_by == login
    )
    query = (
        select(Item, Result)
        .outerjoin(Result, drafted)
        .where(Item.order_id == order_id, Item.service_id == service_id)
        .where(or_(Item.state == ItemState.RECEIVED, Result.id.is_not(None)))
        .order_by(Item.line)
    )
    lines: list[tuple[Item, Result | None]] = [(row[0], row[1]) for row in session.execute(query)]
    labels = marks.labels(session, [draft.id for _, draft in lines if draft])
    return [Row(item, draft, labels.get(draft.id, "") if draft else "") for item, draft in lines]


def drafts_of(session: Session, login: str, *where: ColumnElement[bool]) -> list[Result]:
    """Hold what a person wrote down of some items and has not submitted yet."""
    mine = (Result.state == ResultState.DRAFT, Result.performed_by == login)
    query = select(Result).join(Item, Item.id == Result.item_id).where(*mine, *where)
    return list(session.scalars(query.order_by(Result.id).with_for_update(of=Result)))


def drafts_revision(drafts: Iterable[Result]) -> str:
    """Tell one state of a sheet from another: it is as many rows as were written down."""
    written = sorted(
        (str(draft.id), draft.outcome, draft.reason, str(draft.sheet_id), draft.readings)
        for draft in drafts
    )
    return hashlib.sha256(repr(written).encode()).hexdigest()[:16]


def draft_of(session: Session, item_id: UUID, login: str) -> Result | None:
    """Find what a person wrote down of an item and has not submitted yet."""
    query = select(Result).where(
        Result.item_id == item_id,
        Result.state == ResultState.DRAFT,
        Result.performed_by == login,
    )
    return session.scalars(query).first()
