"""The kinds of fields, each with sentences that name the remedy and can be translated.

A sentence is a `Sentence`: the English text is the key of its translation, and its values travel
along.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Self, TypedDict, Unpack

from marshmallow import (
    fields,
    validate,
)

MOST_DONG = 10**14
DECIMAL = re.compile(r"-?\d{1,18}([.,]\d{1,18})?")
ORDINARY_DAYS = (date(1990, 1, 1), date(2100, 12, 31))


class Sentence(str):
    """A sentence with its values; `format`, which marshmallow calls, keeps them apart."""

    __slots__ = ("values",)
    values: Mapping[str, object]

    def __new__(cls, text: str, **values: object) -> Self:
        """Make a sentence."""
        made = super().__new__(cls, text)
        made.values = values
        return made

    def format(self, *_args: object, **values: object) -> "Sentence":
        """Keep the values that fill the sentence."""
        return Sentence(str(self), **values)


REQUIRED = Sentence("Fill this in.")
NO_NULL = Sentence("Leave this out or fill it in; it cannot be null.")
NOT_TEXT = Sentence("Write text here.")

_BASE = {
    "required": REQUIRED,
    "null": NO_NULL,
    "validator_failed": Sentence("This is not possible."),
}


Validate = Callable[[Any], object] | list[Callable[[Any], object]]


class Options(TypedDict, total=False):
    """What marshmallow's fields may be told, whatever their kind."""

    allow_none: bool
    attribute: str
    data_key: str
    error_messages: dict[str, str | list[Any] | dict[Any, Any]]
    load_default: object
    metadata: Mapping[str, object]
    required: bool


def _has_control(text: str, allowed: str) -> bool:
    return any(
        unicodedata.category(letter) in ("Cc", "Cs") and letter not in allowed for letter in text
    )


class Text(fields.String):
    """Text in NFC, without control characters or blanks at its ends."""

    default_error_messages = {
        **_BASE,
        "invalid": NOT_TEXT,
        "invalid_utf8": NOT_TEXT,
        "control": Sentence("Remove the control characters."),
    }

    def __init__(
        self,
        *,
        lines: bool = False,
        validate: Validate | None = None,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(validate=validate, **options)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: object, **_: object) -> str:
        text = unicodedata.normalize("NFC", super()._deserialize(value, attr, None) or "")
        text = text.replace("\r\n", "\n").strip()
        if not text.isprintable() and _has_control(text, "\n\t" if self.lines else ""):
            raise self.make_error("control")
        return text


class Whole(fields.Integer):
    """A whole number; the dots of Vietnamese thousands may be typed."""

    default_error_messages = {
        **_BASE,
        "invalid": Sentence("Write a whole number."),
        "too_large": Sentence("This number is too large."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: object, **_: object) -> int:
        if isinstance(value, bool | float):
            raise self.make_error("invalid")
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,3}([. ]\d{3})+", value.strip()):
            value = re.sub(r"[. ]", "", value)
        if len(str(value)) > 19:  # noqa: PLR2004 - more than the database holds
            raise self.make_error("too_large")
        number = super()._deserialize(value, attr, None)
        if number is None:
            raise self.make_error("invalid")
        return number


class Exact(fields.Field[Decimal]):
    """A decimal that travels as a string, as typed; a comma or a dot before the decimals."""

    default_error_messages = {
        **_BASE,
        "invalid": Sentence("Write a number, for example 27.5 or 27,5."),
    }

    def _serialize(self, value: object, *_: object, **__: object) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: object, *_: object, **__: object) -> Decimal:
        if not isinstance(value, str) or not DECIMAL.fullmatch(value.strip()):
            raise self.make_error("invalid")
        try:
            number = Decimal(value.strip().replace(",", "."))
        except InvalidOperation as error:
            raise self.make_error("invalid") from error
        return number or number.copy_abs()  # there is no minus nothing


def between(low: int, high: int) -> validate.Range:
    """Accept whole numbers between two."""
    return validate.Range(low, high, error=Sentence("Write a number from %(min)s to %(max)s."))


