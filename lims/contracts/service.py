"""What is agreed with customers: drafts, signing, acceptance, closing."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from lims.catalogue import service as catalogue
from lims.catalogue.models import Price
from lims.contracts.events import ContractDrafted
from lims.contracts.models import Contract, ContractLine, Deliverable
from lims.customers.models import Customer
from lims.eventlog import log
from lims.kernel import clock, numbering
from lims.kernel.db import fetch, new_id
from lims.kernel.errors import RuleBroken
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding

SERIES, PREFIX = "contract", "HD"


def draft(
    session: Session,
    *,
    customer_id: UUID,
    kind: ContractKind,
    funding: Funding,
    subject: str,
    on_credit: bool,
    valid_to: date | None,
    lines: Sequence[Mapping[str, Any]],
    deliverables: Sequence[Mapping[str, Any]],
    by: str,
) -> Contract:
    """Write a contract down.

    A line is `service_id`, `quantity` and, where they differ from the tariff of the day,
    `unit_price` and `vat_rate` (and `at`, its place on the page, for refusals); a deliverable
    `kind`, `title`, `quantity`, `amount`, `vat_rate`.
    """
    _refuse_past(valid_to)
    contract = Contract(
        customer_id=fetch(session, Customer, customer_id).id,
        kind=kind,
        funding=funding,
        subject=subject,
        on_credit=on_credit,
        valid_to=valid_to,
    )
    session.add(contract)
    session.flush()
    _write(session, contract, lines, deliverables)
    told = ContractDrafted(
        contract_id=contract.id, customer_id=customer_id, kind=kind, on=clock.today()
    )
    log.append(session, told, by=by)
    return contract


def rewrite(
    session: Session,
    contract_id: UUID,
    *,
    customer_id: UUID,
    kind: ContractKind,
    funding: Funding,
    subject: str,
    on_credit: bool,
    valid_to: date | None,
    lines: Sequence[Mapping[str, Any]],
    deliverables: Sequence[Mapping[str, Any]],
    by: str,
) -> Contract:
    """Write a draft again from its beginning."""
    _refuse_past(valid_to)
    contract = fetch(session, Contract, contract_id, hold=True)
    told = contract.change(clock.today())
    contract.customer_id = fetch(session, Customer, customer_id).id
    contract.kind, contract.funding, contract.subject = kind, funding, subject
    contract.on_credit, contract.valid_to = on_credit, valid_to
    for part in (ContractLine, Deliverable):
        session.execute(delete(part).where(part.contract_id == contract_id))
    _write(session, contract, lines, deliverables)
    log.append(session, told, by=by)
    return contract


def add_deliverable(
    session: Session,
    contract_id: UUID,
    *,
    kind: DeliverableKind,
    title: str,
    quantity: int,
    amount: int,
    vat_rate: Decimal,
    by: str,
) -> Deliverable:
    """Add to a draft what technical service has to produce."""
    contract = fetch(session, Contract, contract_id, hold=True)
    told = contract.change(clock.today())
    deliverable = Deliverable(
        contract_id=contract.id,
        kind=kind,
        title=title,
        quantity=quantity,
        amount=amount,
        vat_rate=vat_rate,
    )
    session.add(deliverable)
    log.append(session, told, by=by)
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
    of = fetch(session, Deliverable, deliverable_id).contract_id
    fetch(session, Contract, of, hold=True).require_signed()
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
    lines, deliverables = lines_of(session, contract_id), deliverables_of(session, contract_id)
    return sum(one.amount for one in lines) + sum(one.total for one in deliverables)


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


def _write(
    session: Session,
    contract: Contract,
    lines: Sequence[Mapping[str, Any]],
    deliverables: Sequence[Mapping[str, Any]],
) -> None:
    tariff = catalogue.prices_of(session, [said["service_id"] for said in lines], clock.today())
    session.add_all(
        _line(contract, position, said, tariff.get(said["service_id"]))
        for position, said in enumerate(lines, start=1)
    )
    ids = sorted(new_id() for _ in deliverables)  # listed as they were written
    session.add_all(
        Deliverable(id=key, contract_id=contract.id, **said)
        for key, said in zip(ids, deliverables, strict=True)
    )
    session.flush()


def _line(
    contract: Contract, position: int, said: Mapping[str, Any], tariff: Price | None
) -> ContractLine:
    """Make a line; what it does not say of the price, the tariff says."""
    price, rate = said.get("unit_price"), said.get("vat_rate")
    if tariff is not None:
        price = tariff.amount if price is None else price
        rate = tariff.vat_rate if rate is None else rate
    if price is None or rate is None:
        raise RuleBroken(
            "Line %(line)d: the tariff has no price for this service today; enter one there first.",
            field=f"lines.{said.get('at', position - 1)}.service_id",
            line=position,
        )
    return ContractLine(
        contract_id=contract.id,
        position=position,
        service_id=said["service_id"],
        quantity=said["quantity"],
        unit_price=price,
        vat_rate=rate,
    )


def _refuse_past(valid_to: date | None) -> None:
    if valid_to is not None and valid_to < clock.today():
        raise RuleBroken(
            "The last day of the contract is past: write a later day, or leave it out.",
            field="valid_to",
        )
