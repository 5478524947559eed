"""What waits for a second person: by sheet, the exceptions first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from lims.bench.models import Result, SheetStandard, WorkSheet
from lims.bench.review.details import standards_used
from lims.catalogue.models import Method
from lims.customers.models import Customer
from lims.identity.models import Competence
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
    def open(self) -> bool:
        """Tell whether this person can check it."""
        return not self.hindrance


@dataclass(frozen=True)
class Group:
    """The results of one sheet that wait, and what they stand on."""

    sheet: WorkSheet
    order: Order
    requester: Customer
    method: Method
    standards: Sequence[SheetStandard]
    lines: list[Line] = field(default_factory=list)

    @property
    def exceptions(self) -> list[Line]:
        """Return what needs eyes."""
        return [line for line in self.lines if line.result.is_exception]

    @property
    def usual(self) -> list[Line]:
        """Return the rest."""
        return [line for line in self.lines if not line.result.is_exception]


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
        select(Result, Item, WorkSheet, Order, Customer, Method)
        .join(Item, Item.id == Result.item_id)
        .join(WorkSheet, WorkSheet.id == Result.sheet_id)
        .join(Order, Order.id == WorkSheet.order_id)
        .join(Customer, Customer.id == Order.requester_id)
        .join(Method, Method.id == WorkSheet.method_id)
        .where(Result.state == ResultState.SUBMITTED)
        .order_by(Result.id)
        .limit(limit + 1)
    )
    query = query.where(Result.id > after) if after else query
    rows = session.execute(query).all()
    following = rows[limit - 1][0].id if len(rows) > limit else None
    return _groups(session, rows[:limit], login, held), following


def _groups(
    session: Session,
    rows: Sequence[Row[Result, Item, WorkSheet, Order, Customer, Method]],
    login: str,
    held: Sequence[Competence],
) -> list[Group]:
    labels = marks.labels(session, [row[0].id for row in rows])
    used = standards_used(session, {row[2].id for row in rows})
    groups: dict[UUID, Group] = {}
    for result, item, sheet, order, requester, method in rows:
        group = groups.setdefault(
            sheet.id, Group(sheet, order, requester, method, used.get(sheet.id, []))
        )
        hindrance = _hindrance(result, item, login, held)
        group.lines.append(Line(result, item, labels.get(result.id, ""), hindrance))
    for group in groups.values():
        group.lines.sort(key=lambda line: line.item.line)
    return list(groups.values())


def _hindrance(result: Result, item: Item, login: str, held: Sequence[Competence]) -> str:
    if result.performed_by == login:
        return OWN
    return "" if any(_covers(competence, item) for competence in held) else NOT_YOURS


def _covers(held: Competence, item: Item) -> bool:
    """Tell whether an authorisation of today covers an item."""
    return held.discipline is item.discipline and held.field in (None, item.field)
