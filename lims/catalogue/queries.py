"""What pages and machines ask about the catalogue; lists are read one row beyond their page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, LegalCycle, Method, Price, Service
from lims.kernel.search import holds
from lims.vocabulary import Discipline, Field

NO_ROW = 10_000
"""Where types that the law does not list stand."""


RANKS = {word: rank for rank, word in enumerate(Discipline)}
"""Verification comes first: it is what most people look for."""


@dataclass(frozen=True)
class Listed:
    """An instrument type with the cycle in force."""

    type: InstrumentType
    cycle: LegalCycle | None

    @property
    def id(self) -> UUID:
        """Return the type's id, by which the list is paged."""
        return self.type.id


@dataclass(frozen=True)
class Offered:
    """A service with the price in force."""

    service: Service
    price: Price | None

    @property
    def id(self) -> UUID:
        """Return the service's id, by which the list is paged."""
        return self.service.id


def types(
    session: Session,
    on: date,
    *,
    q: str = "",
    field: Field | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Listed]:
    """List instrument types in the order of the law, each with its cycle on a day."""
    row = func.coalesce(InstrumentType.law_row, NO_ROW)
    query = select(InstrumentType).where(*holds(InstrumentType.folded, q))
    if field is not None:
        query = query.where(InstrumentType.field == field)
    last = session.get(InstrumentType, after) if after else None
    if last is not None:
        place = (last.law_row if last.law_row is not None else NO_ROW, last.id)
        query = query.where(tuple_(row, InstrumentType.id) > place)
    kinds = session.scalars(query.order_by(row, InstrumentType.id).limit(limit + 1)).all()
    cycles = _cycles(session, [kind.id for kind in kinds], on)
    return [Listed(kind, cycles.get(kind.id)) for kind in kinds]


def _cycles(session: Session, ids: Sequence[UUID], on: date) -> dict[UUID, LegalCycle]:
    query = select(LegalCycle).where(LegalCycle.type_id.in_(ids), LegalCycle.valid_from <= on)
    in_order = session.scalars(query.order_by(LegalCycle.valid_from))
    return {cycle.type_id: cycle for cycle in in_order}


def cycles(session: Session, type_id: UUID) -> Sequence[LegalCycle]:
    """List the cycles of a type, the newest first."""
    query = select(LegalCycle).where(LegalCycle.type_id == type_id)
    return session.scalars(query.order_by(LegalCycle.valid_from.desc())).all()


def methods(
    session: Session,
    *,
    q: str = "",
    discipline: Discipline | None = None,
    type_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Sequence[Method]:
    """List methods by number, the newest edition of each first."""
    query = select(Method).where(*holds(Method.folded, q))
    if discipline is not None:
        query = query.where(Method.discipline == discipline)
    if type_id is not None:
        query = query.where(Method.type_id == type_id)
    last = session.get(Method, after) if after else None
    if last is not None:
        query = query.where(tuple_(Method.code, Method.id) > (last.code, last.id))
    return session.scalars(query.order_by(Method.code, Method.id).limit(limit + 1)).all()


def tariff(
    session: Session,
    on: date,
    *,
    q: str = "",
    discipline: Discipline | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Offered]:
    """List the tariff by discipline, each line with its price on a day."""
    rank = case(RANKS, value=Service.discipline)
    query = select(Service).where(*holds(Service.folded, q))
    if discipline is not None:
        query = query.where(Service.discipline == discipline)
    last = session.get(Service, after) if after else None
    if last is not None:
        place = (RANKS[last.discipline], last.id)
        query = query.where(tuple_(rank, Service.id) > place)
    query = query.order_by(rank, Service.id)
    return _offered(session, session.scalars(query.limit(limit + 1)).all(), on)


def posted(session: Session, on: date) -> list[Offered]:
    """List what is offered and has a price: the tariff as it hangs on the wall."""
    rank = case(RANKS, value=Service.discipline)
    query = select(Service).where(Service.active).order_by(rank, Service.id)
    offers = _offered(session, session.scalars(query).all(), on)
    return [offer for offer in offers if offer.price]


def _offered(session: Session, services: Sequence[Service], on: date) -> list[Offered]:
    ids = [service.id for service in services]
    query = select(Price).where(Price.service_id.in_(ids), Price.valid_from <= on)
    in_order = session.scalars(query.order_by(Price.valid_from))
    prices = {price.service_id: price for price in in_order}
    return [Offered(service, prices.get(service.id)) for service in services]


def prices(session: Session, service_id: UUID) -> Sequence[Price]:
    """List the prices of a service, the newest first."""
    query = select(Price).where(Price.service_id == service_id)
    return session.scalars(query.order_by(Price.valid_from.desc())).all()


def services_of(session: Session, type_id: UUID) -> Sequence[Service]:
    """List what is offered for a type."""
    query = select(Service).where(Service.type_id == type_id, Service.active)
    return session.scalars(query.order_by(Service.id)).all()


def every_type(session: Session, locale: str) -> list[tuple[UUID, str]]:
    """List the types in use for a choice, named in a language."""
    query = select(InstrumentType).where(InstrumentType.active)
    rows = session.scalars(query.order_by(InstrumentType.law_row, InstrumentType.id))
    return [(kind.id, kind.name_vi if locale == "vi" else kind.name_en) for kind in rows]


def every_method(session: Session, on: date) -> list[tuple[UUID, str]]:
    """List the methods in force for a choice."""
    query = select(Method).where(
        Method.valid_from <= on, Method.valid_to.is_(None) | (Method.valid_to >= on)
    )
    rows = session.scalars(query.order_by(Method.code, Method.edition))
    return [(method.id, f"{method.cited} · {method.title}") for method in rows]
