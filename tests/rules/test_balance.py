from decimal import Decimal
from statistics import stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.bench.uncertainty.balance import Load, calibrate, deviation
from lims.kernel.errors import RuleBroken

D = Decimal
SERIES = [100 + D(tenths) / 10 for tenths in (0, 1, 0, -1, 0, 1, 0, 0, -1, 0)]


def five_points():
    return [
        Load(
            nominal=D(load),
            readings=[D(up), D(down)],
            standard_error=D(error),
            standard_U=D(expanded),
        )
        for load, up, down, error, expanded in [
            ("0", "0.0", "0.0", "0", "0"),
            ("50", "50.0", "50.1", "0.002", "0.010"),
            ("100", "100.1", "100.1", "-0.004", "0.016"),
            ("150", "150.1", "150.2", "0.005", "0.025"),
            ("200", "200.2", "200.2", "0.010", "0.030"),
        ]
    ]


def calibrated(**changed):
    tests = {"resolution": D("0.1"), "repeatability": SERIES, "eccentricity": D("0.1")} | changed
    return calibrate(five_points(), **tests)


def test_the_error_is_what_the_balance_shows_less_what_is_on_the_pan():
    results = calibrated()

    assert [result.error for result in results] == [
        D("0"), D("0.048"), D("0.104"), D("0.145"), D("0.190")
    ]  # fmt: skip
    assert results[2].reference == D("99.996")
    assert results[1].indication == D("50.05")


def test_the_budget_of_a_point_is_the_one_done_by_hand():
    last = calibrated()[-1]

    spread = stdev(map(float, SERIES)) / 2**0.5
    by_hand = (0.015**2 + 2 * 0.05**2 / 3 + spread**2 + 0.05**2 / 3) ** 0.5
    assert float(last.budget.u_c) == pytest.approx(by_hand)
    assert last.budget.nu_eff == int(9 * (by_hand / spread) ** 4 + 0.05)
    assert [line.input.name for line in last.budget.lines] == [
        "standard weights",
        "resolution under load",
        "resolution at zero",
        "repeatability",
        "eccentricity",
    ]


def test_error_and_uncertainty_are_printed_to_the_same_digit():
    last = calibrated()[-1]

    assert (str(last.reported.value), str(last.reported.U)) == ("0.19", "0.15")


def test_eccentricity_grows_with_the_load_when_its_own_load_is_known():
    empty, *_, full = calibrated(eccentricity=D("-0.1"), eccentricity_load=D(100))

    assert empty.budget.lines[-1].u == 0
    assert full.budget.lines[-1].input.half_width == D("0.1")


def test_one_reading_tells_nothing_about_repeatability():
    with pytest.raises(RuleBroken, match="at least two") as refused:
        calibrated(repeatability=[D(1)])

    assert refused.value.field == "repeatability"


def test_a_point_without_a_reading_is_refused():
    with pytest.raises(RuleBroken, match="load 50 has no reading"):
        calibrate(
            [Load(nominal=D(50), readings=[])],
            resolution=D("0.1"),
            repeatability=SERIES,
            eccentricity=D(0),
        )


def test_a_balance_has_a_scale_interval():
    with pytest.raises(RuleBroken, match="above zero") as refused:
        calibrated(resolution=D(0))

    assert refused.value.field == "resolution"


@given(st.lists(st.decimals(-1000, 1000, places=3), min_size=2, max_size=20))
def test_the_deviation_is_that_of_the_handbook(readings):
    assert float(deviation(readings)) == pytest.approx(stdev(map(float, readings)), abs=1e-9)
