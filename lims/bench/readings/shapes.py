"""What `Result.readings` holds, all of it text: what was typed, and what was computed from it.

Whoever shows or prints a result reads these shapes; a verification keeps here what it was given.
"""

from collections.abc import Mapping
from typing import Literal, TypedDict, TypeGuard

from lims.bench.commands import Reading
from lims.bench.uncertainty.budget import BudgetEvidence


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
    budget: BudgetEvidence


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


Readings = Balance | Testing | Mapping[str, Reading]


def is_balance(readings: Readings) -> TypeGuard[Balance]:
    """Tell whether a balance was calibrated."""
    return readings.get("kind") == "balance"


def is_testing(readings: Readings) -> TypeGuard[Testing]:
    """Tell whether a sample was tested."""
    return readings.get("kind") == "testing"


def breaks_limit(readings: Readings) -> bool:
    """Tell whether a tested value does not meet its limit."""
    return is_testing(readings) and any(value["meets"] == "no" for value in readings["values"])
