"""What a sheet is filled in with before anybody types."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lims.bench.models import Result, SheetStandard, WorkSheet
from lims.catalogue import service as catalogue
from lims.catalogue.models import Method, Service
from lims.equipment import service as equipment
from lims.equipment.models import Standard
from lims.identity.models import User
from lims.marks import service as marks
from lims.marks.models import Book
from lims.reception.models import Order
from lims.vocabulary import Place

RECENT = 2_000
"""Results looked at for reasons to propose."""

PROPOSED = 12


@dataclass(frozen=True)
class Beginning:
    """The boxes of an empty sheet, filled in as far as it can be."""

    methods: Sequence[Method]
    method_id: UUID | None
    standards: Sequence[Standard]
    ticked: Collection[UUID]
    environment: dict[str, str]
    performed_on: date
    place: Place
    book: Book | None = None
    reasons: Sequence[str] = field(default_factory=list)


def begin(
    session: Session, order: Order, service: Service, drafts: Sequence[Result], login: str, on: date
) -> Beginning:
    """Fill in a sheet: from the drafts there are, else from what was used and read last."""
    methods = _methods(session, service, on)
    draft = session.get(WorkSheet, drafts[0].sheet_id) if drafts else None
    method_id = draft.method_id if draft else _method(service, methods)
    standards = equipment.usable(session, on)
    before = draft or _before(session, login, service, method_id)
    today = draft or _last(session, login, WorkSheet.performed_on == on, own=True)
    user_id = session.scalar(select(User.id).where(User.login == login))
    fitting = [standard for standard in standards if standard.field is service.field]
    return Beginning(
        methods=methods,
        method_id=method_id,
        standards=fitting + [standard for standard in standards if standard not in fitting],
        ticked=_ticked(session, before, fitting),
        environment=dict(today.environment) if today else {},
        performed_on=draft.performed_on if draft else on,
        place=draft.place if draft else order.place,
        book=marks.book_of(session, user_id, service.discipline) if user_id else None,
        reasons=_recent_reasons(session),
    )


def _methods(session: Session, service: Service, on: date) -> list[Method]:
    usual = catalogue.methods(session, service.discipline, on, service.type_id)
    own = session.get(Method, service.method_id) if service.method_id else None
    if own is not None and own.holds(on) and own not in usual:
        return [own, *usual]
    return usual


def _method(service: Service, methods: Sequence[Method]) -> UUID | None:
    ids = [method.id for method in methods]
    if service.method_id in ids:
        return service.method_id
    return ids[0] if ids else None


def _last(
    session: Session, login: str, condition: ColumnElement[bool], *, own: bool = False
) -> WorkSheet | None:
    """Find the newest such sheet: the person's own, or else, if that will do, anybody's."""
    query = select(WorkSheet).where(condition)
    mine = WorkSheet.performed_by == login
    query = query.where(mine) if own else query.order_by(mine.desc())
    return session.scalars(query.order_by(WorkSheet.id.desc()).limit(1)).first()


def _before(
    session: Session, login: str, service: Service, method_id: UUID | None
) -> WorkSheet | None:
    """Find the newest sheet by the method, or else of such work in the field."""
    by_method = _last(session, login, WorkSheet.method_id == method_id)
    if by_method is not None:
        return by_method
    query = (
        select(WorkSheet)
        .join(SheetStandard, SheetStandard.sheet_id == WorkSheet.id)
        .join(Standard, Standard.id == SheetStandard.standard_id)
        .where(Standard.field == service.field, WorkSheet.discipline == service.discipline)
    )
    return session.scalars(query.order_by(WorkSheet.id.desc()).limit(1)).first()


def _ticked(session: Session, before: WorkSheet | None, fitting: Sequence[Standard]) -> set[UUID]:
    """Tick what was used before; without that, the only one there is."""
    if before is not None:
        query = select(SheetStandard.standard_id).where(SheetStandard.sheet_id == before.id)
        return set(session.scalars(query))
    return {fitting[0].id} if len(fitting) == 1 else set()


def _recent_reasons(session: Session) -> list[str]:
    """Propose the reasons given lately, the newest first."""
    recent = select(Result.reason, Result.id).order_by(Result.id.desc()).limit(RECENT).subquery()
    query = select(recent.c.reason).where(recent.c.reason != "").order_by(recent.c.id.desc())
    return list(dict.fromkeys(session.scalars(query)))[:PROPOSED]
