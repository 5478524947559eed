"""What the centre says: sentences, dates and text, Vietnamese first and English too, without Flask.

Numbers live in `kernel.numerals` and are offered here too, so that callers have one door.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial, singledispatch
from pathlib import Path
from types import MappingProxyType

from babel.messages.pofile import read_po

from lims.kernel import clock
from lims.kernel.errors import RuleBroken
from lims.kernel.numerals import dong, dong_in_words, in_words, number, read_dong, read_number

__all__ = [
    "LOCALES",
    "day",
    "dong",
    "dong_in_words",
    "fold",
    "in_words",
    "instant",
    "long_day",
    "number",
    "printable",
    "read_dong",
    "read_number",
    "say",
    "spoken",
    "term",
    "tidy",
]

LOCALES = ("vi", "en")

Key = tuple[str | None, str]

_FOLDER = Path(__file__).resolve().parent.parent / "translations" / "vi"
_PLACE = re.compile(r"%\((\w+)\)([sd])|%%")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LAST_PADDED_MONTH = 2
_SMALL_DAYS = 10


def say(message: str, locale: str, /, **values: object) -> str:
    """Say a message in a language, its `%(name)s` filled in as that language writes them.

    `%(name)d` fills in the bare digits: for years and the numbers of rows and documents.
    """
    sentence = _translated(None, message, locale)
    if not values:
        return sentence
    return _PLACE.sub(partial(_filled, values=values, locale=locale), sentence)


def term(word: StrEnum, locale: str) -> str:
    """Say a word of a closed list; its translation may be kept under the list's name (msgctxt)."""
    english = word.value.replace("_", " ")
    return _translated(type(word).__name__, english, locale)


@singledispatch
def spoken(value: object, _locale: str) -> str:
    """Write one value as the language of a locale writes it."""
    return str(value)


@spoken.register(list)
@spoken.register(tuple)
def _several(values: Sequence[object], locale: str) -> str:
    return ", ".join(spoken(value, locale) for value in values)


def day(on: date, locale: str) -> str:
    """Write a day: 22/11/2026, or 22 Nov 2026."""
    if locale == "vi":
        return f"{on.day:02}/{on.month:02}/{on.year:04}"
    return f"{on.day} {_MONTHS[on.month - 1][:3]} {on.year:04}"


def long_day(on: date, locale: str) -> str:
    """Write a day as official papers do; Vietnamese ones pad days under 10 and months 1 and 2.

    (Decree 30/2020/NĐ-CP, annex I, on the place and date of an administrative document.)
    """
    if locale != "vi":
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year:04}"
    padded_day = f"{on.day:02}" if on.day < _SMALL_DAYS else f"{on.day}"
    padded_month = f"{on.month:02}" if on.month <= _LAST_PADDED_MONTH else f"{on.month}"
    return f"ngày {padded_day} tháng {padded_month} năm {on.year:04}"


def instant(at: datetime, locale: str) -> str:
    """Write an aware instant by the clock on the centre's wall."""
    if at.tzinfo is None:
        raise ValueError("An instant must say its time zone.")
    local = at.astimezone(clock.LAB)
    if locale == "vi":
        return f"{local:%H:%M} {day(local, locale)}"
    return f"{day(local, locale)}, {local:%H:%M}"


spoken.register(StrEnum, term)
spoken.register(datetime, instant)
spoken.register(date, day)
spoken.register(int, number)
spoken.register(Decimal, number)
spoken.register(bool, lambda value, _locale: str(value))


def fold(text: str) -> str:
    """Make text comparable without accents, case or spacing: Đắk Lắk is found by "dak lak"."""
    if text.isascii():  # no accents to take off: a hundred serial numbers a second save the work
        return " ".join(text.lower().split())
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = (letter for letter in bare if unicodedata.category(letter) not in {"Mn", "Cf"})
    folded = "".join(letters).replace("đ", "d").casefold()
    return " ".join(folded.split())


def printable(text: str) -> bool:
    """Tell whether text holds no control character other than a tab or the end of a line."""
    return text.isprintable() or all(
        letter in "\t\r\n" or unicodedata.category(letter) not in {"Cc", "Cs"} for letter in text
    )


def tidy(text: str, *, field: str | None = None) -> str:
    """Return one line as it is kept: composed letters, single spaces, nothing invisible.

    Zero-width and direction marks come along when text is pasted from chats and sheets; two
    serial numbers that look the same must be the same.
    """
    if not printable(text):
        raise RuleBroken("The text holds a control character: type it again.", field=field)
    if text.isascii():
        return " ".join(text.split())
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _filled(place: re.Match[str], *, values: Mapping[str, object], locale: str) -> str:
    name, kind = place.groups()
    if name is None:
        return "%"
    value = values[name]
    return str(value) if kind == "d" else spoken(value, locale)


def _translated(context: str | None, message: str, locale: str) -> str:
    if locale != "vi":
        return message
    catalogue = _catalogue()
    return catalogue.get((context, message)) or catalogue.get((None, message)) or message


@cache
def _catalogue() -> Mapping[Key, str]:
    """Merge the catalogues of all features; they do not change while a process runs."""
    merged: dict[Key, str] = {}
    for path in sorted(_FOLDER.glob("*.po")):
        merged |= _parsed(path)
    return MappingProxyType(merged)


def _parsed(path: Path) -> Mapping[Key, str]:
    with path.open("rb") as lines:
        entries = read_po(lines)
    return {
        (entry.context, str(entry.id)): str(entry.string)
        for entry in entries
        if entry.id and entry.string and not entry.fuzzy
    }
