"""The calibration of a balance: what was typed is evaluated, and kept beside what came out."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from lims.bench.commands import BalanceReadings, Point, Reading
from lims.bench.readings.shapes import Balance, BalancePoint
from lims.bench.uncertainty.balance import Load, LoadResult, calibrate
from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import plain
from lims.kernel.words import read_number, tidy

_BETWEEN = re.compile(r"[;\s]+")
_CENT = Decimal("0.01")


def evaluate_balance(typed: BalanceReadings) -> Balance:
    """Read what was typed, evaluate every load, and keep both."""
    if not typed.points:
        raise RuleBroken("Type at least one load.", field="points.0.nominal")
    series = _series(typed.repeatability, "repeatability")
    eccentricity_load = _optional(typed.eccentricity_load, "eccentricity_load")
    eccentricity = _optional(typed.eccentricity, "eccentricity") or Decimal(0)
    results = calibrate(
        [_load(row, point) for row, point in typed.points.items()],
        resolution=read_number(typed.resolution, field="resolution"),
        repeatability=series,
        eccentricity=eccentricity,
        eccentricity_load=eccentricity_load,
    )
    return {
        "kind": "balance",
        "unit": tidy(typed.unit, field="unit"),
        "resolution": plain(read_number(typed.resolution)),
        "repeatability": [plain(reading) for reading in series],
        "eccentricity": plain(eccentricity),
        "eccentricity_load": "" if eccentricity_load is None else plain(eccentricity_load),
        "points": [
            _kept(point, result)
            for point, result in zip(typed.points.values(), results, strict=True)
        ],
    }


def balance_as_sent(readings: Mapping[str, Reading]) -> BalanceReadings:
    """Read a machine's calibration as the page's boxes hold it; an unused load is left out."""
    points = readings.get("points", [])
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        raise RuleBroken("Send points as a list of objects.", field="readings.points")
    used = {row: _point_as_sent(point) for row, point in enumerate(points) if _is_used(point)}
    return BalanceReadings(
        unit=_line(readings.get("unit", "")),
        resolution=_line(readings.get("resolution", "")),
        repeatability=_line(readings.get("repeatability", "")),
        eccentricity=_line(readings.get("eccentricity", "")),
        eccentricity_load=_line(readings.get("eccentricity_load", "")),
        points=used,
    )


def _is_used(point: Mapping[str, Reading]) -> bool:
    """Tell whether something was read; the value of k alone says nothing."""
    return any(point.get(name) for name in ("nominal", "readings", "standard_error", "standard_U"))


def _point_as_sent(point: Mapping[str, Reading]) -> Point:
    return Point(
        nominal=_line(point.get("nominal", "")),
        readings=_line(point.get("readings", "")),
        standard_error=_line(point.get("standard_error", "")),
        standard_U=_line(point.get("standard_U", "")),
        standard_k=_line(point.get("standard_k", "")),
    )


def _line(reading: Reading) -> str:
    """Write a list of readings as the page's box would hold it."""
    return ";".join(map(str, reading)) if isinstance(reading, list) else str(reading)


def _load(row: int, typed: Point) -> Load:
    address = f"points.{row}"
    k = _optional(typed.standard_k, f"{address}.standard_k")
    if k is not None and not k > 0:
        raise RuleBroken(
            "The coverage factor k of a certificate is above zero: type it again.",
            field=f"{address}.standard_k",
        )
    expanded = read_number(typed.standard_U, field=f"{address}.standard_U")
    if expanded < 0:
        raise RuleBroken(
            "An expanded uncertainty is never negative: type it again.",
            field=f"{address}.standard_U",
        )
    return Load(
        nominal=read_number(typed.nominal, field=f"{address}.nominal"),
        readings=_series(typed.readings, f"{address}.readings"),
        standard_error=_optional(typed.standard_error, f"{address}.standard_error") or Decimal(0),
        standard_U=expanded,
        standard_k=k or Decimal(2),
    )


def _kept(typed: Point, result: LoadResult) -> BalancePoint:
    expanded = result.reported.U
    return {
        "nominal": plain(result.nominal),
        "standard_error": plain(result.reference - result.nominal),
        "standard_U": plain(read_number(typed.standard_U)),
        "standard_k": plain(_optional(typed.standard_k, "standard_k") or Decimal(2)),
        "readings": [plain(reading) for reading in _series(typed.readings, "readings")],
        "reference": _rounded(result.reference, expanded),
        "indication": _rounded(result.indication, expanded),
        "error": plain(result.reported.value),
        "U": plain(expanded),
        "k": plain(result.budget.k.quantize(_CENT, ROUND_HALF_UP)),
        "budget": result.budget.as_json(),
    }


def _series(text: str, field: str) -> list[Decimal]:
    """Read several numbers; a comma is a decimal comma, so blanks and semicolons part them."""
    return [read_number(part, field=field) for part in _BETWEEN.split(text.strip()) if part]


def _optional(text: str, field: str) -> Decimal | None:
    return read_number(text, field=field) if text.strip() else None


def _rounded(value: Decimal, expanded: Decimal) -> str:
    """Round to the second significant digit of U: what is finer says no more (GUM, 7.2.6)."""
    return plain(value.quantize(Decimal(1).scaleb(expanded.adjusted() - 1), ROUND_HALF_UP))
