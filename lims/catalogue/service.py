"""What is done to the catalogue, and what the rest of the centre asks of it."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lims.catalogue.commands import (
    AddMethod,
    AddService,
    AddType,
    CorrectMethod,
    CorrectService,
    CorrectType,
    SetCycle,
    SetPrice,
)
from lims.catalogue.events import EntryAdded
from lims.catalogue.loading import load
from lims.catalogue.models import (
    END_OF_MONTH,
    InstrumentType,
    LegalCycle,
    Method,
    Price,
    Service,
    TestParameter,
)
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import NotFound, RuleBroken
from lims.kernel.search import holds
from lims.kernel.words import fold
from lims.settings import parameters
from lims.settings.definitions import NO
from lims.vocabulary import Discipline, Unset

__all__ = [
    "add_method",
    "add_service",
    "add_type",
    "change_method",
    "change_service",
    "change_type",
    "cycle_of",
    "load",
    "methods",
    "price_of",
    "prices_of",
    "services",
    "set_cycle",
    "set_price",
    "tested",
    "valid_until",
]

E = TypeVar("E", InstrumentType, Method, Service)


def price_of(session: Session, service_id: UUID, on: date) -> Price:
    """Return what a service costs on a day."""
    query = select(Price).where(Price.service_id == service_id, Price.valid_from <= on)
    price = session.scalars(query.order_by(Price.valid_from.desc()).limit(1)).first()
    if price is None:
        service = fetch(session, Service, service_id)
        raise NotFound(
            "Service %(code)s has no price on %(on)s: enter one in the tariff.",
            code=service.code,
            on=on,
        )
    return price


def prices_of(session: Session, service_ids: Sequence[UUID], on: date) -> dict[UUID, Price]:
    """Return the prices of many services on a day; what has none is left out."""
    query = select(Price).where(Price.service_id.in_(set(service_ids)), Price.valid_from <= on)
    return {price.service_id: price for price in session.scalars(query.order_by(Price.valid_from))}


def set_price(session: Session, service_id: UUID, command: SetPrice, *, by: str) -> Price:
    """Decide what a service costs from a day on; what was charged before stays as it was."""
    service = fetch(session, Service, service_id, hold=True)
    same_day = (Price.service_id == service_id, Price.valid_from == command.valid_from)
    price = session.scalars(select(Price).where(*same_day).with_for_update()).first()
    if price is None:
        price = Price(service_id=service_id, **vars(command))
        session.add(price)
    log.append(session, price.put(service, command, on=clock.today()), by=by)
    return price


CYCLE = (
    select(LegalCycle)
    .where(LegalCycle.type_id == bindparam("type"), LegalCycle.valid_from <= bindparam("on"))
    .order_by(LegalCycle.valid_from.desc())
    .limit(1)
)
"""Built once: asked for every type that is signed."""


def cycle_of(session: Session, type_id: UUID, on: date) -> LegalCycle | None:
    """Return the legal cycle of a type as it stood on a day; None where it has none."""
    return session.scalars(CYCLE, {"type": type_id, "on": on}).first()


def valid_until(session: Session, type_id: UUID, performed_on: date) -> date | None:
    """Return the last day of validity of work done on a day (TT 24/2013/TT-BKHCN, Art 41(10))."""
    cycle = cycle_of(session, type_id, performed_on)
    if cycle is None:
        return None
    return cycle.until(performed_on, end_of_month=_end_of_month(session, performed_on))


def _end_of_month(session: Session, on: date) -> bool:
    try:
        return parameters.value(session, END_OF_MONTH, on).value != NO
    except NotFound:
        return True


def set_cycle(session: Session, type_id: UUID, command: SetCycle, *, by: str) -> LegalCycle:
    """Enter the legal cycle of a type from a day on; certificates keep their own date."""
    kind = fetch(session, InstrumentType, type_id, hold=True)
    same_day = (LegalCycle.type_id == type_id, LegalCycle.valid_from == command.valid_from)
    cycle = session.scalars(select(LegalCycle).where(*same_day).with_for_update()).first()
    if cycle is None:
        cycle = LegalCycle(type_id=type_id, **vars(command))
        session.add(cycle)
    log.append(session, cycle.put(kind, command, on=clock.today()), by=by)
    return cycle


def services(
    session: Session, *, discipline: Discipline | None = None, q: str = ""
) -> list[Service]:
    """List what can be asked for, by discipline and name."""
    query = select(Service).where(Service.active, *holds(Service.folded, q))
    if discipline is not None:
        query = query.where(Service.discipline == discipline)
    return list(session.scalars(query.order_by(Service.discipline, Service.code)))


def methods(
    session: Session, discipline: Discipline, on: date, type_id: UUID | None = None
) -> list[Method]:
    """List the methods in force on a day: a type's own where it has any, else the general ones."""
    query = select(Method).where(Method.discipline == discipline, Method.valid_from <= on)
    query = query.where(Method.valid_to.is_(None) | (Method.valid_to >= on))
    query = query.order_by(Method.code, Method.edition.desc())
    if type_id is None:
        return list(session.scalars(query))
    own = session.scalars(query.where(Method.type_id == type_id)).all()
    return list(own or session.scalars(query.where(Method.type_id.is_(None))))


