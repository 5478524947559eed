"""What calibration certificates and test reports say (ISO/IEC 17025:2017, 7.8.3 and 7.8.4).

A calibration certificate has no place for a due date or a verdict: neither is put in here.
"""

from typing import cast

from lims.bench.readings.shapes import (
    Balance,
    BalancePoint,
    TestedValue,
    Testing,
    is_balance,
)
from lims.bench.sheets.environment import environment_text
from lims.certificates.composition import instrument
from lims.certificates.composition.certifiable import Draft, ResultContext
from lims.certificates.composition.instrument import NOT_STATED
from lims.certificates.composition.shared import SharedContent
from lims.certificates.composition.verification import VI, customer, method, place
from lims.certificates.document_types import (
    Calibration,
    Point,
    ResultTable,
    Sample,
    TestedParameter,
    TestReport,
    TraceableStandard,
)
from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import MINUS, figure
from lims.kernel.words import day, say
from lims.settings import centre

COVERAGE = "95 %"
"""What a coverage probability of 95.45 % is called on certificates (EA-4/02)."""


def calibration(draft: Draft, shared: SharedContent, number: str, code: str) -> Calibration:
    """State what was measured, with its uncertainty and what it is traceable to."""
    context, result, item = draft.first, draft.first.result, draft.first.item
    content = Calibration(
        centre=shared.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(shared.issued_on, VI),
        signatory=shared.signatory,
        name=item.description,
        type=instrument.model(context),
        serial=item.serial or NOT_STATED,
        maker=instrument.manufacturer(context),
        characteristics=_characteristics(context, shared),
        customer=customer(context),
        place=place(context),
        condition=_condition(context),
        method=method(context),
        environment=environment(context),
        received_on=day(item.received_on, VI),
        performed_on=day(result.performed_on, VI),
        standards=_traceable(context, shared),
        traceability=_traceability(context, shared),
        results=[_table(context)],
        coverage=COVERAGE,
        performed_by=shared.names[result.performed_by],
        checked_by=shared.names.get(result.checked_by or "", NOT_STATED),
    )
    if year := instrument.year(context):
        content["year"] = year
    return content


def test_report(draft: Draft, shared: SharedContent, number: str, code: str) -> TestReport:
    """State what was found in a sample, each parameter beside its limit."""
    context, result = draft.first, draft.first.result
    values = _values(context)
    content = TestReport(
        centre=shared.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(shared.issued_on, VI),
        signatory=shared.signatory,
        customer=customer(context),
        sample=_sample(context),
        place=place(context),
        environment=environment(context),
        received_on=day(context.item.received_on, VI),
        performed_on=day(result.performed_on, VI),
        parameters=[_parameter(value) for value in values],
        performed_by=shared.names[result.performed_by],
        checked_by=shared.names.get(result.checked_by or "", NOT_STATED),
    )
    if sources := list(
        dict.fromkeys(value["limit_source"] for value in values if value["limit_source"])
    ):
        content["specification"] = "; ".join(sources)
    if any(value["meets"] for value in values):
        content["decision_rule"] = say(
            "Simple acceptance: the result as reported against the limit, without a guard band", VI
        )
    return content


def environment(context: ResultContext) -> str:
    """Say under which conditions it was done (ISO/IEC 17025:2017, 7.8.4.1b)."""
    return environment_text(context.sheet.environment, VI) or NOT_STATED


def _characteristics(context: ResultContext, shared: SharedContent) -> list[str]:
    readings = context.result.readings
    stated = instrument.characteristics(context, shared)
    if stated == [NOT_STATED] and is_balance(readings):
        return [f"d = {_comma(readings['resolution'])} {readings['unit']}".strip()]
    return stated


def _condition(context: ResultContext) -> str:
    return context.item.condition or say("No deviation was noted on receipt", VI)


def _traceable(context: ResultContext, shared: SharedContent) -> list[TraceableStandard]:
    return [
        TraceableStandard(
            code=standard.code,
            name=standard.name,
            certificate=standard.certificate,
            traceable_to=standard.calibrated_by,
        )
        for standard in shared.standards.get(context.sheet.id, [])
    ]


def _traceability(context: ResultContext, shared: SharedContent) -> str:
    """Write the statement from the chain itself (ISO/IEC 17025:2017, 6.5 and 7.8.4.1c)."""
    used = shared.standards.get(context.sheet.id, [])
    return say(
        "The results are traceable to the SI by an unbroken chain of calibrations through the "
        "standards named above, calibrated by %(who)s.",
        VI,
        who=", ".join(dict.fromkeys(standard.calibrated_by for standard in used)) or NOT_STATED,
    )


def _table(context: ResultContext) -> ResultTable:
    readings = cast("Balance", context.result.readings)
    if not readings.get("points"):
        raise RuleBroken(
            "The result of item %(code)s holds no measured point: send it back.",
            code=context.item.code,
        )
    return ResultTable(
        title=say("Error of indication", VI),
        unit=readings["unit"],
        points=[_point(point) for point in readings["points"]],
    )


def _point(point: BalancePoint) -> Point:
    return Point(
        nominal=_comma(point["nominal"]),
        reference=_comma(point["reference"]),
        indication=_comma(point["indication"]),
        error=_comma(point["error"]),
        uncertainty=_comma(point["U"]),
        k=_comma(point["k"]),
    )


def _sample(context: ResultContext) -> Sample:
    return Sample(
        code=context.item.code,
        name=context.item.description,
        description=str(context.result.readings.get("description") or context.item.description),
        condition=_condition(context),
        sampling=say(
            "Taken and sent by the customer: the results apply to the sample as received", VI
        ),
    )


def _values(context: ResultContext) -> list[TestedValue]:
    values = cast("Testing", context.result.readings).get("values") or []
    if not values:
        raise RuleBroken(
            "The result of item %(code)s holds no tested parameter: send it back.",
            code=context.item.code,
        )
    return values


def _parameter(value: TestedValue) -> TestedParameter:
    line = TestedParameter(
        name=value["name_vi"],
        method=value["method"],
        unit=value["unit"],
        result=_comma(value["value"]),
    )
    if value["limit"]:
        line["limit"] = _comma(value["limit"])
    if value["meets"]:
        line["meets"] = value["meets"]
    return line


def _comma(value: object) -> str:
    """Write a figure as Vietnamese papers do: decimal comma, a true minus."""
    return figure(str(value), VI).replace("-", MINUS)
