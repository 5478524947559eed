"""What is asked of certificates, typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class SignCertificates:
    """Authorise checked results and certify what passed or was measured, all or nothing."""

    ids: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class GiveReason:
    """Say why a certificate is taken back, or a result sent back."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class SupersedeCertificate:
    """Replace a certificate by another that names it (ISO/IEC 17025:2017, 7.8.8.3)."""

    reason: str
    changes: Mapping[str, str] = field(default_factory=dict)
    """New texts by their place in the document: `items.0.serial`."""
