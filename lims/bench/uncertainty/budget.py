"""The uncertainty budget of a measurement (JCGM 100:2008, “GUM”), kept as evidence.

Inputs are taken as uncorrelated; a correlated pair must be entered as one input.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import TypedDict

from lims.bench.uncertainty.student import UNLIMITED, coverage_factor
from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import plain

CONVENTIONAL_COVERAGE = Decimal("0.9545")
LEAST_COVERAGE = Decimal("0.5")
DIGITS = 34  # of working; far beyond what any reading carries
KEPT = 12  # digits of a computed figure in the evidence
ALMOST = Decimal("0.05")  # degrees of freedom that compute to 18.99 are 19 (GUM, G.4.1)


class Distribution(StrEnum):
    """How the values of an input are spread over its interval (GUM, 4.3)."""

    NORMAL = "normal"
    """Phân bố chuẩn: a certificate's expanded uncertainty, or a type A evaluation."""
    RECTANGULAR = "rectangular"
    """Phân bố đều (hình chữ nhật): a resolution, a limit of error."""
    TRIANGULAR = "triangular"
    """Phân bố tam giác: a limit whose middle is likelier."""
    U_SHAPED = "u_shaped"
    """Phân bố hình chữ U (arcsin): a regulated temperature, a mismatch."""


# The square of what the half-width is divided by; a certificate states U for k = 2 unless it says
# otherwise.
_SQUARED_DIVISOR = {
    Distribution.NORMAL: 4,
    Distribution.RECTANGULAR: 3,
    Distribution.TRIANGULAR: 6,
    Distribution.U_SHAPED: 2,
}


@dataclass(frozen=True, kw_only=True)
class Input:
    """One source of uncertainty: give `u`, or the half-width of its interval."""

    name: str
    value: Decimal = Decimal(0)
    unit: str = ""
    distribution: Distribution = Distribution.NORMAL
    half_width: Decimal | None = None
    """Half the interval; for a normal distribution the expanded uncertainty U."""
    u: Decimal | None = None
    """The standard uncertainty itself, as of a type A evaluation."""
    divisor: Decimal | None = None
    """Replaces the divisor of the distribution: a certificate's own k."""
    sensitivity: Decimal = Decimal(1)
    dof: Decimal | None = None
    """Degrees of freedom; none means unlimited."""

    def __post_init__(self) -> None:
        """Refuse what is no statement of an uncertainty."""
        stated = [figure for figure in (self.u, self.half_width) if figure is not None]
        if len(stated) != 1:
            raise self._refusal("Input %(name)s: give either a half-width or u.", "half_width")
        if not stated[0].is_finite() or stated[0] < 0:
            raise self._refusal(
                "Input %(name)s: an uncertainty is never negative: type it again.", "half_width"
            )
        if self.divisor is not None and not self.divisor > 0:
            raise self._refusal(
                "Input %(name)s: the divisor is above zero: type it again.", "divisor"
            )
        if self.dof is not None and not self.dof >= 1:
            raise self._refusal(
                "Input %(name)s: degrees of freedom are 1 or more; leave them out if unlimited.",
                "dof",
            )

    @property
    def standard(self) -> Decimal:
        """Return the standard uncertainty."""
        if self.half_width is None:
            return self.u or Decimal(0)
        with localcontext(prec=DIGITS):
            return self.half_width / self.divided_by

    @property
    def divided_by(self) -> Decimal:
        """Return what the half-width is divided by: the divisor given, or the distribution's."""
        if self.half_width is None:
            return Decimal(1)
        with localcontext(prec=DIGITS):
            return self.divisor or Decimal(_SQUARED_DIVISOR[self.distribution]).sqrt()

    def _refusal(self, message: str, field: str) -> RuleBroken:
        return RuleBroken(message, field=field, name=self.name)


class BudgetLine(TypedDict):
    """One line of a budget as it is kept, all of it text."""

    name: str
    value: str
    unit: str
    distribution: str
    half_width: str
    divisor: str
    sensitivity: str
    dof: str
    u: str
    contribution: str
    index: str


class BudgetEvidence(TypedDict):
    """A budget as it is kept with the result: unrounded, all of it text."""

    lines: list[BudgetLine]
    u_c: str
    nu_eff: str
    coverage: str
    k: str
    U: str


