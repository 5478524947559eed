"""What reception is asked to do, by pages, machines, the command line and the demonstration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from lims.particulars import Particulars
from lims.vocabulary import (
    CertificateMode,
    CustomerKind,
    Discipline,
    Funding,
    ItemState,
    Occasion,
    Place,
)


@dataclass(frozen=True, kw_only=True)
class Brought(Particulars):
    """What is noted of anything that is brought in, whoever names it and how."""

    serial: str = ""
    user_name: str = ""
    place_of_use: str = ""
    area: str = ""
    description: str = ""
    """Of a sample; by default the name of the type."""

    condition: str = ""
    occasion: Occasion = Occasion.PERIODIC
    instrument_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class NewItem(Brought):
    """One thing that is brought in, for one service."""

    service_id: UUID
    type_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class OrderTerms:
    """What an order says once for all its items.

    Who pays defaults to the contract's customer, else to the requester; the funding to the
    contract's, else to the customer's own money.
    """

    place: Place
    certificate_mode: CertificateMode
    contract_id: UUID | None = None
    funding: Funding | None = None
    promised_on: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceiveOrder(OrderTerms):
    """Take a request and its items in; all of them, or none."""

    requester_id: UUID
    items: Sequence[NewItem]
    payer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RequestedItem(Brought):
    """One thing as a machine names it: service and type by code or id, the user by id."""

    service: str
    type: str = ""
    kind: Discipline | None = None
    user_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RequestOrder(OrderTerms):
    """An order as a machine sends it."""

    requester_id: UUID
    items: Sequence[RequestedItem]
    payer_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Block(Particulars):
    """One kind of items on the page of intake, with its list of serial numbers."""

    service_id: UUID | None = None
    service_id_text: str = ""
    serials: str = ""
    quantity: int | None = None
    description: str = ""
    condition: str = ""
    occasion: Occasion = Occasion.PERIODIC
    user_name: str = ""
    place_of_use: str = ""


@dataclass(frozen=True, kw_only=True)
class FillInIntake(OrderTerms):
    """The page of intake as it was filled in: names typed or picked, blocks of items."""

    requester_id: UUID | None = None
    requester_id_text: str = ""
    new_name: str = ""
    new_kind: CustomerKind = CustomerKind.ORGANISATION
    new_tax_code: str = ""
    new_address: str = ""
    new_phone: str = ""
    payer_id: UUID | None = None
    payer_id_text: str = ""
    area: str = ""
    blocks: Mapping[int, Block] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ListItems:
    """Which items a machine asks for."""

    state: ItemState | None = None
    discipline: Discipline | None = None
    q: str = ""
    limit: int = 50
    after: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class GiveUp:
    """Why an order or an item is given up."""

    reason: str
