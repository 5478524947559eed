"""What the administrator asks of the settings and of the deliveries, typed."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class SetParameter:
    """Enter a value that holds from a day on."""

    name: str
    valid_from: date
    value: str
    source: str


@dataclass(frozen=True, kw_only=True)
class RetryDeliveries:
    """Owe again what had failed: one delivery, those of a handler, or all."""

    handler: str | None = None
    position: int | None = None
