"""Fill an empty database with a year of a centre; the figures are the same for a seed."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.autonomy import service as autonomy
from lims.autonomy.commands import EnterExpense
from lims.billing import service as billing
from lims.billing.commands import DraftInvoice, HandOverItems, ServeWalkIn, TakePayment
from lims.billing.models import Charge
from lims.catalogue import loading
from lims.catalogue.models import InstrumentType, Service
from lims.config import ROOT
from lims.customers import service as customers
from lims.customers.commands import EnterCustomer, EnterInstrument
from lims.customers.models import Customer
from lims.customers.registry import service as registry
from lims.demo import instruments, work
from lims.demo.customers import WALK_INS, open_book
from lims.demo.people import BY, PEOPLE, hire, logins
from lims.demo.work import noon
from lims.identity.models import User
from lims.indicators import service as indicators
from lims.indicators.commands import CountActivity, DefineIndicator
from lims.kernel import clock
from lims.kernel.db import reading, transaction
from lims.kernel.errors import WrongState
from lims.reception import service as reception
from lims.reception.models import Item
from lims.settings import parameters
from lims.settings.commands import SetParameter
from lims.settings.definitions import Definition, register
from lims.settings.parameters import Parameter
from lims.tallies import service as tallies
from lims.vocabulary import (
    ChargeState,
    CustomerKind,
    Discipline,
    ExpenseClass,
    ItemState,
    Measure,
    PaymentMeans,
)

__all__ = ["fill", "is_filled", "is_in_use", "logins"]

ACCOUNTS, COUNTER, HEAD = "ketoan", "tiepnhan", "giamdoc"

PLAN: Mapping[tuple[Measure, Discipline], tuple[int, int]] = {
    (Measure.INSTRUMENTS, Discipline.VERIFICATION): (100, 100),
    (Measure.INSTRUMENTS, Discipline.CALIBRATION): (1, 100),
    (Measure.SAMPLES, Discipline.TESTING): (1, 200),
    (Measure.CONTRACTS, Discipline.TECHNICAL): (1, 400),
    (Measure.STANDARDS, Discipline.TECHNICAL): (1, 200),
    (Measure.PRODUCTS, Discipline.TECHNICAL): (1, 80),
}
"""Planned: so many for every so many items of the demonstration."""


FILLED = "demo.filled"

register(
    Definition(
        name=FILLED, label="Seed of the demonstration", group="Other values", source="lims demo"
    )
)


def is_in_use() -> bool:
    """Tell whether somebody uses this database; refuse a demonstration that was interrupted."""
    with reading() as session:
        people = set(session.scalars(select(User.login)))
    if {person.login for person in PEOPLE} <= people and not is_filled():
        raise WrongState("The demonstration was interrupted: remove the data folder and run again.")
    return bool(people)


def is_filled() -> bool:
    """Tell whether this database is a demonstration that was filled to its end."""
    with reading() as session:
        return session.scalar(select(Parameter.id).where(Parameter.name == FILLED)) is not None


def fill(*, year: int | None, items: int, seed: int, echo: Callable[[str], object]) -> None:
    """Fill the database; refuses one that holds people."""
    if is_in_use():
        raise WrongState("This database is in use: the demonstration fills an empty one.")
    random = Random(seed)  # noqa: S311 - the same figures for a seed
    today = clock.today()
    year = year or today.year
    until = min(today, date(year, 12, 28))
    echo(f"A demonstration centre for {year}: {items} items, seed {seed}.")
    with clock.at(noon(date(year, 1, 4))), transaction() as session:
        loading.load(session, BY)
        hire(session)
        session.flush()
        book = open_book(session, random)
        tallies.set_plan(
            session, year, {key: max(1, items * a // b) for key, (a, b) in PLAN.items()}, by=HEAD
        )
    visits = work.plan(book, year, items, until, random)
    with click.progressbar(visits, label="Orders") as shown:
        for visit in shown:
            work.carry_out(visit, random)
    work.measure(book, until - timedelta(days=3))
    _by_hand(until, random)
    echo("What follows from it: charges, due dates, documents, counts …")
    run_workers()
    _money(until, random)
    run_workers()
    with transaction() as session:
        filled = SetParameter(name=FILLED, valid_from=today, value=str(seed), source="lims demo")
        parameters.set_value(session, filled, by=BY)


def run_workers() -> None:
    """Let the workers do what they owe, as a process of their own."""
    subprocess.run((sys.executable, "-m", "workers.settle"), cwd=ROOT, check=True)


def _by_hand(until: date, random: Random) -> None:
    """Count an indicator, and enter expenditure month by month, as far as the year has come."""
    year = until.year
    with clock.at(noon(until)), transaction() as session:
        made = indicators.define(
            session,
            DefineIndicator(
                code="co-quan-iso",
                name_vi="Cơ quan hành chính được tập huấn ISO",
                name_en="Administrative agencies trained in ISO",
            ),
            by=HEAD,
        )
        session.flush()
        for month, count in ((3, 18), (6, 20), (9, 16)):
            if date(year, month, 20) > until:
                break
            indicators.count(
                session,
                made.id,
                CountActivity(counted_on=date(year, month, 20), quantity=count, note=""),
                by=HEAD,
            )
        for month in range(1, 13):
            if date(year, month, 25) <= until:
                _spend(session, date(year, month, 25), random)


def _spend(session: Session, on: date, random: Random) -> None:
    for kind, description, amount in (
        (ExpenseClass.PAY, "Tiền lương, phụ cấp", 400_000),
        (ExpenseClass.PROFESSIONAL, "Công tác phí kiểm định lưu động", 250_000),
        (ExpenseClass.MANAGEMENT, "Điện, nước, văn phòng phẩm", 120_000),
    ):
        autonomy.enter(
            session,
            EnterExpense(
                spent_on=on,
                expense_class=kind,
                amount=amount + random.randrange(50) * 1_000,
                description=description,
                voucher=f"PC{on:%m}-{kind}",
            ),
            by=ACCOUNTS,
        )


def _money(until: date, random: Random) -> None:
    """Invoice what is older than a month, get most of it paid, and serve four walk-ins."""
    with clock.at(noon(until)):
        for order_id, payer_id in _uninvoiced(until - timedelta(days=20)):
            with transaction() as session:
                invoice = billing.draft_invoice(
                    session, DraftInvoice(buyer_id=payer_id, order_id=order_id), by=ACCOUNTS
                )
                if random.random() < 0.05:  # noqa: PLR2004 - a few stay drafts
                    continue
                billing.issue(session, invoice.id, by=ACCOUNTS)
                if random.random() < 0.8:  # noqa: PLR2004 - most are paid
                    billing.pay(
                        session,
                        TakePayment(
                            invoice_id=invoice.id,
                            amount=invoice.total,
                            means=PaymentMeans.BANK,
                            received_on=until,
                            reference="UNC",
                        ),
                        by=ACCOUNTS,
                    )
                    if random.random() < 0.7:  # noqa: PLR2004 - most were fetched
                        billing.hand_over(
                            session, order_id, HandOverItems(to="Người nhận"), by=COUNTER
                        )
        _walk_ins()
        _give_up_one()


def _uninvoiced(before: date) -> list[tuple[UUID, UUID]]:
    with reading() as session:
        query = (
            select(Charge.order_id, Charge.payer_id)
            .where(
                Charge.state == ChargeState.EARNED,
                Charge.invoice_id.is_(None),
                Charge.order_id.is_not(None),
                Charge.earned_on < before,
            )
            .distinct()
            .order_by(Charge.order_id)
        )
        return [(order_id, payer) for order_id, payer in session.execute(query) if order_id]


def _give_up_one() -> None:
    """Let one customer take an instrument back before any work."""
    with transaction() as session:
        waiting = select(Item.id).where(Item.state == ItemState.RECEIVED).order_by(Item.code)
        item_id = session.scalars(waiting.limit(1)).one()
        reception.cancel_item(session, item_id, reason="Khách xin rút", by=COUNTER)


GAUGES = "kd-ap-ke"


def _walk_ins() -> None:
    """Serve people whom the registry knows with their instruments."""
    with reading() as session:
        query = select(Service.id, InstrumentType.id).join(
            InstrumentType, InstrumentType.id == Service.type_id
        )
        service_id, type_id = session.execute(query.where(Service.code == GAUGES)).one()
    for rank, name in enumerate(WALK_INS):
        serial = f"AK-{rank + 100}"
        with transaction() as session:
            person = EnterCustomer(name=name, kind=CustomerKind.PERSON)
            owner = customers.enter(session, person, by=COUNTER)
            registry.add_instrument(session, _gauge(type_id, owner, serial, rank), by=COUNTER)
            billing.walk_in(
                session,
                ServeWalkIn(
                    customer_name=name,
                    customer_id=owner.id,
                    service_id=service_id,
                    serial=serial,
                ),
                by=COUNTER,
            )


def _gauge(type_id: UUID, owner: Customer, serial: str, rank: int) -> EnterInstrument:
    model = instruments.made(GAUGES, rank)
    return EnterInstrument(
        holder_id=owner.id,
        type_id=type_id,
        serial=serial,
        manufacturer=model.manufacturer,
        country=model.country,
        model=model.model,
        year=instruments.year(rank, clock.today().year),
        characteristics=model.characteristics,
    )
