"""Facts: what happened in the centre, in the past tense, never changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints
from uuid import UUID

Plain = str | int | bool | None

REGISTRY: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact. Its fields are what a reader in ten years will need, and no more."""

    name: ClassVar[str]
    """How the log knows it, for ever: `feature.thing_happened`."""

    about: ClassVar[str]
    """The field that holds the id of the thing it happened to."""

    counted: ClassVar[bool] = False
    """Whether a projection sums it: the month, or the money; held at the start of every worker."""

    on: date
    """The laboratory's day: the one it counts in, whenever it was typed."""

    def __init_subclass__(cls) -> None:
        if cls.name in REGISTRY:
            raise TypeError(f"Two facts are called {cls.name}.")
        REGISTRY[cls.name] = cls

    @property
    def subject(self) -> UUID:
        """The id of the thing it happened to."""
        subject: UUID = getattr(self, self.about)
        return subject

    @property
    def happened_on(self) -> date:
        """The day by which a history sorts it; another than `on` for what is entered later."""
        return self.on


def dump(fact: Event) -> str:
    """Write a fact as the canonical JSON text that the log keeps and hashes."""
    return canonical({name: _plain(getattr(fact, name)) for name in _fields(fact.name)})


def canonical(value: object) -> str:
    """Write JSON the one way that can be hashed: sorted keys, no spaces, UTF-8 letters."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(name: str, payload: str) -> Event:
    """Read a fact back as it was written; a field it did not have yet takes its default."""
    readers = _readers(name)
    values: dict[str, Plain] = json.loads(payload)
    kind: Any = REGISTRY[name]
    fact: Event = kind(
        **{key: None if value is None else readers[key](value) for key, value in values.items()}
    )
    return fact


@cache
def _fields(name: str) -> tuple[str, ...]:
    return tuple(field.name for field in fields(REGISTRY[name]))


def _plain(value: object) -> Plain:
    kind = type(value)
    write = _WRITERS.get(kind) or _WRITERS.setdefault(kind, _writer(kind))
    return write(value)


_WRITERS: dict[type, Callable[[Any], Plain]] = {}
"""How values of a type are written, once it is known: asked for each value of every fact."""


def _writer(kind: type) -> Callable[[Any], Plain]:
    if issubclass(kind, NoneType | bool | int):
        return lambda value: value
    if issubclass(kind, StrEnum):
        return lambda value: value.value
    if issubclass(kind, date):
        return lambda value: value.isoformat()
    if issubclass(kind, str | UUID | Decimal):
        return str
    raise TypeError(f"A fact carries plain values, not a {kind.__name__}.")


@cache
def _readers(name: str) -> dict[str, Callable[[Any], Any]]:
    hints = get_type_hints(REGISTRY[name])
    return {field: _reader(hints[field]) for field in _fields(name)}


def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - a type hint has no type
    if get_origin(hint) is UnionType:
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if hint is date:
        return date.fromisoformat
    if hint in (UUID, Decimal) or issubclass(hint, StrEnum):
        return hint  # type: ignore[no-any-return]
    return lambda value: value
