"""The codes by which the state knows a customer, checked as far as their digits allow."""

import re

from lims.kernel.errors import RuleBroken

TAX_CODE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_PERSONAL_LENGTH = 12
_BUDGET_LENGTH = 7


def tax_code(text: str, *, field: str = "tax_code") -> str:
    """Return a tax code as it is printed on an invoice.

    Ten digits, the last one for checking, and -001 to -999 for a dependent unit (Circular
    105/2020/TT-BTC, Article 5); from 1 July 2025 a person's code is the 12-digit personal number.
    """
    digits = _squeezed(text)
    if _is_number(digits, _PERSONAL_LENGTH):
        return digits
    match = TAX_CODE.fullmatch(digits)
    if match is None:
        raise RuleBroken(
            "A tax code has 10 digits, 10 digits and a unit such as -001, or 12 digits for a"
            " person: copy it from the customer's tax registration.",
            field=field,
        )
    head, unit = match.groups()
    if int(head[9]) != _check_digit(head):
        raise RuleBroken(
            "The digits of tax code %(code)s do not fit together: one is mistyped or two are"
            " swapped. Copy it again from the customer's tax registration.",
            field=field,
            code=head,
        )
    if unit == "000":
        raise RuleBroken(
            "A dependent unit is numbered -001 to -999: leave -000 out of the tax code.",
            field=field,
        )
    return f"{head}-{unit}" if unit else head


def budget_code(text: str, *, field: str = "budget_code") -> str:
    """Return the code of a unit that has dealings with the state budget (mã ĐVQHNS): 7 digits."""
    digits = _squeezed(text)
    if not _is_number(digits, _BUDGET_LENGTH):
        raise RuleBroken(
            "The code of a budget-related unit has 7 digits: copy it from the unit's paper.",
            field=field,
        )
    return digits


def personal_number(text: str, *, field: str = "personal_number") -> str:
    """Return a person's identification number: the 12 digits of the identity card."""
    digits = _squeezed(text)
    if not _is_number(digits, _PERSONAL_LENGTH):
        raise RuleBroken(
            "A personal identification number has 12 digits: copy it from the identity card.",
            field=field,
        )
    return digits


def _squeezed(text: str) -> str:
    """Drop the spaces and points people put between groups; every dash is one dash."""
    return re.sub(r"[\s.]", "", text).translate(dict.fromkeys(map(ord, "‐‑‒–—−"), "-"))


def _is_number(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()


def _check_digit(head: str) -> int:
    """Compute the tenth digit from nine; 10 stands for a code that is never issued."""
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, head, strict=False))
    return 10 - weighed % 11
