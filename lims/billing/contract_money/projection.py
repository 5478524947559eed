"""The money of each contract, folded from the facts. Pure: no session, no clock.

Four measures are gross, as contracts and invoices are: contracted → done → invoiced → paid. The
fifth, revenue, is what is done without its VAT, for the accounts of autonomy. A withdrawal takes
back on its own day: a closed month is not rewritten.
"""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from typing import TypedDict
from uuid import UUID

from lims.billing.events import ChargeCancelled, ChargeEarned, InvoiceIssued, PaymentReceived
from lims.billing.models import NO_CONTRACT, MoneyCell, MoneyLine
from lims.contracts.events import ContractSigned
from lims.eventlog.events import Event
from lims.eventlog.projections import Projection
from lims.vocabulary import MoneyMeasure


class Line(TypedDict):
    """The columns of a money line, apart from its position."""

    measure: MoneyMeasure
    day: date
    contract_id: UUID
    revenue_class: str
    discipline: str
    amount: int


CHAIN = (
    MoneyMeasure.CONTRACTED,
    MoneyMeasure.DONE,
    MoneyMeasure.INVOICED,
    MoneyMeasure.PAID,
)
"""How the money of a contract comes along, all gross."""


@singledispatch
def moved(fact: Event) -> Iterator[Line]:
    """Say which money a fact moved: by default, none."""
    del fact
    return iter(())


def _line(
    fact: Event,
    measure: MoneyMeasure,
    amount: int,
    contract_id: UUID | None,
    *,
    revenue_class: str = "",
    discipline: str = "",
) -> Line:
    return Line(
        measure=measure,
        day=fact.on,
        contract_id=contract_id or NO_CONTRACT,
        revenue_class=revenue_class,
        discipline=discipline,
        amount=amount,
    )


@moved.register
def _(fact: ContractSigned) -> Iterator[Line]:
    yield _line(fact, MoneyMeasure.CONTRACTED, fact.amount, fact.contract_id)


@moved.register
def _(fact: ChargeEarned) -> Iterator[Line]:
    yield from _work(fact, 1)


@moved.register
def _(fact: ChargeCancelled) -> Iterator[Line]:
    yield from _work(fact, -1)


def _work(fact: ChargeEarned | ChargeCancelled, sign: int) -> Iterator[Line]:
    amounts = {MoneyMeasure.DONE: fact.net + fact.vat, MoneyMeasure.REVENUE: fact.net}
    for measure, amount in amounts.items():
        yield _line(
            fact,
            measure,
            sign * amount,
            fact.contract_id,
            revenue_class=fact.revenue_class.value,
            discipline=fact.discipline.value,
        )


@moved.register
def _(fact: InvoiceIssued) -> Iterator[Line]:
    yield _line(fact, MoneyMeasure.INVOICED, fact.total, fact.contract_id)


@moved.register
def _(fact: PaymentReceived) -> Iterator[Line]:
    yield _line(fact, MoneyMeasure.PAID, fact.amount, fact.contract_id)


MONEY = Projection(
    name="money",
    line=MoneyLine.__table__,  # type: ignore[arg-type]  # a mapped class has a Table
    cell=MoneyCell.__table__,  # type: ignore[arg-type]
    fold=moved,
)
"""How far the money of each contract has come."""
