"""What an order names, looked up many at a time: services, types, instruments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.customers.models import Customer, Instrument
from lims.kernel.db import loaded
from lims.kernel.errors import NotFound
from lims.reception.commands import NewItem

M = TypeVar("M", InstrumentType, Instrument)

CHUNK = 500


@dataclass
class Lookup:
    """The services, types and instruments that an order names, and the serials met so far."""

    services: Mapping[UUID, Service]
    types: Mapping[UUID, InstrumentType]
    instruments: Mapping[UUID, Instrument]
    area: str
    """The requester's, for an item that names none."""

    rows_by_serial: dict[tuple[UUID | None, str], int] = field(default_factory=dict)


def look_up(session: Session, holder_id: UUID, new_items: Sequence[NewItem]) -> Lookup:
    """Read everything that an order names, in a statement for each kind of thing."""
    area = _area(session, holder_id)
    instruments = _find(session, Instrument, {item.instrument_id for item in new_items})
    services, types = find_services(session, {item.service_id for item in new_items})
    named = {item.type_id for item in new_items} | {
        instrument.type_id for instrument in instruments.values()
    }
    types |= _find(session, InstrumentType, named - set(types))
    return Lookup(services, types, instruments, area)


def _area(session: Session, holder_id: UUID) -> str:
    holder = loaded(session, Customer, [holder_id]).get(holder_id)
    area = holder.area if holder else session.scalar(_AREA, {"customer_id": holder_id})
    if area is None:
        raise NotFound("There is no such customer: choose one from the list.", field="requester_id")
    return area


_AREA = select(Customer.area).where(Customer.id == bindparam("customer_id"))


def find_services(
    session: Session, keys: Collection[UUID]
) -> tuple[dict[UUID, Service], dict[UUID, InstrumentType]]:
    """Find services, each with its type; whoever looked a name up has them in the session."""
    services = loaded(session, Service, keys)
    type_ids = {service.type_id for service in services.values() if service.type_id}
    types = loaded(session, InstrumentType, type_ids)
    if len(services) == len(keys) and len(types) == len(type_ids):
        return services, types
    for service, kind in session.execute(_SERVICES, {"keys": list(keys)}):
        services[service.id] = service
        if kind is not None:
            types[kind.id] = kind
    return services, types


_SERVICES = (
    select(Service, InstrumentType)
    .outerjoin(InstrumentType, Service.type_id == InstrumentType.id)
    .where(Service.id.in_(bindparam("keys", expanding=True)))
)
"""Built once: every intake asks it."""


def _find(session: Session, model: type[M], keys: Iterable[UUID | None]) -> dict[UUID, M]:
    wanted = [key for key in keys if key is not None]
    rows: dict[UUID, M] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(model).where(model.id.in_(wanted[start : start + CHUNK]))
        rows |= {row.id: row for row in session.scalars(query)}
    return rows
