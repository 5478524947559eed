"""What `Result.readings` holds, all of it text: what was typed, and what was computed from it.

Whoever shows or prints a result reads these shapes; a verification keeps here what it was given.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, TypedDict

from lims.bench import limits
from lims.bench.balance import Point, PointResult, calibrate
from lims.bench.limits import Limit
from lims.catalogue.models import TestParameter
from lims.kernel.errors import RuleBroken
from lims.kernel.words import read_number, tidy

_BETWEEN = re.compile(r"[;\s]+")
_CENT = Decimal("0.01")


class BalancePoint(TypedDict):
    """One load; from `reference` on it is computed, rounded as U is (GUM, 7.2.6)."""

    nominal: str
    standard_error: str
    standard_U: str
    standard_k: str
    readings: list[str]
    reference: str
    indication: str
    error: str
    U: str
    k: str
    budget: dict[str, Any]
    """As `uncertainty.Budget.as_json`: lines, u_c, nu_eff, coverage, k, U, all unrounded."""


class Balance(TypedDict):
    """The calibration of a balance."""

    kind: Literal["balance"]
    unit: str
    resolution: str
    repeatability: list[str]
    eccentricity: str
    eccentricity_load: str
    points: list[BalancePoint]


class TestedValue(TypedDict):
    """One parameter of a sample; `limit` is written out, `meets` is yes, no or empty."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    method: str
    value: str
    limit: str
    limit_source: str
    meets: Literal["yes", "no", ""]


class Testing(TypedDict):
    """The testing of a sample."""

    kind: Literal["testing"]
    values: list[TestedValue]


@dataclass(frozen=True, kw_only=True)
class TypedPoint:
    """One load as it was typed; several readings are parted by blanks or semicolons."""

    nominal: str = ""
    readings: str = ""
    standard_error: str = ""
    standard_U: str = ""  # noqa: N815 - the symbol of the certificate
    standard_k: str = ""

    @property
    def blank(self) -> bool:
        """Tell whether nothing was typed: the value of k alone says nothing."""
        return not (self.nominal or self.readings or self.standard_error or self.standard_U)


@dataclass(frozen=True, kw_only=True)
class TypedBalance:
    """The calibration of a balance as it was typed."""

    unit: str
    resolution: str
    repeatability: str
    eccentricity: str = ""
    eccentricity_load: str = ""
    points: Sequence[TypedPoint] = ()


def of_balance(typed: TypedBalance) -> Balance:
    """Read what was typed, evaluate every load, and keep both."""
    points = {row: one for row, one in enumerate(typed.points) if not one.blank}
    if not points:
        raise RuleBroken("Type at least one load.", field="points.0.nominal")
    series = _series(typed.repeatability, "repeatability")
    load = _optional(typed.eccentricity_load, "eccentricity_load")
    eccentricity = _optional(typed.eccentricity, "eccentricity") or Decimal(0)
    results = calibrate(
        [_point(row, one) for row, one in points.items()],
        resolution=read_number(typed.resolution, field="resolution"),
        repeatability=series,
        eccentricity=eccentricity,
        eccentricity_load=load,
    )
    return {
        "kind": "balance",
        "unit": tidy(typed.unit, field="unit"),
        "resolution": _said(read_number(typed.resolution)),
        "repeatability": [_said(one) for one in series],
        "eccentricity": _said(eccentricity),
        "eccentricity_load": "" if load is None else _said(load),
        "points": [
            _kept(one, result) for one, result in zip(points.values(), results, strict=True)
        ],
    }


def of_test(parameters: Sequence[TestParameter], values: Mapping[str, str]) -> Testing:
    """Put each value beside its limit; a parameter left empty was not tested."""
    known = {one.code for one in parameters}
    for code in values:
        if code not in known:
            raise RuleBroken(
                "The service has no parameter %(code)s: choose one from the list.",
                field=f"values.{code}",
                code=code,
            )
    tested = [_tested(one, values[one.code]) for one in parameters if values.get(one.code)]
    if not tested:
        raise RuleBroken("Type the value of at least one parameter.", field="values")
    return {"kind": "testing", "values": tested}


def limit_said(minimum: Decimal | None, maximum: Decimal | None) -> str:
    """Write a limit with its comparison: ≥ 5, ≤ 0.05, 5 … 10."""
    if minimum is not None and maximum is not None:
        return f"{minimum:f} … {maximum:f}"
    if minimum is not None:
        return f"≥ {minimum:f}"
    return "" if maximum is None else f"≤ {maximum:f}"


def _tested(parameter: TestParameter, value: str) -> TestedValue:
    limits.read_result(value, field=f"values.{parameter.code}")
    limit = Limit(minimum=parameter.minimum, maximum=parameter.maximum)
    met = limits.meets(value, limit)
    return {
        "code": parameter.code,
        "name_vi": parameter.name_vi,
        "name_en": parameter.name_en,
        "unit": parameter.unit,
        "method": parameter.method,
        "value": tidy(value),
        "limit": limit_said(parameter.minimum, parameter.maximum),
        "limit_source": parameter.limit_source,
        "meets": "" if met is None else ("yes" if met else "no"),
    }


def _point(row: int, typed: TypedPoint) -> Point:
    here = f"points.{row}"
    k = _optional(typed.standard_k, f"{here}.standard_k")
    if k is not None and not k > 0:
        raise RuleBroken(
            "The coverage factor k of a certificate is above zero: type it again.",
            field=f"{here}.standard_k",
        )
    expanded = read_number(typed.standard_U, field=f"{here}.standard_U")
    if expanded < 0:
        raise RuleBroken(
            "An expanded uncertainty is never negative: type it again.",
            field=f"{here}.standard_U",
        )
    return Point(
        nominal=read_number(typed.nominal, field=f"{here}.nominal"),
        readings=_series(typed.readings, f"{here}.readings"),
        standard_error=_optional(typed.standard_error, f"{here}.standard_error") or Decimal(0),
        standard_U=expanded,
        standard_k=k or Decimal(2),
    )


def _kept(typed: TypedPoint, result: PointResult) -> BalancePoint:
    last = result.reported.U
    return {
        "nominal": _said(result.nominal),
        "standard_error": _said(result.reference - result.nominal),
        "standard_U": _said(read_number(typed.standard_U)),
        "standard_k": _said(_optional(typed.standard_k, "standard_k") or Decimal(2)),
        "readings": [_said(one) for one in _series(typed.readings, "readings")],
        "reference": _as(result.reference, last),
        "indication": _as(result.indication, last),
        "error": _said(result.reported.value),
        "U": _said(last),
        "k": _said(result.budget.k.quantize(_CENT, ROUND_HALF_UP)),
        "budget": result.budget.as_json(),
    }


def _series(text: str, field: str) -> list[Decimal]:
    """Read several numbers; a comma is a decimal comma, so blanks and semicolons part them."""
    return [read_number(one, field=field) for one in _BETWEEN.split(text.strip()) if one]


def _optional(text: str, field: str) -> Decimal | None:
    return read_number(text, field=field) if text.strip() else None


def _as(value: Decimal, expanded: Decimal) -> str:
    """Round to the second significant digit of U: what is finer says no more (GUM, 7.2.6)."""
    return _said(value.quantize(Decimal(1).scaleb(expanded.adjusted() - 1), ROUND_HALF_UP))


def _said(value: Decimal) -> str:
    return f"{value:f}"
