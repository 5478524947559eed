"""The conditions of the work: read as typed, and written out."""

from collections.abc import Mapping
from decimal import Decimal

from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import figure, plain
from lims.kernel.words import read_number, say, tidy

VI = "vi"

PLAUSIBLE: Mapping[str, tuple[Decimal, Decimal]] = {
    "temperature": (Decimal(-30), Decimal(80)),
    "humidity": (Decimal(0), Decimal(100)),
    "pressure": (Decimal(500), Decimal(1100)),
}
"""In °C, % and hPa: what lies outside was mistyped."""

CONDITIONS: Mapping[str, tuple[str, str]] = {
    "temperature": ("temperature", "°C"),
    "humidity": ("relative humidity", "%"),
    "pressure": ("air pressure", "hPa"),
}
"""The words and units of the conditions the bench asks for."""


def read_environment(typed: Mapping[str, str | Decimal]) -> dict[str, str]:
    """Read the conditions, keeping the zeros that were typed."""
    texts = {tidy(name): str(value).strip() for name, value in typed.items()}
    return {name: _reading(name, text) for name, text in texts.items() if text}


def _reading(name: str, text: str) -> str:
    field = f"environment.{name}"
    value = read_number(text, field=field)
    low, high = PLAUSIBLE.get(name, (value, value))
    if not low <= value <= high:
        raise RuleBroken(
            "%(value)s is hardly possible: it lies between %(low)s and %(high)s.",
            field=field,
            value=value,
            low=low,
            high=high,
        )
    return plain(value)


def environment_text(environment: Mapping[str, str], locale: str) -> str:
    """Say the conditions of a sheet in a line."""
    parts = []
    for key in sorted(environment, key=_rank):
        words, unit = CONDITIONS.get(key, (key, ""))
        parts.append(f"{say(words, locale)} {figure(environment[key], locale)} {unit}".rstrip())
    line = "; ".join(parts)
    return f"{line[:1].upper()}{line[1:]}"


def _rank(condition: str) -> tuple[int, str]:
    """Put the usual conditions in their order; JSON keeps none."""
    order = list(CONDITIONS)
    return (order.index(condition) if condition in order else len(order), condition)
