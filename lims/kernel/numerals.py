"""Numbers as people write and say them: readings, money, and money in words."""

import re
from decimal import Decimal

from lims.kernel.errors import RuleBroken

MINUS = "\N{MINUS SIGN}"  # for print; data keeps the hyphen-minus

_PLAIN = re.compile(r"[0-9]*[.,]?[0-9]+(?:[eE][+-]?[0-9]{1,2})?")
_GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]+|(?:,[0-9]{3})+\.[0-9]+"
    r"|(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})"
)
_MONEY = re.compile(r"([0-9]+|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)) ?(?:[đĐ₫])?")
_MINUS_ZERO = re.compile(rf"(?<![\w.,])[-{MINUS}](?=0*[.,]?0+(?![.,]?\w))")
_LONGEST = 40  # characters: longer is a slip of the paste, not a reading

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 1_000_000_000
_GROUPS = ((1_000_000, "triệu"), (1_000, "nghìn"), (1, ""))


def number(value: Decimal | int, locale: str) -> str:
    """Write a number for a reader: 1.234.567,80 or 1,234,567.80, with the zeros that were typed."""
    grouped = format(value, ",f" if isinstance(value, Decimal) else ",")
    written = _drop_sign_of_zero(grouped).replace("-", MINUS)
    if locale == "vi":
        return written.translate(str.maketrans(",.", ".,"))
    return written


def plain(value: Decimal) -> str:
    """Write a number as data keeps it: a point, every digit, and no exponent."""
    return _drop_sign_of_zero(f"{value:f}")


def figure(text: str, locale: str) -> str:
    """Write figures that are kept as text for a reader, with the digits that were typed."""
    written = _drop_sign_of_zero(text)
    return written.replace(".", ",") if locale == "vi" else written


def _drop_sign_of_zero(text: str) -> str:
    """Write -0.000, which is what rounding leaves of a little less than nothing, as 0.000."""
    return _MINUS_ZERO.sub("", text)


def dong(amount: int, locale: str) -> str:
    """Write an amount of money: 1.234.567 đ."""
    return f"{number(amount, locale)} đ"


def read_number(text: str, *, field: str | None = None) -> Decimal:
    """Read a reading typed with a decimal comma or a decimal point, keeping its zeros.

    A single mark is always the decimal mark: 1.234 is a little more than one. Thousands are only
    taken as such where nothing else is possible: 1.234,5 or 1.234.567.
    """
    sign, digits = _signed(text.strip())
    if not digits:
        raise RuleBroken("Fill this in.", field=field)
    if len(digits) <= _LONGEST:
        if _PLAIN.fullmatch(digits):
            return _signed_unless_zero(sign, digits.replace(",", "."))
        if _GROUPED.fullmatch(digits):
            return _signed_unless_zero(sign, _ungrouped(digits))
    raise RuleBroken(
        "“%(text)s” cannot be read as a number: type digits with one decimal comma or point.",
        field=field,
        text=text[:_LONGEST],
    )


def read_dong(text: str, *, field: str | None = None) -> int:
    """Read an amount of money in whole đồng, where marks stand between thousands: 1.234 is 1234."""
    sign, digits = _signed(text.strip())
    match = _MONEY.fullmatch(digits)
    if match is None or len(digits) > _LONGEST:
        raise RuleBroken(
            "“%(text)s” cannot be read as an amount: type whole đồng, for example 1.500.000.",
            field=field,
            text=text[:_LONGEST],
        )
    return int(sign + match[1].replace(".", "").replace(",", ""))


def in_words(value: int) -> str:
    """Say a whole number in Vietnamese."""
    if value < 0:
        return f"âm {in_words(-value)}"
    return " ".join(_said(value)) or DIGITS[0]


def dong_in_words(amount: int) -> str:
    """Say an amount of money as an invoice must (Decree 254/2026/NĐ-CP, Article 10)."""
    words = in_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def _signed(text: str) -> tuple[str, str]:
    if text[:1] in {"-", MINUS}:
        return "-", text[1:]
    return "", text.removeprefix("+")


def _signed_unless_zero(sign: str, digits: str) -> Decimal:
    value = Decimal(sign + digits)
    return value or value.copy_abs()


def _ungrouped(digits: str) -> str:
    """Take the marks between thousands away; the last mark is decimal only if it is of its kind."""
    last = max(digits.rfind("."), digits.rfind(","))
    mark = digits[last]
    if digits.count(mark) > 1:
        return digits.replace(mark, "")
    units = digits[:last].replace(".", "").replace(",", "")
    return f"{units}.{digits[last + 1 :]}"


def _said(value: int) -> list[str]:
    """Say what stands above and below a billion; there is no word above tỷ, so tỷ repeats."""
    billions, rest = divmod(value, _BILLION)
    words = [*_said(billions), "tỷ"] if billions else []
    for size, name in _GROUPS:
        group, rest = divmod(rest, size)
        if group:
            words += _three_digits(group, inner=bool(words))
            words += [name] if name else []
    return words


def _three_digits(group: int, *, inner: bool) -> list[str]:
    """Say a group; inside a number its empty hundreds are said too (“không trăm”)."""
    hundreds, rest = divmod(group, 100)
    words = [DIGITS[hundreds], "trăm"] if hundreds or inner else []
    return words + _two_digits(rest, after=bool(words))


def _two_digits(rest: int, *, after: bool) -> list[str]:
    tens, units = divmod(rest, 10)
    if tens == 0:
        linh = ["linh"] if after and units else []
        return [*linh, DIGITS[units]] if units else []
    ten = ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    return ten + _unit(units, mot=tens > 1)


def _unit(units: int, *, mot: bool) -> list[str]:
    """Say the unit after a ten: mốt after mươi, lăm after both."""
    if units == 0:
        return []
    if units == 1 and mot:
        return ["mốt"]
    return ["lăm"] if units == 5 else [DIGITS[units]]  # noqa: PLR2004
