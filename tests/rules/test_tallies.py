from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.contracts.events import ContractSigned, DeliverableAccepted
from lims.tallies.fold import COUNTS, counted
from lims.tallies.queries import Against, Period
from lims.vocabulary import (
    ContractKind,
    DeliverableKind,
    Discipline,
    Field,
    Funding,
    Measure,
    Outcome,
)

ON = date(2026, 3, 3)


def about_a_result(discipline, outcome, units=1):
    return {
        "result_id": uuid4(),
        "item_id": uuid4(),
        "order_id": uuid4(),
        "contract_id": None,
        "instrument_id": None,
        "service_id": uuid4(),
        "discipline": discipline,
        "field": Field.MASS,
        "area": "rach-gia",
        "outcome": outcome,
        "units": units,
        "on": ON,
    }


def authorised(discipline, outcome, units=1):
    said = about_a_result(discipline, outcome, units)
    return ResultAuthorised(**said, performed_on=ON, valid_until=None)


def withdrawn(discipline, outcome, units=1):
    said = about_a_result(discipline, outcome, units)
    return ResultWithdrawn(**said, authorised_on=ON, reason="x")


def sums(*facts):
    found = {}
    for fact in facts:
        for line in counted(fact):
            found[line["measure"]] = found.get(line["measure"], 0) + line["amount"]
    return found


@pytest.mark.parametrize(
    ("discipline", "outcome", "counts"),
    [
        (Discipline.VERIFICATION, Outcome.PASS, {Measure.INSTRUMENTS: 1, Measure.PASSED: 1}),
        (Discipline.VERIFICATION, Outcome.FAIL, {Measure.INSTRUMENTS: 1, Measure.FAILED: 1}),
        (Discipline.VERIFICATION, Outcome.NOT_PERFORMED, {}),
        (Discipline.CALIBRATION, Outcome.MEASURED, {Measure.INSTRUMENTS: 1}),
        (Discipline.TESTING, Outcome.MEASURED, {Measure.SAMPLES: 1}),
    ],
)
def test_an_authorised_result_counts_once_and_what_was_not_performed_does_not(
    discipline, outcome, counts
):
    assert sums(authorised(discipline, outcome)) == counts


def test_a_set_of_fourteen_weights_counts_as_its_type_says():
    assert sums(authorised(Discipline.CALIBRATION, Outcome.MEASURED, 14)) == {
        Measure.INSTRUMENTS: 14
    }


@given(
    discipline=st.sampled_from(
        [Discipline.VERIFICATION, Discipline.CALIBRATION, Discipline.TESTING]
    ),
    outcome=st.sampled_from(Outcome),
    units=st.integers(1, 20),
)
def test_a_withdrawal_takes_back_just_what_the_authorisation_counted(discipline, outcome, units):
    both = sums(authorised(discipline, outcome, units), withdrawn(discipline, outcome, units))

    assert set(both.values()) <= {0}


def test_one_standard_and_four_products_are_accepted():
    def accepted(kind, quantity):
        return DeliverableAccepted(
            deliverable_id=uuid4(),
            contract_id=uuid4(),
            kind=kind,
            quantity=quantity,
            amount=1,
            vat=0,
            on=ON,
        )

    counts = sums(accepted(DeliverableKind.STANDARD, 1), accepted(DeliverableKind.PRODUCT, 4))

    assert counts == {Measure.STANDARDS: 1, Measure.PRODUCTS: 4}


@pytest.mark.parametrize(
    ("kind", "counts"),
    [(ContractKind.TECHNICAL, {Measure.CONTRACTS: 1}), (ContractKind.LABORATORY, {})],
)
def test_only_contracts_of_technical_services_are_counted(kind, counts):
    signed = ContractSigned(
        contract_id=uuid4(),
        number="HD26-00001",
        customer_id=uuid4(),
        kind=kind,
        funding=Funding.CUSTOMER,
        amount=1,
        on=ON,
    )

    assert sums(signed) == counts


def test_every_line_has_every_column_of_its_table():
    (line, *_) = counted(authorised(Discipline.VERIFICATION, Outcome.PASS))

    assert {*line, "position"} == {column.name for column in COUNTS.line.columns}


@pytest.mark.parametrize(
    ("done", "plan", "said"),
    [(22_048, 22_000, "100,2"), (0, 5, "0,0"), (5, None, ""), (1, 3, "33,3"), (2, 3, "66,7")],
)
def test_the_share_of_the_plan_is_written_as_the_yearly_report_writes_it(done, plan, said):
    row = Against(
        measure=Measure.INSTRUMENTS,
        discipline=Discipline.VERIFICATION,
        now=0,
        so_far=done,
        plan=plan,
    )

    assert row.percent == said


def test_a_month_has_its_first_and_its_last_day():
    assert Period.month(date(2024, 2, 9)) == Period(first=date(2024, 2, 1), last=date(2024, 2, 29))
    assert Period.month(ON.replace(month=12)).last == date(2026, 12, 31)