def text(
    most: int = 200,
    *,
    lines: bool = False,
    validate_with: Validate | None = None,
    **more: Unpack[Options],
) -> Text:
    """Make a field for text of so many letters; one that must be there has at least one."""
    required = more.get("required", False)
    length = validate.Length(
        1 if required else 0, most, error=Sentence("Write %(min)s to %(max)s letters.")
    )
    if not required:
        more.setdefault("load_default", "")
    return Text(lines=lines, validate=validate_with or length, **more)


def code(most: int = 60, **more: Unpack[Options]) -> Text:
    """Make a field for a number or code that must be there."""
    more["required"] = True
    return text(most, **more)


def whole(low: int = 0, high: int = 10**9, **more: Unpack[Options]) -> Whole:
    """Make a field for a whole number."""
    return Whole(validate=between(low, high), **more)


def dong(low: int = 0, **more: Unpack[Options]) -> Whole:
    """Make a field for money in whole đồng."""
    return Whole(validate=between(low, MOST_DONG), **more)


def rate(**more: Unpack[Options]) -> Exact:
    """Make a field for a rate between 0 and 1."""
    between_0_and_1 = validate.Range(
        Decimal(0), Decimal(1), error=Sentence("Write a rate from 0 to 1, for example 0.05.")
    )
    return Exact(validate=between_0_and_1, **more)


class Percent(Exact):
    """A rate that people say in per cent: 8 or 8,5 is 0.08 or 0.085."""

    def _deserialize(self, value: object, *args: object, **kwargs: object) -> Decimal:
        return super()._deserialize(value, *args, **kwargs) / 100


def percent(error: str, **more: Unpack[Options]) -> Percent:
    """Make a field for a rate from 0 to 100 %; `error` says so in the words of its page."""
    return Percent(validate=validate.Range(Decimal(0), Decimal(1), error=Sentence(error)), **more)


class Day(fields.Date):
    """A day, sent as 2026-11-22; pages may also send 22/11/2026."""

    default_error_messages = {
        **_BASE,
        "invalid": Sentence("Write a day, for example 2026-11-22."),
        "format": Sentence("Write a day, for example 2026-11-22."),
        "far": Sentence("Write a day between 1990 and 2100."),
    }

    def _deserialize(self, value: Any, attr: str | None, data: object, **_: object) -> date:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", value.strip()):
            value = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
        on: date = super()._deserialize(value.strip(), attr, None)
        if not ORDINARY_DAYS[0] <= on <= ORDINARY_DAYS[1]:
            raise self.make_error("far")
        return on


def day(**more: Unpack[Options]) -> Day:
    """Make a field for a day."""
    return Day(**more)


class Id(fields.UUID):
    """The id of a thing."""

    default_error_messages = {
        **_BASE,
        "invalid_uuid": Sentence("Choose one from the list."),
        "invalid": Sentence("Choose one from the list."),
    }


def id_(**more: Unpack[Options]) -> Id:
    """Make a field for the id of a thing."""
    return Id(**more)


class Choice(fields.Enum[Any]):
    """A member of a closed list, by its value."""

    default_error_messages = {**_BASE, "unknown": Sentence("Choose one of: %(choices)s.")}

    def _deserialize(self, value: Any, attr: str | None, data: object, **_: object) -> StrEnum:
        if not isinstance(value, str):
            raise self.make_error("unknown", choices=self.choices_text)
        member: StrEnum = super()._deserialize(value, attr, None)
        return member


def choice(kind: type[StrEnum], **more: Unpack[Options]) -> Choice:
    """Make a field for one of a closed list."""
    return Choice(kind, by_value=True, **more)


class Yes(fields.Boolean):
    """A tick."""

    default_error_messages = {**_BASE, "invalid": Sentence("Answer yes or no.")}


def yes(**more: Unpack[Options]) -> Yes:
    """Make a field for a tick; not ticked means no."""
    more.setdefault("load_default", False)
    return Yes(**more)


class Many(fields.List[Any]):
    """A list of fields."""

    default_error_messages = {**_BASE, "invalid": Sentence("Send a list here.")}


def many(
    inner: fields.Field[Any],
    *,
    least: int = 1,
    most: int = 1_000,
    **more: Unpack[Options],
) -> Many:
    """Make a field for a list, by default of one to a thousand."""
    size = validate.Length(least, most, error=Sentence("Choose %(min)s to %(max)s of them."))
    return Many(inner, validate=size, **more)
