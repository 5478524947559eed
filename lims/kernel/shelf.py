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

from lims.kernel import clock, log
from lims.kernel.db import Base, fetch, new_id
from lims.kernel.errors import NotFound
from lims.kernel.events import Event, canonical

PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True)
class PaperFrozen(Event):
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
class PaperPrinted(Event):
    """The bytes of a document stand on the shelf."""

    name = "kernel.paper_printed"
    about = "paper_id"

    paper_id: UUID
    of: UUID
    kind: str
    sha256: str
    """Of the bytes."""


class Kept(Base):
    """Bytes under their own hash."""

    __tablename__ = "shelf"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)
    media: Mapped[str]
    kept_at: Mapped[datetime]


class Paper(Base):
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

    def content(self) -> dict[str, Any]:
        """Return what it says."""
        said: dict[str, Any] = json.loads(self.frozen)
        return said

    def printed(self, sha256: str, on: date) -> PaperPrinted:
        """Note that the bytes are there."""
        self.sha256 = sha256
        return PaperPrinted(paper_id=self.id, of=self.of, kind=self.kind, sha256=sha256, on=on)


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
) -> Paper:
    """Fix what a document says; a worker prints it."""
    text = canonical(content)
    paper = Paper(of=of, kind=kind, template=template, number=number, frozen=text, on=on)
    session.add(paper)
    told = PaperFrozen(
        paper_id=paper.id,
        of=of,
        kind=kind,
        template=template,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        on=on,
    )
    log.append(session, told, by=by)
    return paper


def keep(session: Session, paper_id: UUID, content: bytes, *, by: str) -> None:
    """Put a document's bytes on the shelf, once."""
    paper = fetch(session, Paper, paper_id, hold=True)
    if paper.sha256 is not None:
        return
    sha256 = hashlib.sha256(content).hexdigest()
    if session.get(Kept, sha256) is None:
        row = {"sha256": sha256, "bytes": content, "media": PDF, "kept_at": clock.now()}
        session.execute(insert(Kept), [row])
    log.append(session, paper.printed(sha256, paper.on), by=by)


def papers_of(session: Session, of: UUID) -> list[Paper]:
    """List the documents about one thing."""
    return list(session.scalars(select(Paper).where(Paper.of == of).order_by(Paper.id)))


def bytes_of(session: Session, paper: Paper) -> bytes | None:
    """Return a document's bytes as they were printed; None while it is being printed."""
    if paper.sha256 is None:
        return None
    kept = session.get(Kept, paper.sha256)
    if kept is None:
        raise NotFound("The bytes of document %(number)s are missing.", number=paper.number)
    return kept.bytes
