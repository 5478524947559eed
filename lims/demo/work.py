"""A year of work at the demonstration centre: orders that come in and how far each has got."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import service as bench
from lims.bench.commands import (
    BalanceReadings,
    Conditions,
    Point,
    RecordCalibration,
    RecordSheet,
    RecordTest,
)
from lims.bench.models import Result
from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.certificates import service as certificates
from lims.customers.models import Customer
from lims.demo import instruments
from lims.demo.customers import STALLHOLDERS, Book
from lims.equipment import service as equipment
from lims.kernel import clock
from lims.kernel.db import transaction
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.models import Item, Order
from lims.vocabulary import CertificateMode, Outcome, Place, ResultState

AT_THE_COUNTER, AT_THE_BENCH = "tiepnhan", "kiemdinh"
CHECKING, SIGNING = "soatlai", "ky"

STAGES = ("received", "recorded", "submitted", "sent back", "checked", "authorised")
"""How far an order of the last days has got; older ones are finished."""

SCALES = ("kd-can-dong-ho-lo-xo-5kg", "kd-can-dong-ho-lo-xo-30kg", "kd-can-dong-ho-lo-xo-60kg")
OTHERS = (
    *("kd-can-ban-500kg", "kd-cot-do-xang-dau", "kd-dong-ho-nuoc-lanh", "kd-ap-ke"),
    *("kd-huyet-ap-ke", "kd-cong-to-1-pha-dien-tu", "kd-can-dia-20kg"),
)


MARKET_DAY = 12
"""Scales that a market board brings at the least."""


@dataclass(frozen=True)
class Visit:
    """One order to be: who comes on which day with what, and how far it gets."""

    on: date
    customer: Customer
    service: Service
    count: int
    stage: str
    contract_id: UUID | None = None


def plan(book: Book, year: int, items: int, until: date, random: Random) -> list[Visit]:
    """Spread about so many items over the year; the last fortnight shows every stage."""
    days = [date(year, 1, 5) + timedelta(days=n) for n in range((until - date(year, 1, 5)).days)]
    working = [day for day in days if day.weekday() < 5] or [until]  # noqa: PLR2004 - Saturday
    visits: list[Visit] = []
    left = items
    while left > 0:
        visit = _visit(book, random.choice(working), random)
        visits.append(visit)
        left -= visit.count
    for rank, stage in enumerate(STAGES * 2):
        recent = until - timedelta(days=rank % 4)
        visits.append(_staged(_visit(book, recent, random), stage))
    return sorted(visits, key=lambda visit: visit.on)


def _visit(book: Book, on: date, random: Random) -> Visit:
    if random.random() < 0.45:  # noqa: PLR2004 - not quite half are market days
        board = random.choice(book.boards)
        contract = book.contracts.get(board.id)
        service = book.services[SCALES[1] if contract else random.choice(SCALES)]
        count = random.randint(MARKET_DAY, 40)
        return Visit(on, board, service, count, "authorised", contract.id if contract else None)
    firm = random.choice(book.firms)
    service = book.services[random.choice(OTHERS)]
    return Visit(on, firm, service, random.randint(1, 8), "authorised")


def _staged(visit: Visit, stage: str) -> Visit:
    return Visit(visit.on, visit.customer, visit.service, visit.count, stage, visit.contract_id)


def noon(on: date) -> datetime:
    """Return noon of a day at the counter."""
    return datetime.combine(on, time(12), tzinfo=clock.LAB)


def carry_out(visit: Visit, random: Random) -> None:
    """Let an order come in and get as far as it is meant to."""
    with clock.at(noon(visit.on)):
        order = _receive(visit, random)
        if visit.stage == "received":
            return
        _record(order, visit, random)
        _go_on(order, visit.stage)


def _receive(visit: Visit, random: Random) -> Order:
    market = visit.service.code in SCALES
    start = random.randrange(1, 9000)
    prefix = random.choice("ABCDHKNT")
    with transaction() as session:
        command = ReceiveOrder(
            requester_id=visit.customer.id,
            contract_id=visit.contract_id,
            place=Place.SITE if market else Place.LABORATORY,
            certificate_mode=CertificateMode.LIST if market else CertificateMode.EACH,
            items=[
                replace(
                    _new_item(visit.service, f"{prefix}{start + n:05}", start + n, visit.on.year),
                    user_name=random.choice(STALLHOLDERS) if market else "",
                    place_of_use=f"Sạp {n + 1}" if market else "",
                    area=visit.customer.area,
                )
                for n in range(visit.count)
            ],
        )
        return reception.receive(session, command, by=AT_THE_COUNTER)


def _new_item(service: Service, serial: str, number: int, on: int) -> NewItem:
    model = instruments.made(service.code, number)
    return NewItem(
        service_id=service.id,
        serial=serial,
        manufacturer=model.manufacturer,
        country=model.country,
        model=model.model,
        year=instruments.year(number, on) if model.model else None,
        characteristics=model.characteristics,
    )


def _record(order: Order, visit: Visit, random: Random) -> None:
    with transaction() as session:
        items = session.scalars(select(Item).where(Item.order_id == order.id)).all()
        exceptions = _exceptions(items, random)
        passes = {item.id: Outcome.PASS for item in items}
        command = RecordSheet(
            **vars(_conditions(session, visit.service, visit.on)),
            outcomes=passes | {key: outcome for key, (outcome, _) in exceptions.items()},
            reasons={key: reason for key, (_, reason) in exceptions.items()},
        )
        bench.record(session, order.id, command, by=AT_THE_BENCH)


def _exceptions(items: Sequence[Item], random: Random) -> dict[UUID, tuple[Outcome, str]]:
    exceptions: dict[UUID, tuple[Outcome, str]] = {}
    for item in items:
        if random.random() < 0.04:  # noqa: PLR2004 - some four in a hundred fail
            exceptions[item.id] = (Outcome.FAIL, "Sai số vượt mức cho phép")
    if len(items) >= MARKET_DAY:  # on a market day somebody is always away
        exceptions[random.choice(items).id] = (Outcome.NOT_PERFORMED, "Chủ sạp vắng mặt")
    return exceptions


def _conditions(session: Session, service: Service, on: date) -> Conditions:
    usable = equipment.usable(session, on, field=service.field)
    methods = catalogue.methods(session, service.discipline, on, service.type_id)
    return Conditions(
        method_id=methods[0].id,
        standard_ids=[standard.id for standard in usable[:2]],
        performed_on=on,
        place=Place.SITE if service.code in SCALES else Place.LABORATORY,
        environment={"temperature": "28,5", "humidity": "72"},
    )


def _go_on(order: Order, stage: str) -> None:
    acts: tuple[tuple[str, Callable[[Session, list[UUID]], object]], ...] = (
        ("recorded", lambda *_: None),
        ("submitted", lambda session, ids: bench.submit(session, ids, by=AT_THE_BENCH)),
        ("checked", lambda session, ids: bench.check(session, ids, by=CHECKING)),
        ("authorised", lambda session, ids: certificates.sign(session, ids, by=SIGNING)),
    )
    wanted = "submitted" if stage == "sent back" else stage
    for name, act in acts:
        with transaction() as session:
            act(session, _results(session, order))
        if name == wanted:
            break
    if stage == "sent back":
        with transaction() as session:
            first = _results(session, order)[0]
            bench.send_back(session, first, reason="Xem lại số tem", by=CHECKING)


def _results(session: Session, order: Order) -> list[UUID]:
    query = (
        select(Result.id)
        .join(Item, Item.id == Result.item_id)
        .where(Item.order_id == order.id, Result.state != ResultState.WITHDRAWN)
    )
    return list(session.scalars(query.order_by(Item.line)))


def measure(book: Book, on: date) -> None:
    """Calibrate one balance at five points, and test one sample for three parameters."""
    with clock.at(noon(on)):
        _calibrate(book, on)
        _test(book, on)


def _calibrate(book: Book, on: date) -> None:
    service = book.services["hc-can-phan-tich"]
    order = _single(book.firms[4], _new_item(service, "CPT-0815", 0, on.year))
    with transaction() as session:
        item = session.scalars(select(Item).where(Item.order_id == order.id)).one()
        conditions = _conditions(session, service, on)
        command = RecordCalibration(**vars(conditions), **vars(BALANCE))
        bench.record_calibration(session, item.id, command, by=AT_THE_BENCH)
    _go_on(order, "authorised")


def _test(book: Book, on: date) -> None:
    service = book.services["tn-nuoc-sinh-hoat"]
    ice = NewItem(service_id=service.id, description="Nước đá viên, 2 kg, túi kín")
    order = _single(book.firms[5], ice)
    with transaction() as session:
        item = session.scalars(select(Item).where(Item.order_id == order.id)).one()
        parameters = catalogue.tested(session, item.service_id)
        values = {
            parameter.code: value for parameter, value in zip(parameters, VALUES, strict=False)
        }
        command = RecordTest(**vars(_conditions(session, service, on)), values=values)
        bench.record_test(session, item.id, command, by=AT_THE_BENCH)
    _go_on(order, "authorised")


VALUES = ("7,2", "0,8", "0,3")

BALANCE = BalanceReadings(
    unit="g",
    resolution="0,0001",
    repeatability="100,0001 100,0002 100,0000 100,0001 100,0001 100,0002",
    eccentricity="0,0002",
    points={
        row: Point(
            nominal=nominal,
            readings=reading,
            standard_error="0",
            standard_U="0,00016",
            standard_k="2",
        )
        for row, (nominal, reading) in enumerate(
            (
                ("20", "20,0001"),
                ("50", "50,0001"),
                ("100", "100,0002"),
                ("150", "150,0003"),
                ("200", "200,0004"),
            )
        )
    },
)


def _single(customer: Customer, item: NewItem) -> Order:
    command = ReceiveOrder(
        requester_id=customer.id,
        place=Place.LABORATORY,
        certificate_mode=CertificateMode.EACH,
        items=[item],
    )
    with transaction() as session:
        return reception.receive(session, command, by=AT_THE_COUNTER)
