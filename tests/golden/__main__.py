"""Keep one JSON file per fact and shape, and the list of refusals that clients rely on.

`python -m tests.golden` writes what is new.
"""

import json
import re
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints
from uuid import UUID

from lims import app, features
from lims.eventlog import events
from lims.eventlog.events import REGISTRY, Event
from tests.house import messages

FOLDER = Path(__file__).parent
REFUSALS = FOLDER / "refusals.json"
SAMPLES = {
    UUID: UUID("01931f2e-7c1a-7000-8000-0123456789ab"),
    date: date(2017, 11, 22),
    int: 38,
    str: "Chợ Rạch Giá",
    bool: True,
    Decimal: Decimal("0.05"),
}
__all__ = ["app", "features"]


def ours() -> list[type[Event]]:
    return [kind for kind in REGISTRY.values() if kind.__module__.startswith("lims.")]


def sample(kind: type[Event]) -> Event:
    hints = get_type_hints(kind)
    return kind(**{field.name: _value(hints[field.name]) for field in fields(kind)})


def _value(hint: object) -> object:
    if get_origin(hint) is UnionType:
        (hint,) = (one for one in get_args(hint) if one is not NoneType)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return next(iter(hint))
    return SAMPLES[hint]


def shapes(kind: type[Event]) -> list[Path]:
    name = re.escape(kind.name)
    return sorted(one for one in FOLDER.glob("*.json") if re.fullmatch(rf"{name}\.\d+", one.stem))


def is_told(kind: type[Event]) -> bool:
    """Tell whether the newest shape has just the fields the fact has today."""
    there = shapes(kind)
    names = {field.name for field in fields(kind)}
    return bool(there) and set(json.loads(there[-1].read_text(encoding="utf-8"))) == names


def write() -> None:
    for kind in ours():
        if not is_told(kind):
            path = FOLDER / f"{kind.name}.{len(shapes(kind)) + 1}.json"
            said = json.loads(events.dump(sample(kind)))
            path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            print(path.name)  # noqa: T201 - a command
    refusals = json.dumps(messages.fields_of_refusals(), ensure_ascii=False, indent=1)
    REFUSALS.write_text(refusals + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
