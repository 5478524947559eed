"""What the documents of authorised results print from, read once for all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from lims.bench.models import Result, SheetStandard, WorkSheet
from lims.catalogue.models import Method
from lims.customers.models import Customer
from lims.documents.parts import Centre
from lims.equipment.models import Standard
from lims.identity import service as identity
from lims.identity.models import Competence, User
from lims.reception.models import Order
from lims.settings import centre
from lims.vocabulary import Act, Discipline, Field

IDS: BindParameter[object] = bindparam("ids", expanding=True)

# Built once: putting such a query together costs a third of asking it.
SHEETS = (
    select(WorkSheet, Method, Order, Customer)
    .join(Method, Method.id == WorkSheet.method_id)
    .join(Order, Order.id == WorkSheet.order_id)
    .join(Customer, Customer.id == Order.requester_id)
    .where(WorkSheet.id.in_(IDS))
    .order_by(WorkSheet.id)
)
PEOPLE = (
    select(User, Competence)
    .outerjoin(Competence, Competence.user_id == User.id)
    .where(User.login.in_(IDS))
    .order_by(Competence.valid_to.desc())
)
STANDARDS = (
    select(
        SheetStandard.sheet_id,
        SheetStandard.code,
        SheetStandard.name,
        SheetStandard.certificate,
        SheetStandard.due_on,
        Standard.calibrated_by,
    )
    .join(Standard, Standard.id == SheetStandard.standard_id)
    .where(SheetStandard.sheet_id.in_(IDS))
    .order_by(SheetStandard.code)
)


class SheetContext(NamedTuple):
    """A sheet and what it hangs on."""

    sheet: WorkSheet
    method: Method
    order: Order
    requester: Customer


class StandardUsed(NamedTuple):
    """A standard as the sheet says it was, and who calibrated it."""

    code: str
    name: str
    certificate: str
    due_on: date
    calibrated_by: str


@dataclass(frozen=True)
class People:
    """Who worked, checked and signed, and what each is authorised for."""

    users: Mapping[str, User]
    competences: Sequence[tuple[str, Competence]]
    """By login; those that run longest come first."""

    def name_of(self, login: str) -> str:
        """Return the name behind a login, or the login of somebody who is not there."""
        return self.users[login].full_name if login in self.users else login

    def held(self, login: str, act: Act, discipline: Discipline) -> list[Competence]:
        """List the cards or decisions under which somebody may act, on whatever days."""
        asked = (login, act, discipline)
        return [
            held for owner, held in self.competences if (owner, held.act, held.discipline) == asked
        ]

    def require(
        self,
        login: str,
        act: Act,
        discipline: Discipline,
        fields: Collection[Field],
        *,
        on: date,
    ) -> Competence:
        """Return the authorisation under which somebody acted on a day; raises Forbidden."""
        held = self.held(login, act, discipline)
        return identity.require_of(held, login, act, discipline, fields, on=on)


@dataclass(frozen=True)
class Sources:
    """The centre, the sheets with their standards, the people with their cards, the stickers."""

    centre: Centre
    sheets: Mapping[UUID, SheetContext]
    standards: Mapping[UUID, Sequence[StandardUsed]]
    people: People
    stickers: Mapping[UUID, str]


def gather(
    session: Session,
    sheets: Mapping[UUID, SheetContext],
    people: People,
    stickers: Mapping[UUID, str],
) -> Sources:
    """Read the rest of it: what decides whether it may be signed was read before."""
    return Sources(
        centre=centre.block(session),
        sheets=sheets,
        standards=_standards(session, sheets),
        people=people,
        stickers=stickers,
    )


def read_sheets(session: Session, sheet_ids: Collection[UUID]) -> dict[UUID, SheetContext]:
    """Read sheets with what they hang on, in the order of their ids."""
    rows = session.execute(SHEETS, {"ids": list(sheet_ids)})
    return {row[0].id: SheetContext(*row) for row in rows}


def read_people(session: Session, results: Iterable[Result], *, by: str) -> People:
    """Read who worked and checked, and who signs, with what each is authorised for."""
    logins = {by}
    for result in results:
        logins |= {result.performed_by, result.checked_by or by}
    rows: list[tuple[User, Competence | None]] = [
        (row[0], row[1]) for row in session.execute(PEOPLE, {"ids": sorted(logins)})
    ]
    return People(
        users={user.login: user for user, _ in rows},
        competences=[(user.login, held) for user, held in rows if held is not None],
    )


def _standards(session: Session, sheet_ids: Iterable[UUID]) -> dict[UUID, list[StandardUsed]]:
    used: dict[UUID, list[StandardUsed]] = {sheet_id: [] for sheet_id in sheet_ids}
    for row in session.execute(STANDARDS, {"ids": list(used)}):
        used[row[0]].append(StandardUsed(*row[1:]))
    return used
