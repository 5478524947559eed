"""What the certificates of a batch share: centre, signatory, cards, standards, stickers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.models import SheetStandard
from lims.certificates.certifiable import Draft, Work
from lims.documents.parts import Centre, Signatory
from lims.equipment.models import Standard
from lims.identity import service as identity
from lims.identity.models import User
from lims.marks import service as marks
from lims.settings import centre
from lims.vocabulary import Act, Discipline, Field


class Used(NamedTuple):
    """A standard as the sheet says it was, and who calibrated it."""

    code: str
    named: str
    certificate: str
    calibrated_by: str


@dataclass(frozen=True)
class Particulars:
    """Everything beside the work itself that certificates print."""

    centre: Centre
    signatory: Signatory
    capacities: dict[Discipline, str]
    names: dict[str, str]
    cards: dict[tuple[str, Discipline, Field, date], str]
    standards: dict[UUID, list[Used]]
    stickers: dict[UUID, str]
    issued_on: date

    def card(self, work: Work) -> str:
        """Return the card under which an item was verified (TT 24/2013/TT-BKHCN, Art 44)."""
        return self.cards[_occasion(work)]


def gather(session: Session, drafts: Sequence[Draft], *, by: str, on: date) -> Particulars:
    """Read it in a statement for each kind of thing; raises Forbidden without an authorisation."""
    works = [work for draft in drafts for work in draft.works]
    people = _people(session, {by, *_hands(works)})
    capacities = _capacities(session, works, people[by], on)
    return Particulars(
        centre=centre.block(session),
        signatory=signatory(people[by], capacities),
        capacities=capacities,
        names={login: user.full_name for login, user in people.items()},
        cards=_cards(session, works),
        standards=_standards(session, {work.sheet.id for work in works}),
        stickers=marks.labels(session, [work.result.id for work in works]),
        issued_on=on,
    )


def capacity(
    session: Session, user: User, discipline: Discipline, fields: Collection[Field], on: date
) -> str:
    """Say by which title and which decision a person signs; raises Forbidden where none holds."""
    held = identity.require(session, user.login, Act.SIGN, discipline, fields, on=on)
    title = " ".join(user.title.split())
    return f"{title} ({held.basis})" if title else held.basis


def signatory(user: User, capacities: dict[Discipline, str]) -> Signatory:
    """Return what stands under the signature; without a title, the decision."""
    return Signatory(title=user.title or next(iter(capacities.values())), name=user.full_name)


def _capacities(
    session: Session, works: Sequence[Work], user: User, on: date
) -> dict[Discipline, str]:
    fields: dict[Discipline, set[Field]] = {}
    for work in works:
        fields.setdefault(work.item.discipline, set()).add(work.item.field)
    return {one: capacity(session, user, one, fields[one], on) for one in sorted(fields)}


def _hands(works: Sequence[Work]) -> set[str]:
    checkers = {work.result.checked_by for work in works if work.result.checked_by is not None}
    return checkers | {work.result.performed_by for work in works}


def _people(session: Session, logins: set[str]) -> dict[str, User]:
    return {one.login: one for one in session.scalars(select(User).where(User.login.in_(logins)))}


def _occasion(work: Work) -> tuple[str, Discipline, Field, date]:
    result, item = work.result, work.item
    return (result.performed_by, item.discipline, item.field, result.performed_on)


def _cards(
    session: Session, works: Sequence[Work]
) -> dict[tuple[str, Discipline, Field, date], str]:
    occasions = {_occasion(work) for work in works if work.item.discipline is CARDED}
    return {one: _card(session, *one) for one in occasions}


CARDED = Discipline.VERIFICATION
"""Only verification asks for an inspector's card."""


def _card(session: Session, login: str, discipline: Discipline, field: Field, on: date) -> str:
    return identity.require(session, login, Act.PERFORM, discipline, {field}, on=on).basis


def _standards(session: Session, sheet_ids: set[UUID]) -> dict[UUID, list[Used]]:
    used = SheetStandard
    query = (
        select(used.sheet_id, used.code, used.name, used.certificate, Standard.calibrated_by)
        .join(Standard, Standard.id == used.standard_id)
        .where(used.sheet_id.in_(sheet_ids))
        .order_by(used.code)
    )
    found: dict[UUID, list[Used]] = {}
    for sheet_id, *said in session.execute(query):
        found.setdefault(sheet_id, []).append(Used(*said))
    return found
