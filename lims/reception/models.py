"""Orders and the items in the centre's custody."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lims.catalogue.models import InstrumentType, Service
from lims.contracts.models import Contract
from lims.customers.models import Customer, Instrument, ParticularColumns
from lims.kernel.db import Base, new_id
from lims.kernel.errors import WrongState
from lims.reception.events import ItemCancelled, ItemHandedOver, ItemsHandedOver
from lims.vocabulary import (
    CertificateMode,
    Discipline,
    Field,
    Funding,
    ItemState,
    Occasion,
    Place,
)

FOLLOWS: dict[ItemState, frozenset[ItemState]] = {
    ItemState.RECEIVED: frozenset({ItemState.RECORDED, ItemState.CANCELLED}),
    ItemState.RECORDED: frozenset({ItemState.SUBMITTED, ItemState.RECEIVED}),
    ItemState.SUBMITTED: frozenset({ItemState.CHECKED, ItemState.RECORDED}),
    ItemState.CHECKED: frozenset(
        {ItemState.AUTHORISED, ItemState.NOT_PERFORMED, ItemState.RECORDED}
    ),
    ItemState.AUTHORISED: frozenset({ItemState.HANDED_OVER, ItemState.RECEIVED}),
    ItemState.NOT_PERFORMED: frozenset({ItemState.HANDED_OVER, ItemState.RECEIVED}),
    ItemState.HANDED_OVER: frozenset(),
    ItemState.CANCELLED: frozenset({ItemState.HANDED_OVER}),
}
"""Which state may come after which; AUTHORISED goes back to RECEIVED when a result is withdrawn."""


BYTEWISE = Text().with_variant(Text(collation="C"), "postgresql")
"""Text compared byte by byte, so that the index answers "begins with" in any locale."""


USUAL_DAYS = 5
"""Working days from receipt to return, unless another day is agreed."""


class Order(Base):
    """One request of one requester, for one or many items."""

    __tablename__ = "order"
    __table_args__ = (Index("ix__order__requester", "requester_id", "id"),)

    number: Mapped[str] = mapped_column(unique=True)
    requester_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id))
    payer_id: Mapped[UUID] = mapped_column(ForeignKey(Customer.id), index=True)
    funding: Mapped[Funding]
    place: Mapped[Place]
    certificate_mode: Mapped[CertificateMode]
    received_on: Mapped[date]
    promised_on: Mapped[date]
    received_by: Mapped[str]
    item_count: Mapped[int]
    contract_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Contract.id), default=None, index=True
    )
    note: Mapped[str] = mapped_column(default="")
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


class HandOver(Base):
    """One return of items to their owner; what an order held may go back in several."""

    __tablename__ = "hand_over"

    number: Mapped[str] = mapped_column(unique=True)
    """The order's number and the place among its returns: on the paper that the receiver signs."""

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    receiver: Mapped[str]
    handed_over_on: Mapped[date]
    handed_over_by: Mapped[str]
    item_count: Mapped[int]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def made(self) -> ItemsHandedOver:
        """Tell that the items went back together."""
        return ItemsHandedOver(
            order_id=self.order_id,
            hand_over_id=self.id,
            items=self.item_count,
            to=self.receiver,
            on=self.handed_over_on,
        )


class HandedOverItem(Base):
    """The return with which an item went back: never more than one."""

    __tablename__ = "handed_over_item"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"), primary_key=True)
    hand_over_id: Mapped[UUID] = mapped_column(ForeignKey(HandOver.id), index=True)


class Item(ParticularColumns, Base):
    """One instrument or sample, from the counter to its return."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("order_id", "line"),
        Index("ix__item__state", "state", "discipline", "id"),
        Index("ix__item__discipline", "discipline", "id"),
        Index("ix__item__serial", "serial_folded", "id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    line: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    """The order's number and the line: on the label, the sheet and the certificate."""

    discipline: Mapped[Discipline]
    service_id: Mapped[UUID] = mapped_column(ForeignKey(Service.id))
    field: Mapped[Field]
    description: Mapped[str]
    """The name of the type in Vietnamese, or the description of the sample."""

    received_on: Mapped[date]
    units: Mapped[int] = mapped_column(default=1)
    """How many the statistics count."""

    type_id: Mapped[UUID | None] = mapped_column(ForeignKey(InstrumentType.id), default=None)
    occasion: Mapped[Occasion | None] = mapped_column(default=None)
    instrument_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Instrument.id), default=None, index=True
    )
    serial: Mapped[str] = mapped_column(default="")
    serial_folded: Mapped[str] = mapped_column(BYTEWISE, default="")
    user_name: Mapped[str] = mapped_column(default="")
    place_of_use: Mapped[str] = mapped_column(default="")
    area: Mapped[str] = mapped_column(default="")
    condition: Mapped[str] = mapped_column(default="")
    """Deviations seen on receipt (ISO/IEC 17025:2017, 7.4.3)."""

    state: Mapped[ItemState] = mapped_column(default=ItemState.RECEIVED)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def move(self, to: ItemState, *, asked: str = "") -> None:
        """Follow the work on it; a refusal names the state asked for, or the verb `asked`."""
        if to not in FOLLOWS[self.state]:
            raise WrongState(
                "Item %(code)s cannot be %(asked)s: it is %(state)s.",
                code=self.code,
                asked=asked or to,
                state=self.state,
            )
        self.state = to

    def cancel(self, *, reason: str, on: date) -> ItemCancelled:
        """Give it up before any work (ISO/IEC 17025:2017, 7.4.3)."""
        self.move(ItemState.CANCELLED)
        return ItemCancelled(
            item_id=self.id,
            order_id=self.order_id,
            discipline=self.discipline,
            field=self.field,
            area=self.area,
            units=self.units,
            reason=reason,
            on=on,
        )

    def hand_over(self, *, to: str, on: date) -> ItemHandedOver:
        """Give it back (ISO/IEC 17025:2017, 7.4.1)."""
        self.move(ItemState.HANDED_OVER)
        return ItemHandedOver(item_id=self.id, order_id=self.order_id, to=to, on=on)
