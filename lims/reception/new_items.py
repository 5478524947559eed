"""The rows of an order: what was brought, looked up and checked many at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.customers import service as customers
from lims.customers.models import Customer, Instrument
from lims.kernel.batch import each
from lims.kernel.db import Base, new_id
from lims.kernel.errors import NotFound, RuleBroken
from lims.kernel.words import fold, tidy
from lims.reception.events import ItemReceived
from lims.reception.models import Order
from lims.reception.serials import LONGEST
from lims.vocabulary import Discipline, ItemState, Occasion

Row = dict[str, Any]
"""The columns of one item."""

CHUNK = 500


@dataclass(frozen=True)
class NewItem:
    """What the counter says of one thing that was brought."""

    service_id: UUID
    serial: str = ""
    type_id: UUID | None = None
    user_name: str = ""
    place_of_use: str = ""
    area: str = ""
    what: str = ""
    condition: str = ""
    occasion: Occasion = Occasion.PERIODIC
    instrument_id: UUID | None = None
    manufacturer: str = ""
    country: str = ""
    model: str = ""
    year: int | None = None
    characteristics: Mapping[str, str] = field(default_factory=dict)
    """Values as written, by the codes that the type lists."""


@dataclass
class Known:
    """What the centre knows of the services, types and instruments that were named."""

    services: Mapping[UUID, Service]
    types: Mapping[UUID, InstrumentType]
    instruments: Mapping[UUID, Instrument]
    area: str = ""
    """The requester's area, for an item of which none was said."""

    seen: dict[tuple[UUID | None, str], int] = field(default_factory=dict)


def written(
    session: Session, holder_id: UUID, items: Sequence[NewItem], *, on: date, by: str
) -> list[Row]:
    """Write the items as rows, refusing the impossible ones by their place in the list."""
    known = _known(session, holder_id, items)
    made = each(enumerate(items), lambda numbered: _row(known, numbered[1], numbered[0]))
    _register(session, holder_id, made, on=on, by=by)
    return made


def place_in(order: Order, made: Sequence[Row]) -> None:
    """Give each row its line and code in the order."""
    for line, row in enumerate(made, start=1):
        row.update(
            order_id=order.id,
            line=line,
            code=f"{order.number}-{line:03}",
            received_on=order.received_on,
        )


def facts(order: Order, made: Iterable[Row]) -> Iterator[ItemReceived]:
    """Tell that each row was taken in."""
    for row in made:
        yield ItemReceived(
            item_id=row["id"],
            order_id=order.id,
            contract_id=order.contract_id,
            instrument_id=row["instrument_id"],
            discipline=row["discipline"],
            field=row["field"],
            area=row["area"],
            units=row["units"],
            on=order.received_on,
        )


def _known(session: Session, holder_id: UUID, items: Sequence[NewItem]) -> Known:
    area = session.scalar(select(Customer.area).where(Customer.id == holder_id))
    if area is None:
        raise NotFound("There is no such customer: choose one from the list.", field="requester_id")
    instruments = _found(session, Instrument, {item.instrument_id for item in items})
    services, types = _services(session, {item.service_id for item in items})
    named = {item.type_id for item in items} | {one.type_id for one in instruments.values()}
    types |= _found(session, InstrumentType, named - set(types))
    return Known(services, types, instruments, area)


def _services(
    session: Session, keys: Collection[UUID]
) -> tuple[dict[UUID, Service], dict[UUID, InstrumentType]]:
    """Find services, each with its type, in one look; an order asks for a few of them."""
    query = select(Service, InstrumentType).outerjoin(
        InstrumentType, Service.type_id == InstrumentType.id
    )
    services, types = dict[UUID, Service](), dict[UUID, InstrumentType]()
    for service, kind in session.execute(query.where(Service.id.in_(keys))):
        services[service.id] = service
        if kind is not None:
            types[kind.id] = kind
    return services, types


def _found(session: Session, model: type[Base], keys: Iterable[UUID | None]) -> dict[UUID, Any]:
    wanted = [key for key in keys if key is not None]
    column: Any = model.__mapper__.primary_key[0]
    found: dict[UUID, Any] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(model).where(column.in_(wanted[start : start + CHUNK]))
        found |= {one.id: one for one in session.scalars(query)}  # type: ignore[attr-defined]
    return found


