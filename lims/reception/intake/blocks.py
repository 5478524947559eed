"""The page of intake becomes an order: who, what, and where a refusal belongs on the page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from lims.catalogue import service as catalogue
from lims.catalogue.models import InstrumentType, Service
from lims.contracts import service as contracts
from lims.contracts.models import Contract
from lims.customers import service as customers
from lims.customers.commands import EnterCustomer
from lims.customers.models import Customer
from lims.disciplines import KINDS
from lims.kernel.db import fetch
from lims.kernel.errors import FieldRefusals, LabError, Refusals, RuleBroken
from lims.kernel.words import fold, say, spoken
from lims.particulars import NAMES
from lims.reception import queries, service
from lims.reception.commands import Block, FillInIntake, NewItem, ReceiveOrder
from lims.reception.models import Order
from lims.reception.new_items import lookup, serials

ON_THE_PAGE = {"serial": "serials", "type_id": "service_id"}
"""Which field of a block a refusal of one of its items stands beside."""

LIKELY = 20


class Placed(NamedTuple):
    """An item, and where on the page it was typed."""

    item: NewItem
    block: int
    row: int


@dataclass(frozen=True)
class Proposal:
    """What a page fills in of itself once it knows who asks."""

    requester: Customer | None = None
    payer: Customer | None = None
    contracts: Sequence[Contract] = ()
    contract_id: UUID | None = None
    service: Service | None = None


@spoken.register(LabError)
def _refusal(refusal: LabError, locale: str) -> str:
    return say(refusal.message, locale, **refusal.values)


def take_in(session: Session, page: FillInIntake, *, by: str) -> service.Received:
    """Receive what a page says, entering the customer first if new."""
    requester = _requester(session, page, by=by)
    payer = _customer(session, page.payer_id, page.payer_id_text, "payer_id")
    picked = {block.service_id for block in page.blocks.values() if block.service_id}
    services, _types = lookup.find_services(session, picked)  # held: read once, here
    placed = [
        item
        for rank, block in page.blocks.items()
        for item in _items(_asked(session, block, rank, services), block, rank, page)
    ]
    if not placed:
        raise RuleBroken(
            "Choose the service, then paste the serials or say how many.",
            field="blocks.0.service_id",
        )
    command = ReceiveOrder(
        requester_id=requester.id,
        payer_id=payer.id if payer else None,
        items=[place.item for place in placed],
        contract_id=page.contract_id,
        funding=page.funding,
        place=page.place,
        promised_on=page.promised_on,
        certificate_mode=page.certificate_mode,
        note=page.note,
    )
    try:
        return service.take_in(session, command, by=by)
    except Refusals as refusals:
        raise _on_the_page(refusals, placed) from refusals


def propose(
    session: Session, requester_id: UUID | None, payer_id: UUID | None, service_id: UUID | None
) -> Proposal:
    """Say what to fill in: contracts in force with who pays, and what was asked for last time."""
    requester = session.get(Customer, requester_id) if requester_id else None
    payer = session.get(Customer, payer_id) if payer_id else None
    pays = payer or requester
    last = queries.last_order(session, requester.id) if requester else None
    open_contracts = contracts.open_of(session, pays.id) if pays else []
    usual = service_id or (queries.first_service(session, last.id) if last else None)
    return Proposal(
        requester=requester,
        payer=payer,
        contracts=open_contracts,
        contract_id=_usual_contract(open_contracts, last),
        service=session.get(Service, usual) if usual else None,
    )


def _usual_contract(open_contracts: Sequence[Contract], last: Order | None) -> UUID | None:
    """Choose last time's contract, or the only one there is."""
    ids = [contract.id for contract in open_contracts]
    if last is not None and last.contract_id in ids:
        return last.contract_id
    return ids[0] if len(ids) == 1 else None


def kind_of(session: Session, service: Service | None) -> InstrumentType | None:
    """Return the type of instrument that a service is for."""
    return session.get(InstrumentType, service.type_id) if service and service.type_id else None


