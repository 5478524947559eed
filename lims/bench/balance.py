"""The calibration of one balance: error of indication and its uncertainty at each load.

After EURAMET cg-18, reduced to what a commercial scale needs: buoyancy and convection are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from lims.bench.uncertainty import (
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
class Point:
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
class PointResult:
    """What is known of the balance at one load."""

    nominal: Decimal
    reference: Decimal
    indication: Decimal
    error: Decimal
    budget: Budget
    reported: Reported
    """Error and U as the certificate prints them."""


def calibrate(
    points: Sequence[Point],
    *,
    resolution: Decimal,
    repeatability: Sequence[Decimal],
    eccentricity: Decimal,
    eccentricity_load: Decimal | None = None,
) -> list[PointResult]:
    """Evaluate every point from its readings and the tests that hold for the whole balance.

    `repeatability` are the indications of one load put on again and again; `eccentricity` is the
    largest difference from the centre, which grows with the load when its own load is given.
    """
    if not resolution > 0:
        raise RuleBroken(
            "The scale interval of the balance is above zero: type it again.", field="resolution"
        )
    spread = deviation(repeatability)
    results = []
    for point in points:
        off_centre = _off_centre(point, eccentricity, eccentricity_load)
        inputs = [
            *_standards(point),
            *_resolutions(resolution),
            _repeated(point, spread, len(repeatability) - 1),
            _rectangular("eccentricity", off_centre),
        ]
        results.append(_result(point, evaluate(inputs)))
    return results


def deviation(readings: Sequence[Decimal]) -> Decimal:
    """Return the experimental standard deviation (GUM, 4.2.2)."""
    if len(readings) <= 1:
        raise RuleBroken(
            "Repeatability needs at least two readings: type the others.", field="repeatability"
        )
    with localcontext(prec=DIGITS):
        mean = sum(readings, Decimal(0)) / len(readings)
        squares = sum(((one - mean) ** 2 for one in readings), Decimal(0))
        return (squares / (len(readings) - 1)).sqrt()


def _result(point: Point, budget: Budget) -> PointResult:
    with localcontext(prec=DIGITS):
        indication = sum(point.readings, Decimal(0)) / len(point.readings)
        error = indication - point.reference
    return PointResult(
        nominal=point.nominal,
        reference=point.reference,
        indication=indication,
        error=error,
        budget=budget,
        reported=report(error, budget.U),
    )


def _standards(point: Point) -> list[Input]:
    return [
        Input(
            name="standard weights",
            value=point.reference,
            half_width=point.standard_U,
            divisor=point.standard_k,
            sensitivity=Decimal(-1),
        )
    ]


def _resolutions(resolution: Decimal) -> list[Input]:
    """Count the rounding of the indication twice: under load and at zero (cg-18, 7.1.1)."""
    return [
        _rectangular("resolution under load", resolution / 2),
        _rectangular("resolution at zero", resolution / 2),
    ]


def _repeated(point: Point, spread: Decimal, dof: int) -> Input:
    """Give the mean of a point's few readings the spread of the long series (GUM, 4.2.4)."""
    if not point.readings:
        raise RuleBroken(
            "The load %(load)s has no reading: type one.", field="readings", load=point.nominal
        )
    with localcontext(prec=DIGITS):
        of_mean = spread / Decimal(len(point.readings)).sqrt()
    return Input(name="repeatability", u=of_mean, dof=Decimal(dof))


def _off_centre(point: Point, eccentricity: Decimal, load: Decimal | None) -> Decimal:
    """Return the half-width for loads put near the centre: half the difference seen."""
    with localcontext(prec=DIGITS):
        half = abs(eccentricity) / 2
        return half * point.nominal / load if load else half


def _rectangular(name: str, half_width: Decimal) -> Input:
    return Input(name=name, distribution=Distribution.RECTANGULAR, half_width=half_width)
