"""What the certificates tell the rest of the centre, and the public."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private
from lims.vocabulary import CertificateKind, Discipline, Field, Validity


@dataclass(frozen=True, kw_only=True)
class CertificateSigned(Event):
    """A certificate was numbered and signed; what it says is fixed for ever."""

    name = "certificates.certificate_signed"
    about = "certificate_id"
    counted = True

    certificate_id: UUID
    number: str
    kind: CertificateKind
    order_id: UUID
    discipline: Discipline
    field: Field
    area: str
    items: int
    replaces: UUID | None = None
    """The certificate it replaces in full (ISO/IEC 17025:2017, 7.8.8.3)."""


@dataclass(frozen=True, kw_only=True)
class PlaceEnded(Event):
    """An item's place on a certificate no longer holds: ended, superseded or withdrawn."""

    name = "certificates.place_ended"
    about = "certificate_id"

    certificate_id: UUID
    item_id: UUID
    validity: Validity
    reason: Private


@dataclass(frozen=True, kw_only=True)
class PlaceRevived(Event):
    """An item's place on a certificate holds again: what had ended it was itself withdrawn."""

    name = "certificates.place_revived"
    about = "certificate_id"

    certificate_id: UUID
    item_id: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateWithdrawn(Event):
    """The centre took a certificate back."""

    name = "certificates.certificate_withdrawn"
    about = "certificate_id"

    certificate_id: UUID
    number: str
    reason: Private


@dataclass(frozen=True, kw_only=True)
class CertificateLookedUp(Event):
    """Somebody asked, without a login, whether a certificate is valid."""

    name = "certificates.looked_up"
    about = "certificate_id"

    certificate_id: UUID
    answer: str
