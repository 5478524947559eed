"""What the bench's own pages ask: what waits, what came back, and what a sheet begins with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Session

from lims.bench.models import Result, Sheet, SheetStandard
from lims.catalogue import service as catalogue
from lims.catalogue.models import Method, Service
from lims.customers.models import Customer
from lims.disciplines import AT_BENCH
from lims.equipment import service as equipment
from lims.equipment.models import Standard
from lims.identity.models import Competence, User
from lims.kernel.db import fetch_all
from lims.kernel.words import fold
from lims.marks import service as marks
from lims.marks.models import Book
from lims.reception.models import Item, Order
from lims.vocabulary import Act, Discipline, Field, ItemState, Place, ResultState

LATELY = 2_000
"""Results looked at for reasons to propose."""

PROPOSED = 12


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


@dataclass(frozen=True)
class Beginning:
    """What a sheet is filled in with before anybody types."""

    methods: Sequence[Method]
    method_id: UUID | None
    standards: Sequence[Standard]
    ticked: Collection[UUID]
    environment: dict[str, str]
    performed_on: date
    place: Place
    book: Book | None = None
    reasons: Sequence[str] = field(default_factory=list)


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
        and_(Item.discipline == one.discipline, true() if one.field is None else _of(one.field))
        for one in held
    ]
    return or_(false(), *covered)


def _of(measured: Field) -> ColumnElement[bool]:
    return Item.field == measured


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
    found = [(row[1], row[2], row[3], row[4]) for row in session.execute(query)]
    return _batches(session, found)


def _batches(session: Session, found: Sequence[tuple[UUID, UUID, int, int]]) -> list[Batch]:
    orders = {one.id: one for one in fetch_all(session, Order, [row[0] for row in found])}
    services = {one.id: one for one in fetch_all(session, Service, [row[1] for row in found])}
    asking = [order.requester_id for order in orders.values()]
    requesters = {one.id: one for one in fetch_all(session, Customer, asking)}
    return [
        Batch(
            order=orders[order_id],
            service=services[service_id],
            requester=requesters[orders[order_id].requester_id],
            waiting=waiting,
            drafts=drafts,
        )
        for order_id, service_id, waiting, drafts in found
    ]


def sent_back(session: Session, login: str, limit: int = 50) -> list[tuple[Result, Item, Order]]:
    """List what a person has to look at again, the oldest first."""
    query = (
        select(Result, Item, Order)
        .join(Item, Item.id == Result.item_id)
        .join(Order, Order.id == Item.order_id)
        .where(Result.state == ResultState.DRAFT, Result.sent_back != "")
        .where(Result.performed_by == login)
        .order_by(Result.id)
        .limit(limit)
    )
    return [(result, item, order) for result, item, order in session.execute(query)]


def scanned(session: Session, text: str) -> Item | None:
    """Find the item of a label or a serial; one that waits comes before one that does not."""
    waits = Item.state.in_((ItemState.RECEIVED, ItemState.RECORDED))
    query = (
        select(Item)
        .where(or_(Item.code == text.strip().upper(), Item.serial_folded == fold(text)))
        .order_by(waits.desc(), Item.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def rows(session: Session, order_id: UUID, service_id: UUID, login: str) -> list[Row]:
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
    found: list[tuple[Item, Result | None]] = [(row[0], row[1]) for row in session.execute(query)]
    labels = marks.labels(session, [draft.id for _, draft in found if draft is not None])
    return [
        Row(item, draft, "" if draft is None else labels.get(draft.id, "")) for item, draft in found
    ]


def beginning(
    session: Session, order: Order, service: Service, drafts: Sequence[Result], login: str, on: date
) -> Beginning:
    """Fill in a sheet: from the drafts there are, else from what was used and read last."""
    methods = _methods(session, service, on)
    draft = session.get(Sheet, drafts[0].sheet_id) if drafts else None
    method_id = draft.method_id if draft else _method(service, methods)
    standards = equipment.usable(session, on)
    before = draft or _before(session, login, service, method_id)
    today = draft or _last(session, login, Sheet.performed_on == on, own=True)
    user_id = session.scalar(select(User.id).where(User.login == login))
    return Beginning(
        methods=methods,
        method_id=method_id,
        standards=sorted(standards, key=lambda one: (one.field is not service.field, one.code)),
        ticked=_ticked(session, before, [one for one in standards if one.field is service.field]),
        environment=dict(today.environment) if today else {},
        performed_on=draft.performed_on if draft else on,
        place=draft.place if draft else order.place,
        book=marks.book_of(session, user_id, service.discipline) if user_id else None,
        reasons=reasons(session),
    )


def _methods(session: Session, service: Service, on: date) -> list[Method]:
    found = catalogue.methods(session, service.discipline, on, service.type_id)
    own = session.get(Method, service.method_id) if service.method_id else None
    if own is not None and own.holds(on) and own not in found:
        return [own, *found]
    return found


def _method(service: Service, methods: Sequence[Method]) -> UUID | None:
    ids = [one.id for one in methods]
    if service.method_id in ids:
        return service.method_id
    return ids[0] if ids else None


def _last(
    session: Session, login: str, what: ColumnElement[bool], *, own: bool = False
) -> Sheet | None:
    """Find the newest such sheet: the person's own, or else, if that will do, anybody's."""
    query = select(Sheet).where(what)
    mine = Sheet.performed_by == login
    query = query.where(mine) if own else query.order_by(mine.desc())
    return session.scalars(query.order_by(Sheet.id.desc()).limit(1)).first()


def _before(session: Session, login: str, service: Service, method_id: UUID | None) -> Sheet | None:
    """Find the newest sheet by the method, or else of such work in the field."""
    by_method = _last(session, login, Sheet.method_id == method_id)
    if by_method is not None:
        return by_method
    query = (
        select(Sheet)
        .join(SheetStandard, SheetStandard.sheet_id == Sheet.id)
        .join(Standard, Standard.id == SheetStandard.standard_id)
        .where(Standard.field == service.field, Sheet.discipline == service.discipline)
    )
    return session.scalars(query.order_by(Sheet.id.desc()).limit(1)).first()


def _ticked(session: Session, before: Sheet | None, fitting: Sequence[Standard]) -> set[UUID]:
    """Tick what was used before; without that, the only one there is."""
    if before is not None:
        query = select(SheetStandard.standard_id).where(SheetStandard.sheet_id == before.id)
        return set(session.scalars(query))
    return {fitting[0].id} if len(fitting) == 1 else set()


def reasons(session: Session) -> list[str]:
    """Propose the reasons given lately, the newest first."""
    lately = select(Result.reason, Result.id).order_by(Result.id.desc()).limit(LATELY).subquery()
    query = select(lately.c.reason).where(lately.c.reason != "").order_by(lately.c.id.desc())
    return list(dict.fromkeys(session.scalars(query)))[:PROPOSED]