def _row(known: Known, item: NewItem, rank: int) -> Row:
    service = _service(known, item)
    registered = _instrument(known, item)
    kind = _type(known, item, service, registered)
    serial = _serial(item.serial or (registered.serial if registered else ""))
    row = {
        "id": new_id(),
        "state": ItemState.RECEIVED,
        "discipline": service.discipline,
        "service_id": service.id,
        "field": service.field,
        "what": item.what or (kind.name_vi if kind else service.name_vi),
        "units": kind.counting_units if kind else 1,
        "type_id": kind.id if kind else None,
        "occasion": item.occasion if service.discipline is Discipline.VERIFICATION else None,
        "instrument_id": registered.id if registered else None,
        "serial": serial,
        "serial_folded": fold(serial),
        "user_name": item.user_name or (registered.user_name if registered else ""),
        "place_of_use": item.place_of_use or (registered.place_of_use if registered else ""),
        "area": item.area or (registered.area if registered else "") or known.area,
        "condition": item.condition,
        "manufacturer": item.manufacturer or (registered.manufacturer if registered else ""),
        "country": item.country or (registered.country if registered else ""),
        "model": item.model or (registered.model if registered else ""),
        "year": item.year or (registered.year if registered else None),
        "characteristics": {
            **(registered.characteristics if registered else {}),
            **item.characteristics,
        },
    }
    _refuse_twice(known, row, rank)
    return row


def _service(known: Known, item: NewItem) -> Service:
    service = known.services.get(item.service_id)
    if service is None or not service.active:
        raise NotFound("There is no such service: choose one from the tariff.", field="service_id")
    if service.discipline is Discipline.TECHNICAL:
        raise RuleBroken(
            "%(service)s is technical service: it is delivered under a contract, not received.",
            field="service_id",
            service=service.name_vi,
        )
    return service


def _instrument(known: Known, item: NewItem) -> Instrument | None:
    if item.instrument_id is None:
        return None
    found = known.instruments.get(item.instrument_id)
    if found is None:
        raise NotFound(
            "There is no such instrument: choose one from the registry.", field="instrument_id"
        )
    return found


def _type(
    known: Known, item: NewItem, service: Service, registered: Instrument | None
) -> InstrumentType | None:
    """Return the type: what was said, the instrument's or the service's; they must agree."""
    said = [item.type_id, registered.type_id if registered else None, service.type_id]
    named = {one for one in said if one is not None}
    if len(named) > 1:
        raise RuleBroken(
            "%(service)s is for another type of instrument: choose the service of this type.",
            field="type_id",
            service=service.name_vi,
        )
    if not named and service.discipline is Discipline.VERIFICATION:
        raise RuleBroken(
            "Choose the type of instrument: the law sets its verification cycle.", field="type_id"
        )
    kind = known.types.get(named.pop()) if named else None
    if any(said) and kind is None:
        raise NotFound("There is no such type: choose one from the catalogue.", field="type_id")
    return kind


def _serial(said: str) -> str:
    serial = said if said.isascii() and said.isalnum() else tidy(said, field="serial")
    if len(serial) > LONGEST:
        raise RuleBroken(
            "A serial number has at most %(longest)s characters.", field="serial", longest=LONGEST
        )
    return serial


def _refuse_twice(known: Known, row: Row, rank: int) -> None:
    """Refuse one instrument twice in an order; samples may bear the same mark."""
    if not row["serial"] or row["type_id"] is None:
        return
    before = known.seen.setdefault((row["type_id"], row["serial_folded"]), rank)
    if before != rank:
        raise RuleBroken(
            "Serial number %(serial)s is in the list already, in row %(row)d: take one out.",
            field="serial",
            serial=row["serial"],
            row=before + 1,
        )


def _register(session: Session, holder_id: UUID, made: Iterable[Row], *, on: date, by: str) -> None:
    """Let the registry know the instruments that have a type and a serial number."""
    by_type: dict[UUID, list[Row]] = defaultdict(list)
    for row in made:
        if row["type_id"] and row["serial"] and row["instrument_id"] is None:
            by_type[row["type_id"]].append(row)
    for type_id, group in sorted(by_type.items()):
        units = [
            (row["serial"], row["user_name"], row["place_of_use"], row["area"]) for row in group
        ]
        ids = customers.register(session, holder_id, type_id, units, on=on, by=by)
        for row in group:
            row["instrument_id"] = ids[row["serial_folded"]]
