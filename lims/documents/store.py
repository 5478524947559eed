"""What is issued is frozen as JSON, printed once from it, and kept as bytes for ever."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.documents.content import Content
from lims.eventlog import log
from lims.eventlog.events import Event, canonical
from lims.kernel import clock
from lims.kernel.db import Base, fetch, new_id
from lims.kernel.errors import NotFound

PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class DocumentFrozen(Event):
    """What a document says was fixed; it is printed from this and from nothing else."""

    name = "kernel.paper_frozen"
    about = "paper_id"

    paper_id: UUID
    of: UUID
    kind: str
    template: str
    sha256: str
    """Of the frozen JSON text."""


@dataclass(frozen=True, kw_only=True)
class DocumentPrinted(Event):
    """The bytes of a document stand on the shelf."""

    name = "kernel.paper_printed"
    about = "paper_id"

    paper_id: UUID
    of: UUID
    kind: str
    sha256: str
    """Of the bytes."""


class StoredFile(Base):
    """Bytes under their own hash."""

    __tablename__ = "shelf"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    media: Mapped[str]
    kept_at: Mapped[datetime]


class Document(Base):
    """One document: what it says, frozen, and its bytes once they are printed."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("of", "kind"),)

    of: Mapped[UUID]
    kind: Mapped[str]
    template: Mapped[str]
    number: Mapped[str]
    frozen: Mapped[str]
    on: Mapped[date]
    sha256: Mapped[str | None] = mapped_column(default=None)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def content(self) -> Content:
        """Return what it says."""
        return Content(json.loads(self.frozen))

    def printed(self, sha256: str, on: date) -> DocumentPrinted:
        """Note that the bytes are there."""
        self.sha256 = sha256
        return DocumentPrinted(paper_id=self.id, of=self.of, kind=self.kind, sha256=sha256, on=on)


def freeze(
    session: Session,
    of: UUID,
    *,
    kind: str,
    template: str,
    number: str,
    content: Mapping[str, Any],
    on: date,
    by: str,
) -> Document:
    """Fix what a document says; a worker prints it."""
    text = canonical(content)
    document = Document(of=of, kind=kind, template=template, number=number, frozen=text, on=on)
    session.add(document)
    fact = DocumentFrozen(
        paper_id=document.id,
        of=of,
        kind=kind,
        template=template,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        on=on,
    )
    log.append(session, fact, by=by)
    return document


def keep(session: Session, paper_id: UUID, content: bytes, *, by: str) -> None:
    """Put a document's bytes on the shelf, once."""
    document = fetch(session, Document, paper_id, hold=True)
    if document.sha256 is not None:
        return
    sha256 = hashlib.sha256(content).hexdigest()
    if session.get(StoredFile, sha256) is None:
        row = {"sha256": sha256, "bytes": content, "media": PDF, "kept_at": clock.now()}
        session.execute(insert(StoredFile), [row])
    log.append(session, document.printed(sha256, document.on), by=by)


def documents_of(session: Session, of: UUID) -> list[Document]:
    """List the documents about one thing."""
    return list(session.scalars(select(Document).where(Document.of == of).order_by(Document.id)))


def bytes_of(session: Session, document: Document) -> bytes | None:
    """Return a document's bytes as they were printed; None while it is being printed."""
    if document.sha256 is None:
        return None
    kept = session.get(StoredFile, document.sha256)
    if kept is None:
        raise NotFound("The bytes of document %(number)s are missing.", number=document.number)
    return kept.bytes
