"""What a machine names, found: services and types by code or id, users by id."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.customers.models import Customer
from lims.kernel.batch import each
from lims.kernel.errors import NotFound, RuleBroken
from lims.reception.new_items import NewItem
from lims.vocabulary import Discipline

CHUNK = 500
LENGTH_OF_AN_ID = 36


class Asked(NamedTuple):
    """A service that was named."""

    id: UUID
    code: str
    discipline: Discipline


def items(session: Session, said: Sequence[Mapping[str, Any]]) -> list[NewItem]:
    """Read the items of an order as a machine names them, refusing rows by their place."""
    services = _services(session, {one["service"] for one in said})
    types = _types(session, {one["type"] for one in said if one["type"]})
    users = _users(session, {one["user_id"] for one in said if one["user_id"]})
    return each(said, lambda row: _item(row, services, types, users))


def _item(
    said: Mapping[str, Any],
    services: Mapping[str, Asked],
    types: Mapping[str, UUID],
    users: Mapping[UUID, str],
) -> NewItem:
    service = services.get(said["service"])
    if service is None:
        raise NotFound(
            "There is no service %(code)s: look it up in the tariff.",
            field="service",
            code=said["service"],
        )
    if said["kind"] not in (None, service.discipline):
        raise RuleBroken(
            "Service %(code)s is %(discipline)s: choose the service of this kind.",
            field="kind",
            code=service.code,
            discipline=service.discipline,
        )
    return NewItem(
        service.id,
        serial=said["serial"],
        type_id=_type(said["type"], types),
        user_name=_user(said, users),
        place_of_use=said["place_of_use"],
        area=said["area"],
        what=said["sample"],
        condition=said["condition"],
        occasion=said["occasion"],
        instrument_id=said["instrument_id"],
    )


def _type(code: str, types: Mapping[str, UUID]) -> UUID | None:
    if not code:
        return None
    found = types.get(code)
    if found is None:
        raise NotFound(
            "There is no instrument type %(code)s: look it up in the catalogue.",
            field="type",
            code=code,
        )
    return found


def _user(said: Mapping[str, Any], users: Mapping[UUID, str]) -> str:
    if said["user_id"] is None:
        return str(said["user_name"])
    if said["user_id"] not in users:
        raise NotFound("There is no such customer: choose one from the list.", field="user_id")
    return said["user_name"] or users[said["user_id"]]


def _services(session: Session, names: set[str]) -> dict[str, Asked]:
    query = select(Service.id, Service.code, Service.discipline)
    named = query.where(or_(Service.code.in_(names), Service.id.in_(_ids(names))))
    found = [Asked(*row) for row in session.execute(named)]
    return {name: one for one in found for name in (one.code, str(one.id))}


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
    wanted, found = sorted(ids), dict[UUID, str]()
    for start in range(0, len(wanted), CHUNK):
        some = wanted[start : start + CHUNK]
        rows = session.execute(select(Customer.id, Customer.name).where(Customer.id.in_(some)))
        found |= dict(iter(rows))
    return found
