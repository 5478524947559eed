import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.kernel.errors import RuleBroken
from lims.reception.new_items.serials import Line, expand


def serials(text):
    return [line.serial for line in expand(text)]


def test_a_serial_number_stands_on_each_row_and_blank_rows_are_nothing():
    assert expand("A1\r\n\n  B 2 \n") == [Line("A1", row=1), Line("B 2", row=3)]


def test_a_range_keeps_its_zeros():
    forty = serials("A001..A040")

    assert (len(forty), forty[0], forty[-1]) == (40, "A001", "A040")


@pytest.mark.parametrize("typed", ["X8..X11", "X8...X11", "X8…X11", "X8 .. X11", "X8 … X11"])
def test_a_range_is_typed_with_dots(typed):
    assert serials(typed) == ["X8", "X9", "X10", "X11"]


def test_a_padded_range_may_outgrow_its_zeros():
    assert serials("K2017-098..K2017-101\nZ08..Z10\nW99..W100")[-2:] == ["W99", "W100"]


@pytest.mark.parametrize("typed", ["A001-A040", "12.34", "Nº 5/2017"])
def test_a_hyphen_or_one_point_makes_no_range(typed):
    assert serials(typed) == [typed]


def test_a_row_from_a_sheet_brings_the_user_and_the_place():
    pasted = "A1\tTrần Thị B; chợ\tRạch Giá\nA2;Lê C\nA3..A4;;Hà Tiên;\nA5\t\t\t\n"

    assert expand(pasted) == [
        Line("A1", "Trần Thị B; chợ", "Rạch Giá", row=1),
        Line("A2", "Lê C", row=2),
        Line("A3", None, "Hà Tiên", row=3),
        Line("A4", None, "Hà Tiên", row=3),
        Line("A5", row=4),
    ]


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("A1\nA2\nA1", "Row 3 repeats serial number A1 of row 1"),
        ("A1..A3\n\nA2", "Row 3 repeats serial number A2 of row 1"),
        ("A5..A1", "Row 1: the range runs backwards"),
        ("x\nA1..B5", "Row 2: both ends of a range begin alike"),
        ("A001..040", "Row 1: both ends of a range begin alike"),
        ("A001..A40", "Row 1: write both ends of the range with as many digits"),
        ("A1..A040", "Row 1: write both ends of the range with as many digits"),
        ("A..B", "Row 1: both ends of a range end in digits"),
        ("A1..", "Row 1: both ends of a range end in digits"),
        ("A1..A2..A3", "Row 1: both ends of a range begin alike"),
        ("A1..A1001\n", "Row 1 goes beyond 1000 instruments"),
        ("A1..A600\nB1..B401", "Row 2 goes beyond 1000 instruments"),
        ("A1..A" + "9" * 50, "Row 1 goes beyond 1000 instruments"),
        ("A" * 61, "Row 1: a serial number has at most 60 characters"),
        ("A" * 61 + "..A2", "Row 1: a serial number has at most 60 characters"),
        ("." * 200_000, "Row 1: a serial number has at most 60 characters"),
        ("\tTrần Thị B", "Row 1 has no serial number"),
        (";;Rạch Giá", "Row 1 has no serial number"),
        ("A1;b;c;d", "Row 1 has more than three columns"),
        ("A1\nA\x002", "Row 2 holds a control character"),
        ("A1\x0bA2", "Row 1 holds a control character"),
    ],
)
def test_a_list_that_cannot_be_taken_in_names_its_row(pasted, said):
    with pytest.raises(RuleBroken) as refused:
        expand(pasted)

    assert str(refused.value).startswith(said)
    assert refused.value.field == "serials"


def test_a_thousand_instruments_come_in_at_once():
    assert len(expand("A0001..A1000")) == 1000


@given(st.integers(0, 99_999), st.integers(0, 999), st.integers(1, 6))
def test_a_range_holds_every_number_between_its_ends_once(first, more, width):
    start, end = f"P-{first:0{width}}", f"P-{first + more:0{width}}"

    assert serials(f"{start}..{end}") == [f"P-{n:0{width}}" for n in range(first, first + more + 1)]


@given(st.text())
def test_any_text_is_read_or_refused(text):
    try:
        lines = expand(text)
    except RuleBroken:
        return

    assert all(line.serial for line in lines)
