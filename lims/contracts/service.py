"""What is agreed with customers: drafts, signing, acceptance, closing."""

from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lims.catalogue import service as catalogue
from lims.catalogue.models import Price
from lims.contracts.commands import DraftContract, NewDeliverable, NewLine
from lims.contracts.events import ContractDrafted
from lims.contracts.models import Contract, ContractLine, Deliverable
from lims.customers.models import Customer
from lims.eventlog import log
from lims.kernel import clock, numbering
from lims.kernel.batch import each
from lims.kernel.db import fetch, new_id
from lims.kernel.errors import RuleBroken
from lims.vocabulary import ContractKind, ContractState

SERIES, PREFIX = "contract", "HD"


def draft(session: Session, command: DraftContract, *, by: str) -> Contract:
    """Write a contract down."""
    _refuse_past(command.valid_to)
    contract = Contract(
        customer_id=fetch(session, Customer, command.customer_id).id,
        kind=command.kind,
        funding=command.funding,
        subject=command.subject,
        on_credit=command.on_credit,
        valid_to=command.valid_to,
    )
    session.add(contract)
    session.flush()
    _write(session, contract, command)
    drafted = ContractDrafted(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        kind=contract.kind,
        on=clock.today(),
    )
    log.append(session, drafted, by=by)
    return contract


def rewrite(session: Session, contract_id: UUID, command: DraftContract, *, by: str) -> Contract:
    """Write a draft again from its beginning."""
    _refuse_past(command.valid_to)
    contract = fetch(session, Contract, contract_id, hold=True)
    fetch(session, Customer, command.customer_id)
    changed = contract.rewrite(command, on=clock.today())
    for part in (ContractLine, Deliverable):
        session.execute(delete(part).where(part.contract_id == contract_id))
    _write(session, contract, command)
    log.append(session, changed, by=by)
    return contract


def add_deliverable(
    session: Session, contract_id: UUID, command: NewDeliverable, *, by: str
) -> Deliverable:
    """Add to a draft what technical service has to produce."""
    contract = fetch(session, Contract, contract_id, hold=True)
    changed = contract.change(clock.today())
    deliverable = _deliverable(contract, new_id(), command)
    session.add(deliverable)
    log.append(session, changed, by=by)
    return deliverable


def sign(session: Session, contract_id: UUID, *, by: str) -> Contract:
    """Note that both parties have signed; only now does the contract get its number."""
    contract = fetch(session, Contract, contract_id, hold=True)
    contract.require_draft()
    today = clock.today()
    _refuse_past(contract.valid_to)
    if contract.kind is ContractKind.TECHNICAL and not deliverables_of(session, contract_id):
        raise RuleBroken(
            "Nothing is to be delivered under this contract: add the standards or products that"
            " the customer will accept, then sign.",
            field="deliverables",
        )
    total = amount(session, contract_id)
    (number,) = numbering.take(session, SERIES, today.year)
    spelled = numbering.spelled(PREFIX, today.year, number)
    log.append(session, contract.sign(spelled, amount=total, on=today), by=by)
    return contract


def accept(session: Session, deliverable_id: UUID, *, minutes: str, by: str) -> Deliverable:
    """Note the minutes by which the customer accepted a deliverable; it is counted and earned."""
    contract_id = fetch(session, Deliverable, deliverable_id).contract_id
    fetch(session, Contract, contract_id, hold=True).require_signed()
    deliverable = fetch(session, Deliverable, deliverable_id, hold=True)
    log.append(session, deliverable.accept(minutes=minutes, on=clock.today()), by=by)
    return deliverable


def close(session: Session, contract_id: UUID, *, by: str) -> Contract:
    """Note that both parties have ended the contract (thanh lý)."""
    contract = fetch(session, Contract, contract_id, hold=True)
    log.append(session, contract.close(clock.today()), by=by)
    return contract


def amount(session: Session, contract_id: UUID) -> int:
    """Return what a contract comes to, VAT included."""
    lines = sum(line.amount for line in lines_of(session, contract_id))
    return lines + sum(deliverable.total for deliverable in deliverables_of(session, contract_id))


def lines_of(session: Session, contract_id: UUID) -> list[ContractLine]:
    """List the lines of a contract as they were written."""
    query = select(ContractLine).where(ContractLine.contract_id == contract_id)
    return list(session.scalars(query.order_by(ContractLine.position)))


def deliverables_of(session: Session, contract_id: UUID) -> list[Deliverable]:
    """List what is to be delivered under a contract."""
    query = select(Deliverable).where(Deliverable.contract_id == contract_id)
    return list(session.scalars(query.order_by(Deliverable.id)))


def open_of(session: Session, customer_id: UUID) -> list[Contract]:
    """List the contracts under which a customer may order today, the newest first."""
    query = select(Contract).where(
        Contract.customer_id == customer_id,
        Contract.state == ContractState.SIGNED,
        or_(Contract.valid_to.is_(None), Contract.valid_to >= clock.today()),
    )
    return list(session.scalars(query.order_by(Contract.id.desc())))


def _write(session: Session, contract: Contract, command: DraftContract) -> None:
    services = [line.service_id for line in command.lines]
    tariff = catalogue.prices_of(session, services, clock.today())
    numbered = enumerate(command.lines, start=1)
    session.add_all(
        each(
            numbered,
            lambda row: _line(contract, row[0], row[1], tariff.get(row[1].service_id)),
            batch="lines",
        )
    )
    ids = sorted(new_id() for _ in command.deliverables)  # listed as they were written
    session.add_all(map(partial(_deliverable, contract), ids, command.deliverables))
    session.flush()


def _deliverable(contract: Contract, key: UUID, new: NewDeliverable) -> Deliverable:
    return Deliverable(
        id=key,
        contract_id=contract.id,
        kind=new.kind,
        title=new.title,
        quantity=new.quantity,
        amount=new.amount,
        vat_rate=new.vat_rate,
    )


def _line(contract: Contract, position: int, new: NewLine, tariff: Price | None) -> ContractLine:
    """Make a line; what it does not say of the price, the tariff says."""
    price, rate = new.unit_price, new.vat_rate
    if tariff is not None:
        price = tariff.amount if price is None else price
        rate = tariff.vat_rate if rate is None else rate
    if price is None or rate is None:
        raise RuleBroken(
            "Line %(line)d: the tariff has no price for this service today; enter one there first.",
            field="service_id",
            line=position,
        )
    return ContractLine(
        contract_id=contract.id,
        position=position,
        service_id=new.service_id,
        quantity=new.quantity,
        unit_price=price,
        vat_rate=rate,
    )


def _refuse_past(valid_to: date | None) -> None:
    if valid_to is not None and valid_to < clock.today():
        raise RuleBroken(
            "The last day of the contract is past: write a later day, or leave it out.",
            field="valid_to",
        )
