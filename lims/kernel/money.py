"""Money in whole đồng, and the tax on it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

Dong: TypeAlias = int


def vat(net: Dong, rate: Decimal) -> Dong:
    """Compute the tax on a net amount (0.05 is 5 %), half up; below zero the same as above.

    An adjusting invoice must take back exactly what the first one asked for.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"A rate lies between 0 and 1, and {rate} does not.")
    return int((net * rate).quantize(Decimal(1), ROUND_HALF_UP))
