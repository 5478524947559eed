import json
import math
from decimal import Decimal
from pathlib import Path

import GTC
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import stats

from lims.bench.uncertainty.budget import Distribution, Input, evaluate, report
from lims.bench.uncertainty.student import UNLIMITED, coverage_factor
from lims.kernel.errors import RuleBroken

VECTORS = json.loads((Path(__file__).parents[1] / "data/uncertainty_vectors.json").read_bytes())
FACTORS = VECTORS["coverage_factors"]["published"]
ORACLE = {
    Distribution.NORMAL: lambda half: half / 2,
    Distribution.RECTANGULAR: GTC.type_b.uniform,
    Distribution.TRIANGULAR: GTC.type_b.triangular,
    Distribution.U_SHAPED: GTC.type_b.arcsine,
}

positive = st.decimals("0.0001", "10000", places=4)
anything = st.decimals(-(10**6), 10**6, places=6)


def typed(given):
    """Make an input of a published vector."""
    kinds = {"name": str, "distribution": Distribution}
    return Input(**{key: kinds.get(key, Decimal)(value) for key, value in given.items()})


@pytest.mark.parametrize("vector", ["gum_h1", "gum_g41"])
def test_published_budgets_come_out_as_published(vector):
    known = VECTORS[vector]

    budget = evaluate([typed(one) for one in known["inputs"]], Decimal(known["coverage"]))
    printed = report(Decimal(known["value"]), budget.U)

    for name, figure in known["unrounded"].items():
        assert float(getattr(budget, name)) == pytest.approx(float(figure), rel=1e-9)
    published = known["published"]
    assert budget.nu_eff == published["nu_eff"]
    assert round(budget.k, 2) == Decimal(published["k"])
    assert str(printed.U) == published["U"]
    assert str(report(Decimal(0), budget.u_c).U) in {published["u_c"], "1.1"}


@pytest.mark.parametrize("dof", FACTORS)
def test_coverage_factors_are_those_of_the_table(dof):
    k = coverage_factor(Decimal("0.9545"), None if dof == "inf" else int(dof))

    assert round(k, 2) == Decimal(FACTORS[dof])


@given(
    st.integers(1, UNLIMITED), st.sampled_from(["0.5", "0.6827", "0.9", "0.95", "0.99", "0.9973"])
)
def test_coverage_factors_are_students(dof, coverage):
    expected = stats.t.ppf((1 + float(coverage)) / 2, dof)

    assert float(coverage_factor(Decimal(coverage), dof)) == pytest.approx(expected, rel=1e-9)


def test_beyond_counting_student_becomes_normal():
    assert coverage_factor(Decimal("0.9545"), UNLIMITED + 1) == 2
    assert str(coverage_factor(Decimal("0.95"), None)) == "1.95996398454"


EQUAL = (Decimal(1), Distribution.NORMAL, Decimal(1))


@example([(*EQUAL, 1), (*EQUAL, 79)])  # 3.95 degrees of freedom: the border of the truncation
@given(
    st.lists(
        st.tuples(
            positive, st.sampled_from(Distribution), anything, st.none() | st.integers(1, 99)
        ),
        min_size=1,
        max_size=6,
    ).filter(lambda lines: any(abs(line[2]) > Decimal("0.001") for line in lines))
)
def test_another_institutes_calculator_finds_the_same(lines):
    inputs = [
        Input(name="x", half_width=a, distribution=kind, sensitivity=c, dof=dof and Decimal(dof))
        for a, kind, c, dof in lines
    ]
    total = sum(
        float(c) * GTC.ureal(0, ORACLE[kind](float(a)), dof or math.inf)
        for a, kind, c, dof in lines
    )

    budget = evaluate(inputs)

    assert float(budget.u_c) == pytest.approx(GTC.uncertainty(total), rel=1e-9)
    assert float(sum(line.index for line in budget.lines)) == pytest.approx(100)
    if budget.nu_eff is None:
        assert GTC.dof(total) > UNLIMITED
    else:
        # Ours is exact, GTC's a float: at 3.95, where ours becomes 4, it says 3.9499999999999997.
        doubt = 1e-6 * GTC.dof(total)
        assert -doubt <= GTC.dof(total) - budget.nu_eff + 0.05 <= 1 + doubt
        assert budget.k > 2


