"""What the centre and its customers agree on, as pages and machines write it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from lims.vocabulary import ContractKind, DeliverableKind, Funding


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """So many of a service; what it leaves open of the price, the tariff of the day says."""

    service_id: UUID
    quantity: int
    unit_price: int | None = None
    vat_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class NewDeliverable:
    """A standard or a number of products to be delivered."""

    kind: DeliverableKind
    title: str
    quantity: int
    amount: int
    """Net, whole đồng, for all of it."""

    vat_rate: Decimal


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """What is agreed whatever is ordered."""

    kind: ContractKind
    funding: Funding
    subject: str
    on_credit: bool = False
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class DraftContract(ContractTerms):
    """Write a contract down, or write a draft again from its beginning."""

    customer_id: UUID
    lines: Sequence[NewLine] = ()
    deliverables: Sequence[NewDeliverable] = ()


@dataclass(frozen=True, kw_only=True)
class RequestedLine:
    """So many of a service that is named by code or id."""

    service: str
    quantity: int
    unit_price: int | None = None
    vat_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class RequestContract(ContractTerms):
    """A contract as a machine sends it."""

    customer_id: UUID
    lines: Sequence[RequestedLine] = ()
    deliverables: Sequence[NewDeliverable] = ()


@dataclass(frozen=True, kw_only=True)
class FilledLine:
    """A line of the page: its service picked or typed."""

    service_id: UUID | None = None
    service_id_text: str = ""
    quantity: int
    unit_price: int | None = None


@dataclass(frozen=True, kw_only=True)
class FillInContract(ContractTerms):
    """The page of a contract as it was filled in; rows by their number on it."""

    customer_id: UUID | None = None
    customer_id_text: str = ""
    lines: Mapping[int, FilledLine] = field(default_factory=dict)
    deliverables: Mapping[int, NewDeliverable] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GiveMinutes:
    """By which minutes the customer accepted."""

    minutes: str


@dataclass(frozen=True, kw_only=True)
class AcceptDeliverable:
    """Which deliverable the customer accepted, and by which minutes."""

    deliverable_id: UUID
    minutes: str
