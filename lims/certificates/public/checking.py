"""What anybody may learn of a certificate without a login: is it genuine, does it hold.

Nothing here names the customer (Law on Measurement, Art 36).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from lims.certificates.composition import composing
from lims.certificates.models import Certificate, CertificatePlace, Standing
from lims.certificates.queries import places
from lims.certificates.signing.issuing import GROUP, GROUPS
from lims.documents.content import Content
from lims.documents.store import Document
from lims.identity import service as identity
from lims.kernel import clock
from lims.vocabulary import CertificateKind

SPAN = timedelta(minutes=5)
MOST = 120
"""Questions from one address in a span."""

MISS = 6
"""A question that finds nothing counts for so many: guessing ends after twenty."""


@dataclass(frozen=True)
class Seen:
    """One item as the certificate prints it, and where it stands."""

    name: str
    serial: str
    valid_until: date | None
    standing: Standing
    ended_on: date | None


@dataclass(frozen=True)
class Answer:
    """What the public is told."""

    certificate_id: UUID
    number: str
    kind: CertificateKind
    issued_on: date
    standing: Standing
    items: Sequence[Seen]

    @property
    def mixed(self) -> bool:
        """Tell whether not all of its items stand alike."""
        return any(item.standing is not self.standing for item in self.items)


def ask(session: Session, typed: str, on: date) -> Answer | None:
    """Look a certificate up by its code or its number, however it was typed."""
    characters = re.sub(r"[^0-9A-Za-z]", "", typed).upper()
    query = select(Certificate, Document).join(Document, Document.of == Certificate.id)
    meant = or_(Certificate.code == _code(characters), Certificate.number == _number(characters))
    row = session.execute(query.where(Document.kind == composing.KIND, meant)).first()
    return None if row is None else _answer(session, *row, on)


def is_patient(session: Session, address: str) -> bool:
    """Tell whether an address has asked no more than a person would."""
    return identity.failures(session, _key(address)) < MOST


def count(session: Session, address: str, *, is_hit: bool) -> None:
    """Remember that an address asked."""
    row = identity.hold_throttle(session, _key(address))
    if not row.failures:
        row.until = clock.now() + SPAN
    row.failures += 1 if is_hit else MISS


def _key(address: str) -> str:
    return f"check:{address}"


def _code(characters: str) -> str:
    if len(characters) != GROUPS * GROUP:
        return characters
    return "-".join(characters[at : at + GROUP] for at in range(0, len(characters), GROUP))


def _number(characters: str) -> str:
    """Put the hyphen back where numbers have it: V2600012 is V26-00012."""
    match = re.fullmatch(r"([A-Z]+\d\d)(\d{5,})", characters)
    return f"{match[1]}-{match[2]}" if match else characters


def _answer(session: Session, certificate: Certificate, document: Document, on: date) -> Answer:
    printed = _printed(document.content())
    items = [
        _seen(names, place, on)
        for names, (place, _) in zip(printed, places(session, certificate.id), strict=True)
    ]
    return Answer(
        certificate_id=certificate.id,
        number=certificate.number,
        kind=certificate.kind,
        issued_on=certificate.issued_on,
        standing=_together([item.standing for item in items]),
        items=items,
    )


def _printed(content: Content) -> list[tuple[str, str]]:
    """Name the items as the paper does, so that a forged one shows."""
    if "sample" in content:
        return [(content["sample"]["name"], content["sample"]["code"])]
    return [(line["name"], line["serial"]) for line in content.get("items", [content])]


def _seen(printed: tuple[str, str], place: CertificatePlace, on: date) -> Seen:
    name, serial = printed
    return Seen(name, serial, place.valid_until, place.standing(on), place.ended_on)


def _together(standings: Sequence[Standing]) -> Standing:
    """Call the whole by the best of its items; the page says of each how it stands."""
    return min(standings, key=list(Standing).index)
