import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import (
    DIGITS,
    dong,
    dong_in_words,
    figure,
    in_words,
    number,
    plain,
    read_dong,
    read_number,
)

readings = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Decimal("1234567.89"), "1.234.567,89", "1,234,567.89"),
        (Decimal("0.500"), "0,500", "0.500"),
        (Decimal("-1000.0"), "−1.000,0", "−1,000.0"),
        (Decimal("1.5E+4"), "15.000", "15,000"),
        (Decimal("1E-7"), "0,0000001", "0.0000001"),
        (22048, "22.048", "22,048"),
        (-5, "−5", "−5"),
    ],
)
def test_a_number_is_written_with_the_zeros_that_were_typed(value, vi, en):
    assert (number(value, "vi"), number(value, "en")) == (vi, en)


@pytest.mark.parametrize("typed", ["", "  ", "-"])
def test_a_reading_left_blank_is_asked_for_in_plain_words(typed):
    with pytest.raises(RuleBroken, match="Fill this in"):
        read_number(typed)


def test_money_is_written_with_its_unit():
    assert (dong(1234567, "vi"), dong(1234567, "en")) == ("1.234.567 đ", "1,234,567 đ")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,5", "1.5"),
        ("1.5", "1.5"),
        ("1.234", "1.234"),
        ("1,234", "1.234"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("0,500", "0.500"),
        (" 12 ", "12"),
        (",5", "0.5"),
        ("-0,02", "-0.02"),
        ("−0.02", "-0.02"),
        ("+3", "3"),
        ("1,234E-05", "0.00001234"),
    ],
)
def test_a_reading_may_have_a_comma_or_a_point_and_keeps_its_zeros(typed, read):
    assert str(read_number(typed)) == str(Decimal(read))


@pytest.mark.parametrize(
    "typed",
    [
        "abc",
        "1.2.3",
        "1.23,4",
        "1,23.4",
        "1.234,5.6",
        "0.123.456",
        "1 234",
        "5.",
        "--1",
        "1e999",
        "NaN",
        "Infinity",
        "٣",
        "1_000",
        "1.234.567,",
        "1.2345,6",
        "12345.678,9",
        "9" * 41,
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        read_number(typed, field="reading")

    assert refused.value.field == "reading"
    assert refused.value.values == {"text": typed[:40]}


@given(readings, st.sampled_from(["vi", "en"]))
def test_a_reading_survives_being_written_and_read_again(value, locale):
    written = number(value, locale)
    marks = written.count(".") + written.count(",")

    if len(written) <= 40 and (marks != 1 or abs(value) < 1000):
        assert read_number(written) == value


MINUS_NOTHING = re.compile(r"[-−][0.,]*(?![0-9.,])")


@given(readings, st.integers(0, 9), st.sampled_from(["vi", "en"]))
def test_a_negative_zero_is_written_nowhere_however_a_number_is_rounded(value, places, locale):
    rounded = value.quantize(Decimal(1).scaleb(-places))

    for written in (
        number(rounded, locale),
        plain(rounded),
        figure(str(rounded) if rounded else f"{rounded:f}", locale),
        str(read_number(f"{rounded:f}")),
    ):
        assert MINUS_NOTHING.fullmatch(written) is None
    assert Decimal(plain(rounded)) == rounded


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("-0.000", "0,000"),
        ("-0", "0"),
        ("−0.0", "0,0"),
        ("-0.001", "-0,001"),
        ("-0.000 · -0.004 · -0", "0,000 · -0,004 · 0"),
        ("-10.0", "-10,0"),
        ("<-0.0", "<0,0"),
        ("TCVN-0", "TCVN-0"),
        ("2026-00-01", "2026-00-01"),
    ],
)
def test_a_figure_that_is_kept_as_text_loses_the_sign_of_zero_only(kept, written):
    assert figure(kept, "vi") == written
    assert figure(kept, "en") == written.replace(",", ".")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.234", 1234),
        ("1,500,000", 1500000),
        ("1.500.000 đ", 1500000),
        ("250000đ", 250000),
        ("-5.000", -5000),
        ("0", 0),
    ],
)
def test_marks_in_an_amount_of_money_stand_between_thousands(typed, amount):
    assert read_dong(typed) == amount


@pytest.mark.parametrize("typed", ["", "1,5", "1.50", "1.234,5", "1.234,567", "12a", "9" * 50])
def test_an_amount_that_is_not_in_whole_dong_is_refused(typed):
    with pytest.raises(RuleBroken, match="cannot be read as an amount"):
        read_dong(typed)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "không"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi bốn"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (555, "năm trăm năm mươi lăm"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1021, "một nghìn không trăm hai mươi mốt"),
        (105_000, "một trăm linh năm nghìn"),
        (1_250_000, "một triệu hai trăm năm mươi nghìn"),
        (2_000_015, "hai triệu không trăm mười lăm"),
        (1_234_567, "một triệu hai trăm ba mươi bốn nghìn năm trăm sáu mươi bảy"),
        (1_000_005_000, "một tỷ không trăm linh năm nghìn"),
        (1_005_000_000_000, "một nghìn không trăm linh năm tỷ"),
        (10**18, "một tỷ tỷ"),
        (10**18 + 10**9, "một tỷ không trăm linh một tỷ"),
        (-5, "âm năm"),
    ],
)
def test_a_number_is_said_in_vietnamese(value, said):
    assert in_words(value) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (105_000, "Một trăm linh năm nghìn đồng"),
        (0, "Không đồng"),
        (-2_000_000, "Âm hai triệu đồng"),
    ],
)
def test_an_amount_is_said_as_an_invoice_must(amount, said):
    assert dong_in_words(amount) == said


def heard(words):
    """Listen to a number below a billion billions: another way round, to check the first."""
    above, _, below = words.rpartition("tỷ")
    return (heard(above) * 10**9 if above else 0) + sum(
        heard_group(group or "") * size
        for group, size in zip(
            re.fullmatch(r"(?:(.*)triệu)?(?:(.*)nghìn)?(.*)", below).groups(),
            (10**6, 10**3, 1),
            strict=True,
        )
    )


def heard_group(words):
    hundreds, _, rest = words.rpartition("trăm")
    tens, _, units = rest.replace("mười", "một mươi").rpartition("mươi")
    digits = DIGITS.index(hundreds.strip() or "không"), DIGITS.index(tens.strip() or "không")
    spelled = units.replace("linh", "").replace("mốt", "một").replace("lăm", "năm").strip()
    return digits[0] * 100 + digits[1] * 10 + DIGITS.index(spelled or "không")


@given(st.integers(0, 10**18 - 1) | st.integers(0, 20).flatmap(lambda n: st.integers(0, 2**n)))
def test_a_number_said_can_be_heard_again(value):
    assert heard(in_words(value)) == value
