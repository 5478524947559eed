"""Money in whole đồng: rates and shares that leave no đồng over."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias

Dong: TypeAlias = int


def portion(amount: Dong, rate: Decimal) -> Dong:
    """Take a rate (0.05 is 5 %) of an amount, half up; of a negative amount, the same below zero.

    An adjusting invoice must take back exactly what the first one asked for.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"A rate lies between 0 and 1, and {rate} does not.")
    return int((amount * rate).quantize(Decimal(1), ROUND_HALF_UP))


def vat(net: Dong, rate: Decimal) -> Dong:
    """Compute the tax on a net amount."""
    return portion(net, rate)


def discount(gross: Dong, rate: Decimal) -> Dong:
    """Compute what is taken off a price."""
    return portion(gross, rate)


def vat_by_rate(lines: Iterable[tuple[Dong, Decimal]]) -> dict[Decimal, Dong]:
    """Compute an invoice's tax for each rate, from (net, rate) lines.

    The invoice states the tax by rate, on the sum of that rate's lines (Decree 254/2026/NĐ-CP,
    Article 10): the rounded taxes of the lines need not add up to it; `share` spreads it over them.
    """
    nets: dict[Decimal, Dong] = {}
    for net, rate in lines:
        nets[rate] = nets.get(rate, 0) + net
    return {rate: vat(net, rate) for rate, net in sorted(nets.items())}


def share(total: Dong, weights: Sequence[int | Decimal]) -> list[Dong]:
    """Split a total by weights so that the parts sum to it.

    The đồng left over go to the largest remainders, of equal ones to the earlier line; where all
    weights are zero the parts are equal.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("A weight cannot be negative.")
    if total < 0:
        return [-part for part in share(-total, weights)]
    weight_sum = sum(map(Fraction, weights))
    if not weight_sum:
        return share(total, [1] * len(weights)) if weights else _nothing_from(total)
    exact = [total * Fraction(weight) / weight_sum for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda line: parts[line] - exact[line])
    for line in by_remainder[: total - sum(parts)]:
        parts[line] += 1
    return parts


def _nothing_from(total: Dong) -> list[Dong]:
    if total:
        raise ValueError("An amount cannot be split over no lines.")
    return []
