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
from lims.certificates.composition.certifiable import Draft, Work
from lims.certificates.composition.particulars import Particulars
from lims.certificates.composition.verification import (
    NOT_STATED,
    VI,
    customer,
    method,
    observed,
    place,
)
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
from lims.kernel.words import day, say
from lims.settings import centre

COVERAGE = "95 %"
"""What a coverage probability of 95.45 % is called on certificates (EA-4/02)."""


def calibration(draft: Draft, known: Particulars, number: str, code: str) -> Calibration:
    """State what was measured, with its uncertainty and what it is traceable to."""
    work, result, item = draft.first, draft.first.result, draft.first.item
    return Calibration(
        centre=known.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(known.issued_on, VI),
        signatory=known.signatory,
        name=item.description,
        type=observed(result, "model"),
        serial=item.serial or NOT_STATED,
        maker=observed(result, "maker"),
        characteristics=_characteristics(work),
        customer=customer(work),
        place=place(work),
        condition=_condition(work),
        method=method(work),
        environment=environment(work),
        received_on=day(item.received_on, VI),
        performed_on=day(result.performed_on, VI),
        standards=_traceable(work, known),
        traceability=_traceability(work, known),
        results=[_table(work)],
        coverage=COVERAGE,
        performed_by=known.names[result.performed_by],
        checked_by=known.names.get(result.checked_by or "", NOT_STATED),
    )


def test_report(draft: Draft, known: Particulars, number: str, code: str) -> TestReport:
    """State what was found in a sample, each parameter beside its limit."""
    work, result = draft.first, draft.first.result
    values = _values(work)
    said = TestReport(
        centre=known.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(known.issued_on, VI),
        signatory=known.signatory,
        customer=customer(work),
        sample=_sample(work),
        place=place(work),
        environment=environment(work),
        received_on=day(work.item.received_on, VI),
        performed_on=day(result.performed_on, VI),
        parameters=[_parameter(one) for one in values],
        performed_by=known.names[result.performed_by],
        checked_by=known.names.get(result.checked_by or "", NOT_STATED),
    )
    if sources := list(dict.fromkeys(one["limit_source"] for one in values if one["limit_source"])):
        said["specification"] = "; ".join(sources)
    if any(one["meets"] for one in values):
        said["decision_rule"] = say(
            "Simple acceptance: the result as reported against the limit, without a guard band", VI
        )
    return said


def environment(work: Work) -> str:
    """Say under which conditions it was done (ISO/IEC 17025:2017, 7.8.4.1b)."""
    return environment_text(work.sheet.environment, VI) or NOT_STATED


def _characteristics(work: Work) -> list[str]:
    readings = work.result.readings
    stated = observed(work.result, "characteristics")
    if stated == NOT_STATED and is_balance(readings):
        return [f"d = {_comma(readings['resolution'])} {readings['unit']}".strip()]
    return stated.splitlines()


def _condition(work: Work) -> str:
    return work.item.condition or say("No deviation was noted on receipt", VI)


def _traceable(work: Work, known: Particulars) -> list[TraceableStandard]:
    return [
        TraceableStandard(
            code=one.code,
            name=one.name,
            certificate=one.certificate,
            traceable_to=one.calibrated_by,
        )
        for one in known.standards.get(work.sheet.id, [])
    ]


def _traceability(work: Work, known: Particulars) -> str:
    """Write the statement from the chain itself (ISO/IEC 17025:2017, 6.5 and 7.8.4.1c)."""
    used = known.standards.get(work.sheet.id, [])
    return say(
        "The results are traceable to the SI by an unbroken chain of calibrations through the "
        "standards named above, calibrated by %(who)s.",
        VI,
        who=", ".join(dict.fromkeys(one.calibrated_by for one in used)) or NOT_STATED,
    )


def _table(work: Work) -> ResultTable:
    readings = cast("Balance", work.result.readings)
    if not readings.get("points"):
        raise RuleBroken(
            "The result of item %(code)s holds no measured point: send it back.",
            code=work.item.code,
        )
    return ResultTable(
        title=say("Error of indication", VI),
        unit=readings["unit"],
        points=[_point(one) for one in readings["points"]],
    )


def _point(one: BalancePoint) -> Point:
    return Point(
        nominal=_comma(one["nominal"]),
        reference=_comma(one["reference"]),
        indication=_comma(one["indication"]),
        error=_comma(one["error"]),
        uncertainty=_comma(one["U"]),
        k=_comma(one["k"]),
    )


def _sample(work: Work) -> Sample:
    return Sample(
        code=work.item.code,
        name=work.item.description,
        description=observed(work.result, "description"),
        condition=_condition(work),
        sampling=say(
            "Taken and sent by the customer: the results apply to the sample as received", VI
        ),
    )


def _values(work: Work) -> list[TestedValue]:
    values = cast("Testing", work.result.readings).get("values") or []
    if not values:
        raise RuleBroken(
            "The result of item %(code)s holds no tested parameter: send it back.",
            code=work.item.code,
        )
    return values


def _parameter(one: TestedValue) -> TestedParameter:
    said = TestedParameter(
        name=one["name_vi"], method=one["method"], unit=one["unit"], result=_comma(one["value"])
    )
    if one["limit"]:
        said["limit"] = _comma(one["limit"])
    if one["meets"]:
        said["meets"] = one["meets"]
    return said


def _comma(value: object) -> str:
    """Write a figure as Vietnamese papers do: decimal comma, a true minus."""
    return str(value).replace(".", ",").replace("-", "−")
