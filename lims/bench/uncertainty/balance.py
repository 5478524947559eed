"""The calibration of one balance: error of indication and its uncertainty at each load.

After EURAMET cg-18, reduced to what a commercial scale needs: buoyancy and convection are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from lims.bench.uncertainty.budget import (
    DIGITS,
    Budget,
    Distribution,
    Input,
    Reported,
    evaluate,
    report,
)
from lims.kernel.errors import RuleBroken


@dataclass(frozen=True, kw_only=True)
class Load:
    """One test load: what the standards truly weigh, and what the balance showed."""

    nominal: Decimal
    readings: Sequence[Decimal]
    """Up and down, or repeated."""
    standard_error: Decimal = Decimal(0)
    """Conventional mass less nominal, from the standard's certificate."""
    standard_U: Decimal = Decimal(0)  # noqa: N815 - the symbol of the certificate
    standard_k: Decimal = Decimal(2)

    @property
    def reference(self) -> Decimal:
        """Return the conventional mass on the pan."""
        return self.nominal + self.standard_error


@dataclass(frozen=True)
class LoadResult:
    """What the calibration came to at one load."""

    nominal: Decimal
    reference: Decimal
    indication: Decimal
    error: Decimal
    budget: Budget
    reported: Reported
    """Error and U as the certificate prints them."""


def calibrate(
    loads: Sequence[Load],
    *,
    resolution: Decimal,
    repeatability: Sequence[Decimal],
    eccentricity: Decimal,
    eccentricity_load: Decimal | None = None,
) -> list[LoadResult]:
    """Evaluate every load from its readings and the tests that hold for the whole balance.

    `repeatability` are the indications of one load put on again and again; `eccentricity` is the
    largest difference from the centre, which grows with the load when its own load is given.
    """
    if not resolution > 0:
        raise RuleBroken(
            "The scale interval of the balance is above zero: type it again.", field="resolution"
        )
    spread = deviation(repeatability)
    results = []
    for load in loads:
        off_centre = _off_centre(load, eccentricity, eccentricity_load)
        inputs = [
            *_standards(load),
            *_resolutions(resolution),
            _repeated(load, spread, len(repeatability) - 1),
            _rectangular("eccentricity", off_centre),
        ]
        results.append(_result(load, evaluate(inputs)))
    return results


def deviation(readings: Sequence[Decimal]) -> Decimal:
    """Return the experimental standard deviation (GUM, 4.2.2)."""
    if len(readings) <= 1:
        raise RuleBroken(
            "Repeatability needs at least two readings: type the others.", field="repeatability"
        )
    with localcontext(prec=DIGITS):
        mean = sum(readings, Decimal(0)) / len(readings)
        squares = sum(((reading - mean) ** 2 for reading in readings), Decimal(0))
        return (squares / (len(readings) - 1)).sqrt()


def _result(load: Load, budget: Budget) -> LoadResult:
    with localcontext(prec=DIGITS):
        indication = sum(load.readings, Decimal(0)) / len(load.readings)
        error = indication - load.reference
    return LoadResult(
        nominal=load.nominal,
        reference=load.reference,
        indication=indication,
        error=error,
        budget=budget,
        reported=report(error, budget.U),
    )


def _standards(load: Load) -> list[Input]:
    return [
        Input(
            name="standard weights",
            value=load.reference,
            half_width=load.standard_U,
            divisor=load.standard_k,
            sensitivity=Decimal(-1),
        )
    ]


def _resolutions(resolution: Decimal) -> list[Input]:
    """Count the rounding of the indication twice: under load and at zero (cg-18, 7.1.1)."""
    return [
        _rectangular("resolution under load", resolution / 2),
        _rectangular("resolution at zero", resolution / 2),
    ]


def _repeated(load: Load, spread: Decimal, dof: int) -> Input:
    """Give the mean of a load's few readings the spread of the long series (GUM, 4.2.4)."""
    if not load.readings:
        raise RuleBroken(
            "The load %(load)s has no reading: type one.", field="readings", load=load.nominal
        )
    with localcontext(prec=DIGITS):
        of_mean = spread / Decimal(len(load.readings)).sqrt()
    return Input(name="repeatability", u=of_mean, dof=Decimal(dof))


def _off_centre(load: Load, eccentricity: Decimal, at_load: Decimal | None) -> Decimal:
    """Return the half-width for loads put near the centre: half the difference seen."""
    with localcontext(prec=DIGITS):
        half = abs(eccentricity) / 2
        return half * load.nominal / at_load if at_load else half


def _rectangular(name: str, half_width: Decimal) -> Input:
    return Input(name=name, distribution=Distribution.RECTANGULAR, half_width=half_width)
