"""Contracts, their lines and what was delivered under them."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lims.catalogue.models import Service
from lims.contracts.commands import DraftContract
from lims.contracts.events import (
    ContractChanged,
    ContractClosed,
    ContractSigned,
    DeliverableAccepted,
)
from lims.customers.models import Customer
from lims.kernel.db import Base, new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.kernel.money import vat
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding


class Contract(Base):
    """An agreement with the customer who pays."""

    __tablename__ = "contract"
    __table_args__ = (Index("ix__contract__state", "state", "id"),)

    customer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id), index=True)
    kind: Mapped[ContractKind]
    funding: Mapped[Funding]
    subject: Mapped[str]
    on_credit: Mapped[bool] = mapped_column(default=False)
    """Work may be handed over before it is paid."""

    number: Mapped[str | None] = mapped_column(default=None, unique=True)
    signed_on: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[ContractState] = mapped_column(default=ContractState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def label(self) -> str:
        """Return how people call it."""
        return self.number or self.subject

    def require_draft(self) -> None:
        """Refuse to sign twice."""
        if self.state is not ContractState.DRAFT:
            raise WrongState("Contract %(contract)s is signed already.", contract=self.label)

    def sign(self, number: str, *, amount: int, on: date) -> ContractSigned:
        """Bind both parties, under a number."""
        self.require_draft()
        self.number, self.signed_on, self.state = number, on, ContractState.SIGNED
        self.revision += 1
        return ContractSigned(
            contract_id=self.id,
            number=number,
            customer_id=self.customer_id,
            kind=self.kind,
            funding=self.funding,
            amount=amount,
            on=on,
        )

    def change(self, on: date) -> ContractChanged:
        """Write the draft again; what was signed stays as it was signed."""
        self.require_draft()
        self.revision += 1
        return ContractChanged(contract_id=self.id, on=on)

    def rewrite(self, command: DraftContract, *, on: date) -> ContractChanged:
        """Agree on other terms, with another customer if need be."""
        changed = self.change(on)
        self.customer_id, self.kind, self.funding = (
            command.customer_id,
            command.kind,
            command.funding,
        )
        self.subject, self.on_credit, self.valid_to = (
            command.subject,
            command.on_credit,
            command.valid_to,
        )
        return changed

    def require_signed(self) -> None:
        """Refuse acts under a contract that is not signed yet, or is closed."""
        if self.state is not ContractState.SIGNED:
            raise WrongState(
                "Contract %(contract)s is not in force: sign it first, or choose another.",
                contract=self.label,
            )

    def require_open(self, on: date) -> None:
        """Refuse work under a contract that is not signed, is closed or has run out."""
        self.require_signed()
        if self.valid_to is not None and on > self.valid_to:
            raise RuleBroken(
                "Contract %(contract)s ran out on %(until)s: choose another or sign an annex.",
                field="contract_id",
                contract=self.label,
                until=self.valid_to,
            )

    def close(self, on: date) -> ContractClosed:
        """End it by agreement (thanh lý hợp đồng)."""
        if self.state is not ContractState.SIGNED or self.number is None:
            raise WrongState("Contract %(contract)s is not in force.", contract=self.label)
        self.state = ContractState.CLOSED
        self.revision += 1
        return ContractClosed(contract_id=self.id, number=self.number, on=on)


class ContractLine(Base):
    """So many of a service at a price; what is received and finished is counted elsewhere."""

    __tablename__ = "contract_line"

    contract_id: Mapped[UUID] = mapped_column(ForeignKey(Contract.id), index=True)
    position: Mapped[int]
    service_id: Mapped[UUID] = mapped_column(ForeignKey(Service.id))
    quantity: Mapped[int]
    unit_price: Mapped[int]
    vat_rate: Mapped[Decimal]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def amount(self) -> int:
        """Return what the line comes to, VAT included."""
        net = self.quantity * self.unit_price
        return net + vat(net, self.vat_rate)


class Deliverable(Base):
    """A standard or a number of products that technical service has to produce."""

    __tablename__ = "deliverable"

    contract_id: Mapped[UUID] = mapped_column(ForeignKey(Contract.id), index=True)
    kind: Mapped[DeliverableKind]
    title: Mapped[str]
    quantity: Mapped[int]
    amount: Mapped[int]
    """Net, whole đồng, for all of it."""

    vat_rate: Mapped[Decimal]
    accepted_on: Mapped[date | None] = mapped_column(default=None)
    minutes: Mapped[str] = mapped_column(default="")
    """Number of the minutes of acceptance."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def total(self) -> int:
        """Return what all of it comes to, VAT included."""
        return self.amount + vat(self.amount, self.vat_rate)

    def accept(self, *, minutes: str, on: date) -> DeliverableAccepted:
        """Note that the customer has accepted it (nghiệm thu)."""
        if self.accepted_on is not None:
            raise WrongState("%(title)s was accepted already.", title=self.title)
        self.accepted_on, self.minutes = on, minutes
        return DeliverableAccepted(
            deliverable_id=self.id,
            contract_id=self.contract_id,
            kind=self.kind,
            quantity=self.quantity,
            amount=self.amount,
            vat=vat(self.amount, self.vat_rate),
            on=on,
        )
