"""What a machine names is looked up: services and types by code or id, users by id."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.customers.models import Customer
from lims.kernel.batch import each
from lims.kernel.errors import NotFound, RuleBroken
from lims.particulars import NAMES
from lims.reception.commands import NewItem, ReceiveOrder, RequestedItem, RequestOrder

CHUNK = 500
LENGTH_OF_AN_ID = 36


class Lookup(NamedTuple):
    """What the items of a request name, each by its name."""

    services: Mapping[str, Service]
    types: Mapping[str, UUID]
    users: Mapping[UUID, str]


class Resolved(NamedTuple):
    """An order with every name looked up."""

    command: ReceiveOrder
    services: Sequence[tuple[Service, InstrumentType | None]]
    """Held, so that the session knows them and the intake does not read them a second time."""


def resolve(session: Session, request: RequestOrder) -> Resolved:
    """Find what a machine names, refusing items by their place."""
    items = request.items
    services = _services(session, {item.service for item in items})
    lookup = Lookup(
        {name: service for service, _ in services for name in (service.code, str(service.id))},
        _types(session, {item.type for item in items if item.type}),
        _users(session, {item.user_id for item in items if item.user_id}),
    )
    command = ReceiveOrder(
        requester_id=request.requester_id,
        payer_id=request.payer_id,
        contract_id=request.contract_id,
        funding=request.funding,
        place=request.place,
        promised_on=request.promised_on,
        certificate_mode=request.certificate_mode,
        note=request.note,
        items=each(items, lambda item: _item(item, lookup)),
    )
    return Resolved(command, services)


def _item(item: RequestedItem, lookup: Lookup) -> NewItem:
    return NewItem(
        service_id=_service(item, lookup).id,
        serial=item.serial,
        type_id=_type(item.type, lookup),
        user_name=_user(item, lookup),
        place_of_use=item.place_of_use,
        area=item.area,
        description=item.description,
        condition=item.condition,
        occasion=item.occasion,
        instrument_id=item.instrument_id,
        **{name: getattr(item, name) for name in NAMES},
    )


def _service(item: RequestedItem, lookup: Lookup) -> Service:
    service = lookup.services.get(item.service)
    if service is None:
        raise NotFound(
            "There is no service %(code)s: look it up in the tariff.",
            field="service",
            code=item.service,
        )
    if item.kind not in (None, service.discipline):
        raise RuleBroken(
            "Service %(code)s is %(discipline)s: choose the service of this kind.",
            field="kind",
            code=service.code,
            discipline=service.discipline,
        )
    return service


def _type(code: str, lookup: Lookup) -> UUID | None:
    if not code:
        return None
    type_id = lookup.types.get(code)
    if type_id is None:
        raise NotFound(
            "There is no instrument type %(code)s: look it up in the catalogue.",
            field="type",
            code=code,
        )
    return type_id


def _user(item: RequestedItem, lookup: Lookup) -> str:
    if item.user_id is None:
        return item.user_name
    if item.user_id not in lookup.users:
        raise NotFound("There is no such customer: choose one from the list.", field="user_id")
    return item.user_name or lookup.users[item.user_id]


def _services(session: Session, names: set[str]) -> list[tuple[Service, InstrumentType | None]]:
    rows = session.execute(_SERVICES, {"codes": list(names), "ids": _ids(names)})
    return [(service, kind) for service, kind in rows]


_SERVICES = (
    select(Service, InstrumentType)
    .outerjoin(InstrumentType, Service.type_id == InstrumentType.id)
    .where(
        or_(
            Service.code.in_(bindparam("codes", expanding=True)),
            Service.id.in_(bindparam("ids", expanding=True)),
        )
    )
)
"""Built once: every order of a machine asks it."""


def _types(session: Session, names: set[str]) -> dict[str, UUID]:
    if not names:
        return {}
    query = select(InstrumentType.code, InstrumentType.id).where(
        or_(InstrumentType.code.in_(names), InstrumentType.id.in_(_ids(names)))
    )
    return {name: key for code, key in session.execute(query) for name in (code, str(key))}


def _ids(names: set[str]) -> list[UUID]:
    return [UUID(name) for name in names if _is_id(name)]


def _is_id(name: str) -> bool:
    try:
        return len(name) == LENGTH_OF_AN_ID and bool(UUID(name))
    except ValueError:
        return False


def _users(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    wanted, users = sorted(ids), dict[UUID, str]()
    for start in range(0, len(wanted), CHUNK):
        query = select(Customer.id, Customer.name)
        rows = session.execute(query.where(Customer.id.in_(wanted[start : start + CHUNK])))
        users |= dict(iter(rows))
    return users
