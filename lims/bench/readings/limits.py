"""Whether a test result keeps within the limits of its standard or regulation.

The decision rule is simple acceptance: the result as reported against the limit, without a guard
band (ISO/IEC 17025:2017, 3.7 and 7.8.6). What cannot be decided is `None`: a person says.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from lims.kernel.errors import RuleBroken
from lims.kernel.words import fold, read_number

_BOUNDED = re.compile(r"([<>≤≥])\s*(\S+)")
_NOT_DETECTED = frozenset({"kph", "khong phat hien", "nd", "n.d.", "not detected"})


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What a standard asks of one parameter; the ends of a range belong to it."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def __post_init__(self) -> None:
        """Refuse a range without inside."""
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise RuleBroken(
                "The minimum lies above the maximum: swap them.",
                field="minimum",
            )


@dataclass(frozen=True)
class Value:
    """A result as typed: a value, or only a side of a value; not detected is zero."""

    value: Decimal
    side: str = "="

    @property
    def below(self) -> bool:
        """Tell whether only an upper bound is known, as by <0.01."""
        return self.side in {"<", "≤"}

    @property
    def above(self) -> bool:
        """Tell whether only a lower bound is known, as by >1100."""
        return self.side in {">", "≥"}


def read_value(text: str, *, field: str = "value") -> Value:
    """Read a typed result: 0,05 or <0,01 or >1100 or KPH (not detected)."""
    if fold(text) in _NOT_DETECTED:
        return Value(Decimal(0))
    bounded = _BOUNDED.fullmatch(text.strip())
    if bounded:
        return Value(read_number(bounded[2], field=field), bounded[1])
    return Value(read_number(text, field=field))


def meets(value: Decimal | str | None, limit: Limit | None) -> bool | None:
    """Tell whether a result meets a limit; `None` where nothing is asked or it cannot be told."""
    if value is None or limit is None:
        return None
    typed = read_value(value) if isinstance(value, str) else Value(value)
    sides = []
    if limit.minimum is not None:
        sides.append(_reaches(typed, limit.minimum))
    if limit.maximum is not None:
        sides.append(_stays_under(typed, limit.maximum))
    return _all(sides)


def _all(sides: list[bool | None]) -> bool | None:
    """Say no if any side is broken, yes if all are kept, and nothing otherwise."""
    if False in sides:
        return False
    return None if None in sides or not sides else True


def _stays_under(value: Value, maximum: Decimal) -> bool | None:
    if value.above:
        return False if _certainly_over(value, maximum) else None
    kept = value.value <= maximum
    return None if value.below and not kept else kept


def _certainly_over(value: Value, maximum: Decimal) -> bool:
    return value.value > maximum or (value.side == ">" and value.value == maximum)


def _reaches(value: Value, minimum: Decimal) -> bool | None:
    """Mirror the maximum at zero."""
    mirror = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
    return _stays_under(Value(-value.value, mirror.get(value.side, "=")), -minimum)
