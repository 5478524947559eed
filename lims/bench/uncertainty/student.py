"""Coverage factors: how many standard uncertainties hold a stated share of the values."""

import math
from decimal import Decimal
from functools import lru_cache
from statistics import NormalDist

# By convention k is a whole number at these levels when the degrees of freedom are unlimited
# (EA-4/02, 5.2; JCGM 100:2008, table G.2), though the exact share for k = 2 is 95.449 97… %.
CONVENTIONAL = {Decimal("0.6827"): 1, Decimal("0.9545"): 2, Decimal("0.9973"): 3}
UNLIMITED = 100_000  # beyond it Student's factor is the normal one to four decimals

_SAME = 1e-14
_STEPS = 200


@lru_cache(maxsize=4096)
def coverage_factor(coverage: Decimal, dof: int | None) -> Decimal:
    """Return k for a two-sided coverage of a half or more; no `dof` means unlimited ones."""
    if dof is None or dof > UNLIMITED:
        normal = NormalDist().inv_cdf((1 + float(coverage)) / 2)
        return Decimal(CONVENTIONAL.get(coverage, _rounded(normal)))
    return _rounded(_quantile(float(coverage), dof))


def _rounded(factor: float) -> Decimal:
    """Keep the digits the iteration is sure of."""
    return Decimal(f"{factor:.12g}")


def _quantile(coverage: float, dof: int) -> float:
    """Find t where the tails hold what the coverage leaves, by halving an interval."""
    low, high = 0.0, 2.0
    while _tails(high, dof) > 1 - coverage:
        high *= 2
    while high - low > _SAME * high:
        middle = (low + high) / 2
        if _tails(middle, dof) > 1 - coverage:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _tails(t: float, dof: int) -> float:
    """Return the share of Student's distribution outside ±t."""
    return _incomplete_beta(dof / 2, 0.5, dof / (dof + t * t))


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function (DLMF 8.17)."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logarithm + a * math.log(x) + b * math.log1p(-x))
    return front / (a * _continued_fraction(a, b, x))


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Evaluate DLMF 8.17.22 backwards from a depth where nothing changes any more."""
    value = 1.0
    for depth in range(_STEPS, 0, -1):
        value = 1 + _coefficient(depth, a, b, x) / value
    return value


def _coefficient(depth: int, a: float, b: float, x: float) -> float:
    m, odd = divmod(depth, 2)
    if odd:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
