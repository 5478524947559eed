"""What pages and machines ask about contracts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from lims.catalogue.models import Service
from lims.contracts.models import Contract, ContractLine, Deliverable
from lims.customers.identification import search
from lims.customers.models import Customer
from lims.kernel.db import fetch, fetch_all
from lims.vocabulary import ContractState

Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class ContractDetails:
    """A contract with everything that was agreed."""

    contract: Contract
    customer: Customer
    lines: list[ContractLine]
    services: list[Service]
    """Of each line, in the same order."""

    deliverables: list[Deliverable]

    @property
    def amount(self) -> int:
        """Return what it comes to, VAT included."""
        lines = sum(line.amount for line in self.lines)
        return lines + sum(deliverable.total for deliverable in self.deliverables)


def contracts(
    session: Session,
    *,
    state: ContractState | None = None,
    q: str = "",
    customer_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> Rows:
    """List contracts with their customers, the latest first."""
    query = _listed()
    if state is not None:
        query = query.where(Contract.state == state)
    if q.strip():
        number = Contract.number.startswith(q.strip().upper(), autoescape=True)
        query = query.where(or_(number, search.matching(q)))
    if customer_id is not None:
        query = query.where(Contract.customer_id == customer_id)
    if after is not None:
        query = query.where(Contract.id < after)
    return session.execute(query.order_by(Contract.id.desc()).limit(limit + 1)).all()


def drafts(session: Session, limit: int) -> Rows:
    """List the contracts that wait to be signed, the oldest first."""
    query = _listed().where(Contract.state == ContractState.DRAFT)
    return session.execute(query.order_by(Contract.id).limit(limit)).all()


def contract_details(session: Session, contract_id: UUID) -> ContractDetails:
    """Return a contract with its lines and deliverables as they were written."""
    contract = fetch(session, Contract, contract_id)
    of_lines = select(ContractLine).where(ContractLine.contract_id == contract_id)
    deliverables = select(Deliverable).where(Deliverable.contract_id == contract_id)
    lines = list(session.scalars(of_lines.order_by(ContractLine.position)))
    return ContractDetails(
        contract,
        fetch(session, Customer, contract.customer_id),
        lines,
        fetch_all(session, Service, [line.service_id for line in lines]),
        list(session.scalars(deliverables.order_by(Deliverable.id))),
    )


def service_named(session: Session, name: str) -> Service | None:
    """Find a service by its code or its id."""
    try:
        named = Service.id == UUID(name)
    except ValueError:
        named = Service.code == name
    return session.scalar(select(Service).where(named))


def _listed() -> Select[Contract, str]:
    columns: Select[Contract, str] = select(Contract, Customer.name.label("customer"))
    return columns.join(Customer, Customer.id == Contract.customer_id)
