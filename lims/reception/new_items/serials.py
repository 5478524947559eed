"""The pasted list of serial numbers with which forty instruments come in at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lims.kernel.errors import RuleBroken
from lims.kernel.words import printable, tidy

MOST = 1_000  # items in one call
LONGEST = 60  # characters of a serial number
FIELD = "serials"

_SPAN = re.compile(r"(?P<first>[^…]*?) ?(?:\.{2,3}|…) ?(?P<last>[^…]*)")
_END = re.compile(r"(?P<prefix>.*?)(?P<digits>[0-9]+)")
_LONGEST_RANGE = 2 * LONGEST + len(" ... ")
_CELLS = 3


@dataclass(frozen=True)
class Line:
    """One instrument of a pasted list, and the row it came from."""

    serial: str
    user: str | None = None
    place: str | None = None
    row: int = 1


def expand(text: str) -> list[Line]:
    """Read a pasted list: a serial number or a range A001..A040 a row, then user and place.

    A tab or a semicolon parts the columns. A001-A040 is one serial number: many have a hyphen.
    """
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for row, written in enumerate(re.split(r"\r\n?|\n", text), start=1):
        for line in _lines(written, row):
            _refuse_twice(line, seen)
            lines.append(line)
            if len(lines) > MOST:
                raise _too_many(row)
    return lines


def _lines(written: str, row: int) -> Iterator[Line]:
    serial, user, place = _cells(written, row)
    if not serial:
        if user or place:
            raise _refusal("Row %(row)d has no serial number: type it in the first column.", row)
        return
    for number in _serials(serial, row):
        yield Line(number, user or None, place or None, row)


def _cells(written: str, row: int) -> list[str]:
    if not printable(written):
        raise _refusal("Row %(row)d holds a control character: type it again.", row)
    cells = [tidy(cell) for cell in written.split("\t" if "\t" in written.rstrip() else ";")]
    if any(cells[_CELLS:]):
        raise _refusal(
            "Row %(row)d has more than three columns: keep serial number, user and place.", row
        )
    return (cells + [""] * _CELLS)[:_CELLS]


def _serials(cell: str, row: int) -> Iterator[str]:
    span = _SPAN.fullmatch(cell) if len(cell) <= _LONGEST_RANGE else None
    if span is None:
        yield _not_too_long(cell, row)
        return
    first = _end(_not_too_long(span["first"], row), row)
    last = _end(_not_too_long(span["last"], row), row)
    _refuse_odd_range(first, last, row)
    prefix, digits = first
    for count in range(int(digits), int(last[1]) + 1):
        yield f"{prefix}{count:0{len(digits)}}"


def _end(serial: str, row: int) -> tuple[str, str]:
    end = _END.fullmatch(serial)
    if end is None:
        raise _refusal("Row %(row)d: both ends of a range end in digits, as in A001..A040.", row)
    return end["prefix"], end["digits"]


def _refuse_odd_range(first: tuple[str, str], last: tuple[str, str], row: int) -> None:
    if first[0] != last[0]:
        raise _refusal("Row %(row)d: both ends of a range begin alike, as in A001..A040.", row)
    if int(last[1]) < int(first[1]):
        raise _refusal("Row %(row)d: the range runs backwards: type the lower end first.", row)
    if len(last[1]) != len(first[1]) and (len(last[1]) < len(first[1]) or last[1][0] == "0"):
        raise _refusal(
            "Row %(row)d: write both ends of the range with as many digits, as in A001..A040.",
            row,
        )
    if int(last[1]) - int(first[1]) >= MOST:
        raise _too_many(row)


def _not_too_long(serial: str, row: int) -> str:
    if len(serial) > LONGEST:
        raise _refusal(
            "Row %(row)d: a serial number has at most %(longest)d characters.",
            row,
            longest=LONGEST,
        )
    return serial


def _refuse_twice(line: Line, seen: dict[str, int]) -> None:
    before = seen.setdefault(line.serial, line.row)
    if before != line.row:
        raise _refusal(
            "Row %(row)d repeats serial number %(serial)s of row %(before)d: take one out.",
            line.row,
            serial=line.serial,
            before=before,
        )


def _too_many(row: int) -> RuleBroken:
    return _refusal(
        "Row %(row)d goes beyond %(most)d instruments: split the list into several orders.",
        row,
        most=MOST,
    )


def _refusal(message: str, row: int, **values: object) -> RuleBroken:
    return RuleBroken(message, field=FIELD, row=row, **values)
