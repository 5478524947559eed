"""What contracts tell the rest of the centre. Amounts are whole đồng, VAT included."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.vocabulary import ContractKind, DeliverableKind, Funding


@dataclass(frozen=True, kw_only=True)
class ContractDrafted(Event):
    """A contract was written down; it binds nobody yet."""

    name = "contracts.contract_drafted"
    about = "contract_id"

    contract_id: UUID
    customer_id: UUID
    kind: ContractKind


@dataclass(frozen=True, kw_only=True)
class ContractSigned(Event):
    """A contract was signed and numbered."""

    name = "contracts.contract_signed"
    about = "contract_id"
    counted = True

    contract_id: UUID
    number: str
    customer_id: UUID
    kind: ContractKind
    funding: Funding
    amount: int


@dataclass(frozen=True, kw_only=True)
class DeliverableAccepted(Event):
    """The customer accepted a standard or a number of products (biên bản nghiệm thu)."""

    name = "contracts.deliverable_accepted"
    about = "deliverable_id"
    counted = True

    deliverable_id: UUID
    contract_id: UUID
    kind: DeliverableKind
    quantity: int
    amount: int
    vat: int


@dataclass(frozen=True, kw_only=True)
class ContractClosed(Event):
    """A contract was closed by both parties (thanh lý)."""

    name = "contracts.contract_closed"
    about = "contract_id"

    contract_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class ContractChanged(Event):
    """The draft of a contract was written again."""

    name = "contracts.contract_changed"
    about = "contract_id"

    contract_id: UUID
