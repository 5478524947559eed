"""A centre with years behind it: items by the hundred thousand, written in bulk."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType, Service
from lims.customers.models import Customer
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import new_id, transaction
from lims.kernel.words import fold
from lims.reception.events import ItemReceived
from lims.reception.models import Item, Order
from lims.vocabulary import (
    CertificateMode,
    CustomerKind,
    Discipline,
    Field,
    Funding,
    ItemState,
    Occasion,
    Place,
)
from tests.centre import AREA

PER_ORDER = 20
CHUNK = 5_000
CUSTOMERS = 400
STATES = {
    ItemState.HANDED_OVER: 80,
    ItemState.AUTHORISED: 8,
    ItemState.RECEIVED: 5,
    ItemState.RECORDED: 2,
    ItemState.SUBMITTED: 2,
    ItemState.CHECKED: 2,
    ItemState.CANCELLED: 1,
}
DISCIPLINES = {Discipline.VERIFICATION: 85, Discipline.CALIBRATION: 10, Discipline.TESTING: 5}
PRIOR = "Z"
"""How the numbers of these orders begin, apart from those that are given."""


def items(first: int, count: int, seed: int = 2017) -> None:
    """Add items of the years before, with their orders and customers."""
    chance = random.Random(seed + first)  # noqa: S311 - the same rows every time
    with transaction() as session:
        holders = _customers(session, chance) if first == 0 else _known(session)
    for start in range(first, first + count, CHUNK):
        with transaction() as session:
            services = {one: _services(session, one) for one in DISCIPLINES}
            size = min(CHUNK, first + count - start)
            orders = [
                _order(start // PER_ORDER + n, holders, chance) for n in range(size // PER_ORDER)
            ]
            session.execute(insert(Order), orders)
            session.execute(insert(Item), list(_items(orders, services, chance)))


def facts(count: int) -> None:
    """Let a day already hold so many facts, all of them in the cell that will be touched."""
    for _ in range(0, count, CHUNK):
        with transaction() as session:
            told = (_received() for _ in range(min(CHUNK, count)))
            log.append(session, *told, by="tiepnhan")


def _received() -> ItemReceived:
    return ItemReceived(
        item_id=new_id(),
        order_id=new_id(),
        contract_id=None,
        instrument_id=None,
        discipline=Discipline.VERIFICATION,
        field=Field.MASS,
        area=AREA,
        units=1,
        on=clock.today(),
    )


def _customers(session: Session, chance: random.Random) -> list[Any]:
    names = [f"Cơ sở kinh doanh {rank} {chance.randrange(10**6)}" for rank in range(CUSTOMERS)]
    rows = [
        {"id": new_id(), "name": name, "kind": CustomerKind.ORGANISATION, "folded": fold(name)}
        for name in names
    ]
    session.add_all(Customer(**row) for row in rows)
    return [row["id"] for row in rows]


def _known(session: Session) -> list[Any]:
    return list(session.scalars(select(Customer.id).limit(CUSTOMERS)))


def _services(session: Session, discipline: Discipline) -> list[tuple[Service, str]]:
    query = (
        select(Service, InstrumentType.name_vi)
        .outerjoin(InstrumentType, InstrumentType.id == Service.type_id)
        .where(Service.discipline == discipline)
    )
    return [(service, name or service.name_vi) for service, name in session.execute(query)]


def _order(rank: int, holders: list[Any], chance: random.Random) -> dict[str, Any]:
    day = clock.today() - timedelta(days=chance.randrange(1, 1500))
    holder = chance.choice(holders)
    return {
        "id": new_id(),
        "number": f"{PRIOR}{rank:07}",
        "requester_id": holder,
        "payer_id": holder,
        "funding": Funding.CUSTOMER,
        "place": Place.LABORATORY,
        "certificate_mode": CertificateMode.EACH,
        "received_on": day,
        "promised_on": day + timedelta(days=7),
        "received_by": "tiepnhan",
        "item_count": PER_ORDER,
        "note": "",
    }


def _items(
    orders: list[dict[str, Any]],
    services: dict[Discipline, list[tuple[Service, str]]],
    chance: random.Random,
) -> Iterator[dict[str, Any]]:
    for order in orders:
        (discipline,) = chance.choices(list(DISCIPLINES), list(DISCIPLINES.values()))
        service, what = chance.choice(services[discipline])
        states = chance.choices(list(STATES), list(STATES.values()), k=PER_ORDER)
        for line, state in enumerate(states, start=1):
            serial = f"{chance.randrange(10**8):08}"
            yield {
                "id": new_id(),
                "order_id": order["id"],
                "line": line,
                "code": f"{order['number']}-{line:03}",
                "discipline": discipline,
                "service_id": service.id,
                "field": service.field,
                "description": what,
                "received_on": order["received_on"],
                "units": 1,
                "type_id": service.type_id,
                "occasion": Occasion.PERIODIC if discipline is Discipline.VERIFICATION else None,
                "serial": serial,
                "serial_folded": serial,
                "user_name": f"Hộ kinh doanh {line}",
                "place_of_use": "Rạch Giá",
                "area": AREA,
                "condition": "",
                "manufacturer": "",
                "country": "",
                "model": "",
                "characteristics": {},
                "state": state,
            }