def test_the_evidence_is_kept_in_strings():
    budget = evaluate(
        [
            Input(name="standard", value=Decimal("1000.00"), unit="g", half_width=Decimal("0.10")),
            Input(name="repeatability", u=Decimal("0.03"), dof=Decimal(9)),
        ]
    )

    kept = budget.as_json()

    assert json.loads(json.dumps(kept)) == kept
    assert kept["lines"][0] == {
        "name": "standard",
        "value": "1000.00",
        "unit": "g",
        "distribution": "normal",
        "half_width": "0.10",
        "divisor": "2",
        "sensitivity": "1",
        "dof": "",
        "u": "0.05",
        "contribution": "0.05",
        "index": "73.5294117647",
    }
    assert kept["lines"][1]["divisor"] == "1"
    assert (kept["u_c"], kept["nu_eff"]) == ("0.0583095189485", "128")
    assert (kept["coverage"], kept["k"][:4]) == ("0.9545", "2.01")


def test_a_certificate_may_bring_its_own_divisor():
    own = Input(name="standard", half_width=Decimal("0.0565"), divisor=Decimal("2.26"))

    budget = evaluate([own])

    assert (budget.u_c, budget.U) == (Decimal("0.025"), Decimal("0.05"))
    assert budget.as_json()["nu_eff"] == ""


@pytest.mark.parametrize(
    ("value", "expanded", "printed"),
    [
        ("50000838", "92.483", ("50000838", "93")),
        ("1.23456", "0.0123", ("1.235", "0.013")),
        ("1.23456", "0.10", ("1.23", "0.10")),
        ("10.00005", "10.00001", ("10", "10")),
        ("1.23456", "0.0996", ("1.23", "0.10")),
        ("12345", "1234", ("12300", "1300")),
        ("-0.0005", "0.0021", ("-0.0005", "0.0021")),
        ("2.5", "17", ("3", "17")),
        ("0.1", "99.6", ("0", "100")),
    ],
)
def test_the_uncertainty_is_rounded_up_to_two_digits_and_the_value_to_its_last(
    value, expanded, printed
):
    reported = report(Decimal(value), Decimal(expanded))

    assert (str(reported.value), str(reported.U)) == printed


@given(anything, positive)
def test_a_printed_uncertainty_is_never_a_tenth_too_large_nor_noticeably_too_small(value, expanded):
    reported = report(value, expanded)

    assert Decimal("0.9995") * expanded <= reported.U <= Decimal("1.1") * expanded
    assert len(reported.U.as_tuple().digits) <= 2 or set(reported.U.as_tuple().digits[2:]) == {0}
    assert abs(reported.value - value) <= reported.U / 20


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({}, "half_width"),
        ({"u": Decimal(1), "half_width": Decimal(1)}, "half_width"),
        ({"u": Decimal(-1)}, "half_width"),
        ({"u": Decimal("Infinity")}, "half_width"),
        ({"half_width": Decimal(1), "divisor": Decimal(0)}, "divisor"),
        ({"u": Decimal(1), "dof": Decimal("0.5")}, "dof"),
    ],
)
def test_what_states_no_uncertainty_is_refused(wrong, field):
    with pytest.raises(RuleBroken, match="Input thermometer") as refused:
        Input(name="thermometer", **wrong)

    assert refused.value.field == field


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(RuleBroken, match="needs an input above zero"):
        evaluate([Input(name="x", u=Decimal(1), sensitivity=Decimal(0))])


@pytest.mark.parametrize("coverage", ["0", "0.49", "1", "95.45"])
def test_a_coverage_probability_is_a_share(coverage):
    with pytest.raises(RuleBroken, match=r"between 0\.5 and 1"):
        evaluate([Input(name="x", u=Decimal(1))], Decimal(coverage))


def test_a_report_without_an_uncertainty_is_refused():
    with pytest.raises(RuleBroken, match="above zero"):
        report(Decimal(1), Decimal(0))
