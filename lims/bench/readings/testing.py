"""The test of a sample: each value beside its limit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from lims.bench.readings import limits
from lims.bench.readings.limits import Limit
from lims.bench.readings.shapes import TestedValue, Testing
from lims.catalogue.models import TestParameter
from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import plain
from lims.kernel.words import tidy


def evaluate_test(parameters: Sequence[TestParameter], values: Mapping[str, str]) -> Testing:
    """Put each value beside its limit; a parameter left empty was not tested."""
    codes = {parameter.code for parameter in parameters}
    for code in values:
        if code not in codes:
            raise RuleBroken(
                "The service has no parameter %(code)s: choose one from the list.",
                field=f"values.{code}",
                code=code,
            )
    tested = [
        _tested_value(parameter, values[parameter.code])
        for parameter in parameters
        if values.get(parameter.code)
    ]
    if not tested:
        raise RuleBroken("Type the value of at least one parameter.", field="values")
    return {"kind": "testing", "values": tested}


def limit_text(minimum: Decimal | None, maximum: Decimal | None) -> str:
    """Write a limit with its comparison: ≥ 5, ≤ 0.05, 5 … 10."""
    if minimum is not None and maximum is not None:
        return f"{plain(minimum)} … {plain(maximum)}"
    if minimum is not None:
        return f"≥ {plain(minimum)}"
    return "" if maximum is None else f"≤ {plain(maximum)}"


def _tested_value(parameter: TestParameter, value: str) -> TestedValue:
    limits.read_value(value, field=f"values.{parameter.code}")
    limit = Limit(minimum=parameter.minimum, maximum=parameter.maximum)
    met = limits.meets(value, limit)
    return {
        "code": parameter.code,
        "name_vi": parameter.name_vi,
        "name_en": parameter.name_en,
        "unit": parameter.unit,
        "method": parameter.method,
        "value": tidy(value),
        "limit": limit_text(parameter.minimum, parameter.maximum),
        "limit_source": parameter.limit_source,
        "meets": "" if met is None else ("yes" if met else "no"),
    }