@dataclass(frozen=True)
class Contribution:
    """One line of a budget: what an input adds to the combined uncertainty."""

    input: Input
    u: Decimal
    contribution: Decimal
    """|c|·u, in the unit of the result."""
    index: Decimal
    """Its share of the combined variance, in per cent."""

    def as_json(self) -> BudgetLine:
        """Say the line in strings only, so that no reader rounds it."""
        source = self.input
        return {
            "name": source.name,
            "value": _plain(source.value),
            "unit": source.unit,
            "distribution": source.distribution.value,
            "half_width": _plain(source.half_width),
            "divisor": _kept(source.divided_by),
            "sensitivity": _plain(source.sensitivity),
            "dof": _plain(source.dof),
            "u": _kept(self.u),
            "contribution": _kept(self.contribution),
            "index": _kept(self.index),
        }


@dataclass(frozen=True)
class Budget:
    """An evaluated budget."""

    lines: tuple[Contribution, ...]
    u_c: Decimal
    nu_eff: int | None
    """Effective degrees of freedom, truncated; none means unlimited."""
    coverage: Decimal
    k: Decimal
    U: Decimal

    def as_json(self) -> BudgetEvidence:
        """Say the budget in strings only: the evidence kept with the result."""
        return {
            "lines": [line.as_json() for line in self.lines],
            "u_c": _kept(self.u_c),
            "nu_eff": "" if self.nu_eff is None else str(self.nu_eff),
            "coverage": _plain(self.coverage),
            "k": _kept(self.k),
            "U": _kept(self.U),
        }


@dataclass(frozen=True)
class Reported:
    """A value and its expanded uncertainty as a certificate prints them."""

    value: Decimal
    U: Decimal


def evaluate(inputs: Sequence[Input], coverage: Decimal = CONVENTIONAL_COVERAGE) -> Budget:
    """Combine the inputs into u_c, k and U (GUM, 5.1.2 and annex G)."""
    if not LEAST_COVERAGE <= coverage < 1:
        raise RuleBroken(
            "A coverage probability lies between 0.5 and 1: for example 0.9545.", field="coverage"
        )
    with localcontext(prec=DIGITS):
        parts = [abs(source.sensitivity) * source.standard for source in inputs]
        variance = sum((part * part for part in parts), Decimal(0))
        if not variance:
            raise RuleBroken("An uncertainty budget needs an input above zero: add one.")
        combined = variance.sqrt()
        nu_eff = _effective(inputs, parts, variance)
        k = coverage_factor(coverage, nu_eff)
        lines = tuple(
            Contribution(source, source.standard, part, 100 * part * part / variance)
            for source, part in zip(inputs, parts, strict=True)
        )
        return Budget(lines, combined, nu_eff, coverage, k, k * combined)


def report(value: Decimal, expanded: Decimal) -> Reported:
    """Round U up to two significant digits, and the value to the last digit of U.

    Both from unrounded figures (GUM, 7.2.6). Four digits are looked at before rounding up, so that
    the last digits of a computation do not make 10 into 11.
    """
    if not expanded > 0:
        raise RuleBroken("An expanded uncertainty is above zero: evaluate it again.", field="U")
    with localcontext(prec=DIGITS):
        looked_at = expanded.quantize(_unit(expanded, 4), ROUND_HALF_UP)
        rounded = looked_at.quantize(_unit(looked_at, 2), ROUND_CEILING)
        last = _unit(rounded, 2)
        return Reported(_to(value, last), _to(rounded, last))


def _effective(inputs: Sequence[Input], parts: Sequence[Decimal], variance: Decimal) -> int | None:
    """Return the effective degrees of freedom (Welch-Satterthwaite, GUM G.4.1), truncated."""
    limited = sum(
        (
            part**4 / source.dof
            for source, part in zip(inputs, parts, strict=True)
            if source.dof is not None
        ),
        Decimal(0),
    )
    if not limited:
        return None
    effective = int((variance * variance / limited + ALMOST).to_integral_value(ROUND_FLOOR))
    return effective if effective <= UNLIMITED else None


def _unit(value: Decimal, digits: int) -> Decimal:
    """Return the unit of the n-th significant digit of a value."""
    return Decimal(1).scaleb(value.adjusted() - digits + 1)


def _to(value: Decimal, last: Decimal) -> Decimal:
    """Round to a digit, left or right of the point, and write it without an exponent."""
    return Decimal(plain(value.quantize(last, ROUND_HALF_UP)))


def _plain(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _kept(value: Decimal) -> str:
    with localcontext(prec=KEPT):
        return plain(+value)
