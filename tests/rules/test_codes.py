import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.customers.identification.codes import budget_code, personal_number, tax_code
from lims.kernel.errors import RuleBroken

REAL = ["0101243150", "0100109106", "0101248141"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((code, code) for code in REAL),
        ("0100109106-001", "0100109106-001"),
        ("0100109106999", "0100109106-999"),
        (" 0100 109 106 – 012 ", "0100109106-012"),
        ("01.0124.3150", "0101243150"),
        ("091 203 004 567", "091203004567"),
    ],
)
def test_a_tax_code_is_kept_as_an_invoice_prints_it(typed, code):
    assert tax_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "has 10 digits"),
        ("010012", "has 10 digits"),
        ("01001O9106", "has 10 digits"),
        ("0100109106-1", "has 10 digits"),
        ("٠١٠٠١٠٩١٠٦", "has 10 digits"),
        ("0100109107", "0100109107 do not fit together"),
        ("1000000005-001", "do not fit together"),
        ("0100109106-000", "leave -000 out"),
    ],
)
def test_a_wrong_tax_code_is_refused_with_its_remedy(typed, said):
    with pytest.raises(RuleBroken, match=said) as refused:
        tax_code(typed)

    assert refused.value.field == "tax_code"


@given(st.sampled_from(REAL), st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(code, place, added):
    wrong = code[:place] + str((int(code[place]) + added) % 10) + code[place + 1 :]

    with pytest.raises(RuleBroken):
        tax_code(wrong)


def test_a_budget_related_unit_has_seven_digits():
    assert budget_code(" 105 2345 ") == "1052345"
    with pytest.raises(RuleBroken, match="7 digits") as refused:
        budget_code("10523456")
    assert refused.value.field == "budget_code"


def test_a_person_has_twelve_digits():
    assert personal_number("091203004567") == "091203004567"
    with pytest.raises(RuleBroken, match="12 digits") as refused:
        personal_number("370123456", field="payer")
    assert refused.value.field == "payer"
