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
from lims.certificates.composition.certifiable import Draft, Work
from lims.certificates.composition.instrument import NOT_STATED
from lims.certificates.composition.particulars import Particulars
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
from lims.kernel.words import day, say
from lims.settings import centre

COVERAGE = "95 %"
"""What a coverage probability of 95.45 % is called on certificates (EA-4/02)."""


def calibration(draft: Draft, particulars: Particulars, number: str, code: str) -> Calibration:
    """State what was measured, with its uncertainty and what it is traceable to."""
    work, result, item = draft.first, draft.first.result, draft.first.item
    content = Calibration(
        centre=particulars.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(particulars.issued_on, VI),
        signatory=particulars.signatory,
        name=item.description,
        type=instrument.model(work),
        serial=item.serial or NOT_STATED,
        maker=instrument.manufacturer(work),
        characteristics=_characteristics(work, particulars),
        customer=customer(work),
        place=place(work),
        condition=_condition(work),
        method=method(work),
        environment=environment(work),
        received_on=day(item.received_on, VI),
        performed_on=day(result.performed_on, VI),
        standards=_traceable(work, particulars),
        traceability=_traceability(work, particulars),
        results=[_table(work)],
        coverage=COVERAGE,
        performed_by=particulars.names[result.performed_by],
        checked_by=particulars.names.get(result.checked_by or "", NOT_STATED),
    )
    if year := instrument.year(work):
        content["year"] = year
    return content


def test_report(draft: Draft, particulars: Particulars, number: str, code: str) -> TestReport:
    """State what was found in a sample, each parameter beside its limit."""
    work, result = draft.first, draft.first.result
    values = _values(work)
    content = TestReport(
        centre=particulars.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(particulars.issued_on, VI),
        signatory=particulars.signatory,
        customer=customer(work),
        sample=_sample(work),
        place=place(work),
        environment=environment(work),
        received_on=day(work.item.received_on, VI),
        performed_on=day(result.performed_on, VI),
        parameters=[_parameter(value) for value in values],
        performed_by=particulars.names[result.performed_by],
        checked_by=particulars.names.get(result.checked_by or "", NOT_STATED),
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


def environment(work: Work) -> str:
    """Say under which conditions it was done (ISO/IEC 17025:2017, 7.8.4.1b)."""
    return environment_text(work.sheet.environment, VI) or NOT_STATED


def _characteristics(work: Work, particulars: Particulars) -> list[str]:
    readings = work.result.readings
    stated = instrument.characteristics(work, particulars)
    if stated == [NOT_STATED] and is_balance(readings):
        return [f"d = {_comma(readings['resolution'])} {readings['unit']}".strip()]
    return stated


def _condition(work: Work) -> str:
    return work.item.condition or say("No deviation was noted on receipt", VI)


def _traceable(work: Work, particulars: Particulars) -> list[TraceableStandard]:
    return [
        TraceableStandard(
            code=standard.code,
            name=standard.name,
            certificate=standard.certificate,
            traceable_to=standard.calibrated_by,
        )
        for standard in particulars.standards.get(work.sheet.id, [])
    ]


def _traceability(work: Work, particulars: Particulars) -> str:
    """Write the statement from the chain itself (ISO/IEC 17025:2017, 6.5 and 7.8.4.1c)."""
    used = particulars.standards.get(work.sheet.id, [])
    return say(
        "The results are traceable to the SI by an unbroken chain of calibrations through the "
        "standards named above, calibrated by %(who)s.",
        VI,
        who=", ".join(dict.fromkeys(standard.calibrated_by for standard in used)) or NOT_STATED,
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


def _sample(work: Work) -> Sample:
    return Sample(
        code=work.item.code,
        name=work.item.description,
        description=str(work.result.readings.get("description") or work.item.description),
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
    return str(value).replace(".", ",").replace("-", "−")
