"""What reception tells the rest of the centre."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private
from lims.vocabulary import Discipline, Field


@dataclass(frozen=True, kw_only=True)
class OrderReceived(Event):
    """A request was accepted at the counter or in the field."""

    name = "reception.order_received"
    about = "order_id"

    order_id: UUID
    number: str
    requester_id: UUID
    payer_id: UUID
    contract_id: UUID | None
    items: int


@dataclass(frozen=True, kw_only=True)
class ItemReceived(Event):
    """An instrument or a sample was taken in and is now the centre's to guard."""

    name = "reception.item_received"
    about = "item_id"
    counted = True

    item_id: UUID
    order_id: UUID
    contract_id: UUID | None
    instrument_id: UUID | None
    discipline: Discipline
    field: Field
    area: str
    units: int


@dataclass(frozen=True, kw_only=True)
class ItemCancelled(Event):
    """An item goes back without work, at the customer's wish or the centre's."""

    name = "reception.item_cancelled"
    about = "item_id"

    item_id: UUID
    order_id: UUID
    discipline: Discipline
    field: Field
    area: str
    units: int
    reason: Private


@dataclass(frozen=True, kw_only=True)
class ItemsHandedOver(Event):
    """Some or all items of an order went back together, against one signature."""

    name = "reception.items_handed_over"
    about = "order_id"

    order_id: UUID
    hand_over_id: UUID
    items: int
    to: Private


@dataclass(frozen=True, kw_only=True)
class ItemHandedOver(Event):
    """An item went back into its owner's hands."""

    name = "reception.item_handed_over"
    about = "item_id"

    item_id: UUID
    order_id: UUID
    to: Private
