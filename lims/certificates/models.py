"""Certificates, and the items that have a place on them."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lims.bench.models import Result
from lims.certificates.events import CertificateWithdrawn, PlaceEnded, PlaceRevived
from lims.customers.models import Instrument
from lims.kernel.db import Base, new_id
from lims.kernel.errors import WrongState
from lims.reception.models import Item, Order
from lims.vocabulary import CertificateKind, Validity


class Standing(StrEnum):
    """What anybody who asks on a day is told of an item's place on a certificate."""

    VALID = "valid"
    """Còn hiệu lực."""

    EXPIRED = "expired"
    """Hết thời hạn."""

    ENDED = "ended"
    """Hết hiệu lực trước hạn."""

    SUPERSEDED = "superseded"
    """Đã được thay thế."""

    WITHDRAWN = "withdrawn"
    """Đã thu hồi."""


class Certificate(Base):
    """A signed certificate; what it says stands frozen in its paper."""

    __tablename__ = "certificate"
    __table_args__ = (Index("ix__certificate__issued", "issued_on", "id"),)

    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[CertificateKind]
    code: Mapped[str] = mapped_column(unique=True)
    """Unguessable; what the QR code leads to."""

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    issued_on: Mapped[date]
    signed_by: Mapped[str]
    capacity: Mapped[str]
    """The title or the delegation by which it was signed."""

    valid_until: Mapped[date | None] = mapped_column(default=None)
    withdrawn_on: Mapped[date | None] = mapped_column(default=None)
    withdrawn_why: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("certificate.id"), default=None, index=True
    )
    """The certificate it replaces in full (ISO/IEC 17025:2017, 7.8.8.3)."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def withdraw(self, *, reason: str, on: date) -> CertificateWithdrawn:
        """Take it back; it stays readable as withdrawn (ISO/IEC 17025:2017, 7.8.8)."""
        if self.withdrawn_on is not None:
            raise WrongState("Certificate %(number)s is withdrawn already.", number=self.number)
        self.withdrawn_on, self.withdrawn_why = on, reason
        return CertificateWithdrawn(
            certificate_id=self.id, number=self.number, reason=reason, on=on
        )


class CertificatePlace(Base):
    """One item's place on a certificate; validity is a matter of the item."""

    __tablename__ = "certificate_place"
    __table_args__ = (
        Index(
            "uq__certificate_place__live_item",
            "item_id",
            unique=True,
            sqlite_where=text("validity = 'live'"),
            postgresql_where=text("validity = 'live'"),
        ),
        Index(
            "uq__certificate_place__live_instrument",
            "instrument_id",
            unique=True,
            sqlite_where=text("validity = 'live'"),
            postgresql_where=text("validity = 'live'"),
        ),
    )

    certificate_id: Mapped[UUID] = mapped_column(ForeignKey(Certificate.id), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey(Item.id), primary_key=True)
    result_id: Mapped[UUID] = mapped_column(ForeignKey(Result.id), index=True)
    instrument_id: Mapped[UUID | None] = mapped_column(ForeignKey(Instrument.id), default=None)
    """Of verifications only: a calibration neither ends a verification nor is ended by one."""

    valid_until: Mapped[date | None] = mapped_column(default=None)
    validity: Mapped[Validity] = mapped_column(default=Validity.LIVE)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    ended_why: Mapped[str] = mapped_column(default="")

    def end(self, validity: Validity, *, reason: str, on: date) -> PlaceEnded:
        """Let it hold no longer (TT 23/2013/TT-BKHCN, Art 20(7))."""
        if self.validity is not Validity.LIVE:
            raise WrongState("This place on the certificate has ended already.")
        return self._leave(validity, reason=reason, on=on)

    def take_back(self, *, reason: str, on: date) -> PlaceEnded:
        """Withdraw it, even if it had ended or given way before: then it never holds again."""
        if self.validity is Validity.WITHDRAWN:
            raise WrongState("This place on the certificate has ended already.")
        return self._leave(Validity.WITHDRAWN, reason=reason, on=on)

    def _leave(self, validity: Validity, *, reason: str, on: date) -> PlaceEnded:
        self.validity, self.ended_on, self.ended_why = validity, on, reason
        return PlaceEnded(
            certificate_id=self.certificate_id,
            item_id=self.item_id,
            validity=validity,
            reason=reason,
            on=on,
        )

    def revive(self, *, on: date) -> PlaceRevived:
        """Let it hold again, since the fail or the verification that ended it was withdrawn."""
        if self.validity not in (Validity.ENDED, Validity.SUPERSEDED):
            raise WrongState("This place on the certificate did not end, or was withdrawn.")
        self.validity, self.ended_on, self.ended_why = Validity.LIVE, None, ""
        return PlaceRevived(certificate_id=self.certificate_id, item_id=self.item_id, on=on)

    def expired(self, on: date) -> bool:
        """Tell whether its time has run out by a day."""
        return self.valid_until is not None and on > self.valid_until

    def standing(self, on: date) -> Standing:
        """Say where it stands on a day; what was taken back is never merely expired."""
        if self.validity is not Validity.LIVE:
            return Standing(self.validity.value)
        return Standing.EXPIRED if self.expired(on) else Standing.VALID


LIVE = text("certificate_place.validity = 'live'")
"""Written out, not bound: only then may the partial indexes answer."""
