"""What a fact must not hold for ever: names, telephones, addresses, and what people wrote.

The text stands in `private_value` and the fact holds its id and sha256(salt ‖ text): the log still
proves what was written, and the text can be erased without touching the log.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, get_type_hints
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog.events import REGISTRY, Event
from lims.kernel.db import Base, new_id

_MARK = "private"

Private = Annotated[str, _MARK]
"""The type of a fact's field that is kept outside the log; what is blank stays in it."""

_REFERENCE = re.compile(r"private:([0-9a-f-]{36}):([0-9a-f]{64})")


class PrivateValue(Base):
    """A text that facts refer to. The salt keeps short texts from being guessed by their hash."""

    __tablename__ = "private_value"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    salt: Mapped[str]
    text: Mapped[str]


Row = dict[str, Any]
"""The columns of one private value."""


def withhold(fact: Event) -> tuple[Event, list[Row]]:
    """Return the fact with references in place of its private texts, and the rows to keep."""
    rows: list[Row] = []
    references: dict[str, str] = {}
    for name in private_fields(fact.name):
        if text := getattr(fact, name):
            row = {"id": new_id(), "salt": secrets.token_hex(16), "text": text}
            references[name] = f"private:{row['id']}:{_digest(row['salt'], text)}"
            rows.append(row)
    if references:
        fact = replace(fact, **references)  # type: ignore[arg-type]  # its own fields, by name
    return fact, rows


@cache
def private_fields(fact: str) -> tuple[str, ...]:
    """Name the fields of a fact of this name that are kept outside the log."""
    hints = get_type_hints(REGISTRY[fact], include_extras=True)
    return tuple(name for name, hint in hints.items() if hint == Private)


def reveal(session: Session, text: str) -> str:
    """Return the text that a fact refers to; a fact written before holds the text itself."""
    return reveal_all(session, [text])[text]


def reveal_all(session: Session, texts: Iterable[str]) -> dict[str, str]:
    """Return, by what the facts hold, the texts they refer to; blank where it was erased."""
    ids = {text: UUID(match[1]) for text in texts if (match := _REFERENCE.fullmatch(text))}
    query = select(PrivateValue.id, PrivateValue.text).where(PrivateValue.id.in_(ids.values()))
    kept = dict(iter(session.execute(query))) if ids else {}
    return {text: kept.get(ids[text], "") if text in ids else text for text in texts}


def restore(session: Session, facts: Sequence[Event]) -> list[Event]:
    """Return facts with their private texts in place, in one look."""
    held = [_held(fact) for fact in facts]
    texts = reveal_all(session, {text for fields in held for text in fields.values()})
    return [
        replace(fact, **{name: texts[text] for name, text in fields.items()})  # type: ignore[arg-type]
        if fields
        else fact
        for fact, fields in zip(facts, held, strict=True)
    ]


def _held(fact: Event) -> dict[str, str]:
    return {name: getattr(fact, name) for name in private_fields(fact.name)}


def _digest(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()
