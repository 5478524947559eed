"""Seals: the head of the log, signed each day, kept where the database is not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog.chain import Fault
from lims.eventlog.events import canonical
from lims.eventlog.log import Entry, Head
from lims.kernel import clock
from lims.kernel.db import Base


class Seal(Base):
    """The log as it stood: nothing at or before `position` can change without breaking it."""

    __tablename__ = "seal"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
    on: Mapped[date]
    before: Mapped[str]
    """The signature of the seal before; blank for the first."""

    signature: Mapped[str]
    public_key: Mapped[str]

    def text(self) -> str:
        """Return what is signed: one line of JSON."""
        return canonical([self.position, self.hash, self.on.isoformat(), self.before])


@dataclass(frozen=True)
class Key:
    """The key that seals: its own, kept outside the database."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """Return the public half, as hex."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def key(folder: Path) -> Key:
    """Read the sealing key, or make it the first time."""
    path = folder / "seal_key.pem"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = Ed25519PrivateKey.generate()
        path.touch(mode=0o600)
        path.write_bytes(fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, Ed25519PrivateKey):
        raise TypeError(f"{path} holds no Ed25519 key.")
    return Key(private)


def prepare(session: Session, signer: Key) -> Seal | None:
    """Sign the head of the log; None when it stands where it was sealed last."""
    head = session.execute(select(Head.position, Head.hash)).one()
    last = session.scalars(select(Seal).order_by(Seal.position.desc()).limit(1)).first()
    if head.position == 0 or (last is not None and last.position == head.position):
        return None
    seal = Seal(
        position=head.position,
        hash=head.hash,
        on=clock.today(),
        before=last.signature if last else "",
        signature="",
        public_key=signer.public,
    )
    seal.signature = signer.private.sign(seal.text().encode()).hex()
    return seal


def copy_out(seal: Seal, folder: Path) -> Path:
    """Write a seal where the database is not."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"seal-{seal.position:010}.json"
    copy = {"sealed": json.loads(seal.text()), "signature": seal.signature, "key": seal.public_key}
    path.write_text(json.dumps(copy, indent=1) + "\n", encoding="utf-8")
    return path


def faults(session: Session, folder: Path | None = None) -> Iterator[Fault]:
    """Check every seal, in the database and in the folder, against the log."""
    before, top = "", session.scalar(select(Head.position)) or 0
    for seal in session.scalars(select(Seal).order_by(Seal.position)):
        if seal.before != before or not _signed(seal):
            yield Fault(seal.position, "the seal is not genuine")
        yield from _against_log(session, seal.position, seal.hash, top)
        before = seal.signature
    if folder is not None and folder.exists():
        for path in sorted(folder.glob("seal-*.json")):
            position, digest, *_ = json.loads(path.read_text(encoding="utf-8"))["sealed"]
            yield from _against_log(session, position, digest, top)


def _against_log(session: Session, position: int, digest: str, top: int) -> Iterator[Fault]:
    logged = session.scalar(select(Entry.hash).where(Entry.position == position))
    if position > top or logged != digest:
        yield Fault(position, "the log is not what was sealed")


def _signed(seal: Seal) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key)).verify(
            bytes.fromhex(seal.signature), seal.text().encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True