def resolve_service(session: Session, service_id: UUID | None, text: str, *, field: str) -> Service:
    """Return the service that was picked, or whose code or name was typed."""
    if service_id is not None:
        return fetch(session, Service, service_id)
    if not text:
        raise RuleBroken("Choose the service.", field=field)
    matches = _matching_services(session, text)
    if len(matches) == 1:
        return matches[0]
    raise RuleBroken(
        "Several services match “%(text)s”: choose one from the list, or type its code."
        if matches
        else "No service matches “%(text)s”: choose one from the list, or type its code.",
        field=field,
        text=text,
    )


def _matching_services(session: Session, text: str) -> list[Service]:
    """Find services by code, by code and name as the list shows them, else by words of them."""
    code = text.partition(" · ")[0].strip()
    likely = catalogue.services(session, q=code)[:LIKELY]
    coded = [service for service in likely if fold(code) == fold(service.code)]
    named = [
        service
        for service in likely
        if fold(text) in {fold(service.name_vi), fold(service.name_en)}
    ]
    return coded or named or likely


def _requester(session: Session, page: FillInIntake, *, by: str) -> Customer:
    if not page.new_name:
        customer = _customer(session, page.requester_id, page.requester_id_text, "requester_id")
        if customer is None:
            raise RuleBroken("Say who asks for the work.", field="requester_id")
        return customer
    if page.requester_id is not None:
        raise RuleBroken(
            "Choose a customer from the list or enter a new one, not both.", field="new_name"
        )
    command = EnterCustomer(
        name=page.new_name,
        kind=page.new_kind,
        tax_code=page.new_tax_code or None,
        address=page.new_address,
        phone=page.new_phone,
        area=page.area,
    )
    try:
        return customers.enter(session, command, by=by)
    except LabError as refusal:
        refusal.field = f"new_{refusal.field}"
        raise


def _customer(session: Session, customer_id: UUID | None, text: str, field: str) -> Customer | None:
    if customer_id is None and not text:
        return None
    return customers.resolve(session, customer_id, text, field=field)


def _asked(session: Session, block: Block, rank: int, services: Mapping[UUID, Service]) -> Service:
    if block.service_id is not None and block.service_id in services:
        return services[block.service_id]
    field = f"blocks.{rank}.service_id"
    return resolve_service(session, block.service_id, block.service_id_text, field=field)


def _items(asked: Service, block: Block, rank: int, page: FillInIntake) -> Iterator[Placed]:
    """Give the items of one kind, each with its row of the list."""
    usual = NewItem(
        service_id=asked.id,
        user_name=block.user_name,
        place_of_use=block.place_of_use,
        area=page.area,
        description=block.description,
        condition=block.condition,
        occasion=block.occasion,
        **{name: getattr(block, name) for name in NAMES},
    )
    for line in _lines(block, f"blocks.{rank}", asked):
        item = replace(
            usual,
            serial=line.serial,
            user_name=line.user or usual.user_name,
            place_of_use=line.place or usual.place_of_use,
        )
        yield Placed(item, rank, line.row)


def _lines(block: Block, field: str, asked: Service) -> list[serials.Line]:
    try:
        lines = serials.expand(block.serials)
    except LabError as refusal:
        refusal.field = f"{field}.serials"
        raise
    sample = KINDS[asked.discipline].is_sample
    if sample and not block.description:
        raise RuleBroken(
            "Describe the sample: what it is, how much, how it is packed.", field=f"{field}.what"
        )
    count = block.quantity or (1 if sample else 0)
    if not lines and not count:
        raise RuleBroken("Paste the serials, or say how many.", field=f"{field}.serials")
    if lines and block.quantity not in (None, len(lines)):
        raise RuleBroken(
            "The list has %(listed)s serials and the quantity says %(quantity)s: mend one of them.",
            field=f"{field}.quantity",
            listed=len(lines),
            quantity=block.quantity,
        )
    return lines or [serials.Line("") for _ in range(count)]


def _on_the_page(refusals: Refusals, placed: Sequence[Placed]) -> FieldRefusals:
    """Name the block and the row that was typed, instead of the item."""
    fields: dict[str, LabError] = {}
    for row, refusal in refusals.rows.items():
        place, name = placed[row], refusal.field or "serial"
        field = f"blocks.{place.block}.{ON_THE_PAGE.get(name, name)}"
        why = RuleBroken("Row %(row)d: %(why)s", field=field, row=place.row, why=refusal)
        fields.setdefault(field, why)
    return FieldRefusals(fields)
