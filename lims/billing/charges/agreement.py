"""The charge of a piece of work: it agrees with its result, whichever fact comes first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.bench.models import Result
from lims.billing.models import Charge
from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.contracts.events import DeliverableAccepted
from lims.contracts.models import Contract, ContractLine, Deliverable
from lims.eventlog import log, private
from lims.kernel.db import fetch
from lims.kernel.errors import NotFound
from lims.kernel.money import vat
from lims.reception.models import Item, Order
from lims.vocabulary import (
    ChargeState,
    DeliverableKind,
    Discipline,
    Field,
    Funding,
    Outcome,
    ResultState,
    RevenueClass,
)

Cause = ResultAuthorised | ResultWithdrawn | DeliverableAccepted

CLASSES = {
    Funding.CUSTOMER: RevenueClass.SERVICES,
    Funding.STATE: RevenueClass.STATE_PAID_SERVICES,
}
"""Who pays decides the class of revenue (NĐ 54/2016/NĐ-CP, Art 8(1)c and d)."""

UNITS = {DeliverableKind.STANDARD: "tiêu chuẩn", DeliverableKind.PRODUCT: "sản phẩm"}
LUMP_SUM = "gói"
"""The unit where the price of all does not divide by how many."""

_LOOKUP = "what charges of this transaction rest on"


@dataclass(frozen=True)
class Quote:
    """What a service costs one customer on one day, net."""

    amount: int
    vat_rate: Decimal
    charged_on_fail: bool

    @property
    def gross(self) -> int:
        """Return the price with its VAT."""
        return self.amount + vat(self.amount, self.vat_rate)

    def owed(self, outcome: Outcome) -> bool:
        """Tell whether work that came to this is charged; what was not performed never is."""
        if outcome is Outcome.FAIL:
            return self.charged_on_fail
        return outcome is not Outcome.NOT_PERFORMED


@dataclass
class _Lookup:
    """What repeats from fact to fact of a batch, read once: orders are charged by the hundred."""

    orders: dict[UUID, Order] = field(default_factory=dict)
    results: dict[UUID, Result] = field(default_factory=dict)
    charges: dict[UUID, Charge] = field(default_factory=dict)
    services: dict[UUID, Service] = field(default_factory=dict)
    quotes: dict[tuple[UUID, UUID | None, date], Quote] = field(default_factory=dict)

    def state(self, result_id: UUID) -> ResultState:
        """Return where a result stands; it cannot move before this transaction ends."""
        if result_id not in self.results:
            raise LookupError(f"A fact tells of result {result_id}, which is not there.")
        return self.results[result_id].state


def agree(session: Session, fact: Cause, *, by: str) -> None:
    """Bring the charge of a result or a deliverable to what its state requires.

    The result is held in common with other readers until the charge is written: whoever withdraws
    it waits, so that the fact of the withdrawal finds the charge.
    """
    if isinstance(fact, DeliverableAccepted):
        _charge_deliverable(session, fact, by=by)
        return
    lookup: _Lookup = session.info.setdefault(_LOOKUP, _Lookup())
    if fact.result_id not in lookup.results:
        _learn(session, lookup, fact.order_id)
    state, charge = lookup.state(fact.result_id), lookup.charges.get(fact.result_id)
    if isinstance(fact, ResultAuthorised):
        if charge is None and state is ResultState.AUTHORISED:
            _earn(session, lookup, fact, by=by)
    elif charge is not None and state is ResultState.WITHDRAWN:
        _cancel(session, charge, fact, by=by)


def quote(session: Session, service_id: UUID, contract_id: UUID | None, on: date) -> Quote:
    """Return the price by the contract's line for the service, or else by the tariff of the day."""
    line = _line(session, service_id, contract_id)
    try:
        price = catalogue.price_of(session, service_id, on)
    except NotFound:
        if line is None:
            raise
        return Quote(line.unit_price, line.vat_rate, charged_on_fail=True)
    if line is None:
        return Quote(price.amount, price.vat_rate, price.charged_on_fail)
    return Quote(line.unit_price, line.vat_rate, price.charged_on_fail)


def awaited(session: Session, order: Order) -> bool:
    """Tell whether authorised work of an order is still to be charged."""
    query = (
        select(Item.service_id, Result.performed_on, Result.outcome)
        .join(Item, Item.id == Result.item_id)
        .outerjoin(Charge, Charge.source_id == Result.id)
        .where(
            Item.order_id == order.id, Result.state == ResultState.AUTHORISED, Charge.id.is_(None)
        )
        .distinct()
    )
    return any(
        quote(session, service_id, order.contract_id, on).owed(outcome)
        for service_id, on, outcome in session.execute(query).all()
        if outcome is not Outcome.NOT_PERFORMED
    )