def tested(session: Session, service_id: UUID) -> list[TestParameter]:
    """List the characteristics tested for a service, in their order."""
    query = select(TestParameter).where(TestParameter.service_id == service_id)
    return list(session.scalars(query.order_by(TestParameter.position, TestParameter.code)))


def add_type(session: Session, command: AddType, *, by: str) -> InstrumentType:
    """Add an instrument type."""
    _require_new(session, InstrumentType, command.code)
    entry = InstrumentType(**vars(command))
    return _add(session, entry, entry.code, "instrument_type", by)


def add_method(session: Session, command: AddMethod, *, by: str) -> Method:
    """Add an edition of a method."""
    taken = select(Method.id).where(Method.code == command.code, Method.edition == command.edition)
    if session.scalar(taken) is not None:
        raise RuleBroken(
            "The edition %(edition)s of %(code)s is there already: look for it in the list.",
            field="edition",
            code=command.code,
            edition=command.edition,
        )
    _require_type(session, command.type_id)
    method = Method(**vars(command))
    method.require_last(method.valid_to)
    return _add(session, method, method.cited, "method", by)


def add_service(session: Session, command: AddService, *, by: str) -> Service:
    """Add a line to the tariff; its price is decided next."""
    _require_new(session, Service, command.code)
    _require_type(session, command.type_id)
    _require_method(session, command.method_id)
    entry = Service(**vars(command))
    return _add(session, entry, entry.code, "service", by)


def change_type(session: Session, key: UUID, command: CorrectType, *, by: str) -> InstrumentType:
    """Give an instrument type other words or another state."""
    kind = fetch(session, InstrumentType, key, hold=True)
    log.append(session, kind.change(command, on=clock.today()), by=by)
    return kind


def change_method(session: Session, key: UUID, command: CorrectMethod, *, by: str) -> Method:
    """Give a method another title or last day."""
    method = fetch(session, Method, key, hold=True)
    _require_type(session, command.type_id)
    log.append(session, method.change(command, on=clock.today()), by=by)
    return method


def change_service(session: Session, key: UUID, command: CorrectService, *, by: str) -> Service:
    """Give a service other words, another method or state."""
    service = fetch(session, Service, key, hold=True)
    _require_type(session, command.type_id)
    _require_method(session, command.method_id)
    log.append(session, service.change(command, on=clock.today()), by=by)
    return service


def _require_new(session: Session, model: type[InstrumentType | Service], code: str) -> None:
    if session.scalar(select(model.id).where(model.code == code)) is not None:
        raise RuleBroken("The code %(code)s is taken: choose another.", field="code", code=code)


def _require_type(session: Session, type_id: UUID | Unset | None) -> None:
    if isinstance(type_id, UUID) and session.get(InstrumentType, type_id) is None:
        raise RuleBroken("Choose one from the list.", field="type_id")


def _require_method(session: Session, method_id: UUID | Unset | None) -> None:
    if isinstance(method_id, UUID) and session.get(Method, method_id) is None:
        raise RuleBroken("Choose one from the list.", field="method_id")


def _add(session: Session, entry: E, code: str, kind: str, by: str) -> E:
    entry.folded = fold(entry.words)
    session.add(entry)
    added = EntryAdded(entry_id=entry.id, what=kind, code=code, on=clock.today())
    log.append(session, added, by=by)
    return entry
