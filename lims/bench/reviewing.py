"""What a second person sees: what waits for the check, exceptions first, and one result whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from lims.bench.models import Minutes, Result, Sheet, SheetStandard
from lims.catalogue.models import Method, Service
from lims.customers.models import Customer
from lims.documents.store import Document
from lims.identity.models import Competence
from lims.kernel.db import fetch
from lims.marks import service as marks
from lims.reception.models import Item, Order
from lims.vocabulary import ResultState

OWN = "You recorded this yourself: somebody else has to check it."
NOT_YOURS = "You have no authorisation to check this field."

MOST = 500
"""Results on one page of the review."""


@dataclass(frozen=True)
class Line:
    """One result that waits."""

    result: Result
    item: Item
    sticker: str
    hindrance: str
    """Why this person cannot check it; empty where nothing stands in the way."""

    @property
    def exception(self) -> bool:
        """Tell whether it needs eyes: it failed, was not performed, or breaks a limit."""
        return self.result.exception or breaks_limit(self.result)

    @property
    def open(self) -> bool:
        """Tell whether this person can check it."""
        return not self.hindrance


@dataclass(frozen=True)
class Group:
    """The results of one sheet that wait, and what they stand on."""

    sheet: Sheet
    order: Order
    requester: Customer
    method: Method
    standards: Sequence[SheetStandard]
    lines: list[Line] = field(default_factory=list)

    @property
    def exceptions(self) -> list[Line]:
        """Return what needs eyes."""
        return [line for line in self.lines if line.exception]

    @property
    def usual(self) -> list[Line]:
        """Return the rest."""
        return [line for line in self.lines if not line.exception]


@dataclass(frozen=True)
class Whole:
    """One result with all it stands on."""

    result: Result
    item: Item
    order: Order
    service: Service
    sheet: Sheet
    method: Method
    standards: Sequence[SheetStandard]
    sticker: str
    minutes: Minutes | None
    document: Document | None


def breaks_limit(result: Result) -> bool:
    """Tell whether a tested value does not meet its limit."""
    return any(one.get("meets") == "no" for one in result.readings.get("values", ()))


def waiting(
    session: Session,
    login: str,
    held: Sequence[Competence],
    *,
    after: UUID | None = None,
    limit: int = MOST,
) -> tuple[list[Group], UUID | None]:
    """List what waits for a check by sheet, the oldest first, and where the next page begins."""
    query = (
        select(Result, Item, Sheet, Order, Customer, Method)
        .join(Item, Item.id == Result.item_id)
        .join(Sheet, Sheet.id == Result.sheet_id)
        .join(Order, Order.id == Sheet.order_id)
        .join(Customer, Customer.id == Order.requester_id)
        .join(Method, Method.id == Sheet.method_id)
        .where(Result.state == ResultState.SUBMITTED)
        .order_by(Result.id)
        .limit(limit + 1)
    )
    query = query.where(Result.id > after) if after else query
    found = session.execute(query).all()
    following = found[limit - 1][0].id if len(found) > limit else None
    return _groups(session, found[:limit], login, held), following


def _groups(
    session: Session,
    found: Sequence[Row[Result, Item, Sheet, Order, Customer, Method]],
    login: str,
    held: Sequence[Competence],
) -> list[Group]:
    labels = marks.labels(session, [row[0].id for row in found])
    used = _used(session, {row[2].id for row in found})
    groups: dict[UUID, Group] = {}
    for result, item, sheet, order, requester, method in found:
        known = used.get(sheet.id, [])
        group = groups.setdefault(sheet.id, Group(sheet, order, requester, method, known))
        hindrance = _hindrance(result, item, login, held)
        group.lines.append(Line(result, item, labels.get(result.id, ""), hindrance))
    for group in groups.values():
        group.lines.sort(key=lambda line: line.item.line)
    return list(groups.values())


def _hindrance(result: Result, item: Item, login: str, held: Sequence[Competence]) -> str:
    if result.performed_by == login:
        return OWN
    return "" if any(_covers(one, item) for one in held) else NOT_YOURS


def _covers(held: Competence, item: Item) -> bool:
    """Tell whether an authorisation of today covers an item."""
    return held.discipline is item.discipline and held.field in (None, item.field)


def _used(session: Session, sheets: Iterable[UUID]) -> dict[UUID, list[SheetStandard]]:
    used: dict[UUID, list[SheetStandard]] = {}
    query = select(SheetStandard).where(SheetStandard.sheet_id.in_(set(sheets)))
    for one in session.scalars(query.order_by(SheetStandard.code)):
        used.setdefault(one.sheet_id, []).append(one)
    return used


def whole(session: Session, result_id: UUID) -> Whole:
    """Gather one result with all it stands on."""
    fetch(session, Result, result_id)
    return _wholes(session, Result.id == result_id)[0]


def of_item(session: Session, item_id: UUID) -> list[Whole]:
    """List the results of an item, the newest first: more than one where one was withdrawn."""
    return _wholes(session, Result.item_id == item_id)


def used_with(session: Session, standard_id: UUID) -> Sequence[Row[Any]]:
    """List what a standard was used for, the latest day first: sheets, with how many results."""
    results = select(func.count()).where(Result.sheet_id == Sheet.id).scalar_subquery()
    query = (
        select(Sheet, Order, Method, SheetStandard.certificate, results.label("results"))
        .join(Sheet, Sheet.id == SheetStandard.sheet_id)
        .join(Order, Order.id == Sheet.order_id)
        .join(Method, Method.id == Sheet.method_id)
        .where(SheetStandard.standard_id == standard_id)
        .order_by(Sheet.performed_on.desc(), Sheet.id.desc())
    )
    return session.execute(query.limit(MOST)).all()


def _wholes(session: Session, which: ColumnElement[bool]) -> list[Whole]:
    query = (
        select(Result, Item, Order, Service, Sheet, Method, Minutes, Document)
        .join(Item, Item.id == Result.item_id)
        .join(Order, Order.id == Item.order_id)
        .join(Service, Service.id == Item.service_id)
        .join(Sheet, Sheet.id == Result.sheet_id)
        .join(Method, Method.id == Sheet.method_id)
        .outerjoin(Minutes, Minutes.id == Result.minutes_id)
        .outerjoin(Document, Document.of == Minutes.id)
        .where(which)
        .order_by(Result.id.desc())
    )
    found = session.execute(query).all()
    labels = marks.labels(session, [row[0].id for row in found])
    used = _used(session, {row[4].id for row in found})
    return [
        Whole(
            *row[:6],
            standards=used.get(row[4].id, []),
            sticker=labels.get(row[0].id, ""),
            minutes=row[6],
            document=row[7],
        )
        for row in found
    ]