def _learn(session: Session, lookup: _Lookup, order_id: UUID) -> None:
    """Read a whole order at once: its results, held in key order, and what is charged already."""
    held = (
        select(Result)
        .join(Item, Item.id == Result.item_id)
        .where(Item.order_id == order_id)
        .order_by(Result.id)
        .with_for_update(read=True, of=Result)
    )
    charged = select(Charge).where(Charge.order_id == order_id)
    with session.no_autoflush:  # the charges of other orders are written at once, at the end
        lookup.results |= {result.id: result for result in session.scalars(held)}
        lookup.charges |= {charge.source_id: charge for charge in session.scalars(charged)}
        lookup.orders[order_id] = fetch(session, Order, order_id)


def _earn(session: Session, lookup: _Lookup, fact: ResultAuthorised, *, by: str) -> None:
    if fact.outcome is Outcome.NOT_PERFORMED:
        return
    price = _quoted(session, lookup, fact)
    if not price.owed(fact.outcome):
        return
    order, service = lookup.orders[fact.order_id], _service(session, lookup, fact.service_id)
    charge = Charge(
        source_id=fact.result_id,
        payer_id=order.payer_id,
        description=service.name_vi,
        unit=service.unit,
        discipline=fact.discipline,
        field=fact.field,
        revenue_class=CLASSES[order.funding],
        quantity=1,
        unit_price=price.amount,
        net=price.amount,
        vat_rate=price.vat_rate,
        vat=vat(price.amount, price.vat_rate),
        earned_on=fact.on,
        order_id=order.id,
        item_id=fact.item_id,
        contract_id=fact.contract_id,
    )
    session.add(charge)
    lookup.charges[charge.source_id] = charge
    log.append(session, charge.earned(), by=by)


def _cancel(session: Session, charge: Charge, fact: ResultWithdrawn, *, by: str) -> None:
    """Take the charge back unless it is invoiced: then the accountant is shown the case."""
    session.flush()
    held = fetch(session, Charge, charge.id, hold=True)
    if held.state is ChargeState.EARNED:
        log.append(
            session, held.cancel(reason=private.reveal(session, fact.reason), on=fact.on), by=by
        )


def _charge_deliverable(session: Session, fact: DeliverableAccepted, *, by: str) -> None:
    """Charge what was accepted, once."""
    delivered = fetch(session, Deliverable, fact.deliverable_id, hold=True)
    charged = select(Charge.id).where(Charge.source_id == delivered.id)
    if session.scalar(charged) is not None:
        return
    contract = fetch(session, Contract, fact.contract_id)
    divides = fact.amount % fact.quantity == 0
    quantity = fact.quantity if divides else 1
    charge = Charge(
        source_id=delivered.id,
        payer_id=contract.customer_id,
        description=delivered.title,
        unit=UNITS[fact.kind] if divides else LUMP_SUM,
        discipline=Discipline.TECHNICAL,
        field=Field.OTHER,
        revenue_class=CLASSES[contract.funding],
        quantity=quantity,
        unit_price=fact.amount // quantity,
        net=fact.amount,
        vat_rate=delivered.vat_rate,
        vat=fact.vat,
        earned_on=fact.on,
        contract_id=contract.id,
    )
    session.add(charge)
    log.append(session, charge.earned(), by=by)


def _quoted(session: Session, lookup: _Lookup, fact: ResultAuthorised) -> Quote:
    key = (fact.service_id, fact.contract_id, fact.performed_on)
    if key not in lookup.quotes:
        lookup.quotes[key] = quote(session, *key)
    return lookup.quotes[key]


def _service(session: Session, lookup: _Lookup, service_id: UUID) -> Service:
    if service_id not in lookup.services:
        lookup.services[service_id] = fetch(session, Service, service_id)
    return lookup.services[service_id]


def _line(session: Session, service_id: UUID, contract_id: UUID | None) -> ContractLine | None:
    if contract_id is None:
        return None
    query = select(ContractLine).where(
        ContractLine.contract_id == contract_id, ContractLine.service_id == service_id
    )
    lines: Sequence[ContractLine] = session.scalars(query.order_by(ContractLine.position)).all()
    return lines[0] if lines else None
