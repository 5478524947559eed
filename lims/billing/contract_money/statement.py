"""The money of each contract: contracted → done → invoiced → paid, and the facts behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from lims.billing.models import NO_CONTRACT, Charge, MoneyCell, MoneyLine, Payment
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.eventlog.log import Entry
from lims.vocabulary import ContractState, MoneyMeasure

Sums = dict[MoneyMeasure, int]
FactRows = Sequence[Row[MoneyLine, Entry, Charge, Payment]]


@dataclass(frozen=True)
class Money:
    """The money of one contract, or of what has none."""

    contract_id: UUID
    sums: Sums
    contract: Contract | None = None
    customer: str = ""


@dataclass(frozen=True)
class SourceFacts:
    """What a number is the sum of: up to two days, a class of revenue."""

    contract_id: UUID | None = None
    measure: MoneyMeasure = MoneyMeasure.DONE
    first: date | None = None
    last: date | None = None
    revenue_class: str | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """Say it in columns."""
        conditions = [MoneyLine.measure == self.measure]
        if self.contract_id is not None:
            conditions.append(MoneyLine.contract_id == self.contract_id)
        if self.first is not None:
            conditions.append(MoneyLine.day >= self.first)
        if self.last is not None:
            conditions.append(MoneyLine.day <= self.last)
        if self.revenue_class is not None:
            conditions.append(MoneyLine.revenue_class == self.revenue_class)
        return conditions


def of(session: Session, contract_ids: Sequence[UUID]) -> dict[UUID, Sums]:
    """Add up the money of some contracts."""
    query = (
        select(MoneyCell.contract_id, MoneyCell.measure, func.sum(MoneyCell.amount))
        .where(MoneyCell.contract_id.in_(contract_ids))
        .group_by(MoneyCell.contract_id, MoneyCell.measure)
    )
    sums: dict[UUID, Sums] = {key: {} for key in contract_ids}
    for contract_id, measure, amount in session.execute(query):
        sums[contract_id][measure] = int(amount)
    return sums


def between(session: Session, first: date | None = None, last: date | None = None) -> Sums:
    """Add up all money of a period, or of all time."""
    query = select(MoneyCell.measure, func.sum(MoneyCell.amount)).group_by(MoneyCell.measure)
    query = query.where(MoneyCell.day >= first) if first else query
    query = query.where(MoneyCell.day <= last) if last else query
    return {measure: int(amount) for measure, amount in session.execute(query)}


def contracts(session: Session, *, after: UUID | None, limit: int) -> list[Money]:
    """List the contracts that bind, the latest first, each with its money."""
    query = (
        select(Contract, Customer.name)
        .join(Customer, Customer.id == Contract.customer_id)
        .where(Contract.state != ContractState.DRAFT)
        .order_by(Contract.id.desc())
        .limit(limit + 1)
    )
    query = query.where(Contract.id < after) if after else query
    rows = session.execute(query).all()
    sums = of(session, [contract.id for contract, _ in rows])
    return [Money(contract.id, sums[contract.id], contract, name) for contract, name in rows]


def without_contract(session: Session) -> Money:
    """Return the money of what belongs to no contract, so that the rows sum to the total."""
    return Money(NO_CONTRACT, of(session, [NO_CONTRACT])[NO_CONTRACT])


def total(session: Session, number: SourceFacts) -> int:
    """Sum the lines of a number again."""
    return int(session.scalar(select(func.sum(MoneyLine.amount)).where(*number.conditions)) or 0)


def facts(session: Session, number: SourceFacts, *, after: int = 0, limit: int) -> FactRows:
    """List the facts a number is the sum of, in their order, with what they are about."""
    query = (
        select(MoneyLine, Entry, Charge, Payment)
        .join(Entry, Entry.position == MoneyLine.position)
        .outerjoin(Charge, Charge.id == Entry.subject)
        .outerjoin(Payment, Payment.id == Entry.subject)
        .where(*number.conditions, MoneyLine.position > after)
        .order_by(MoneyLine.position)
    )
    return session.execute(query.limit(limit)).all()
