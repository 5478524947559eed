"""Closed lists as a page offers them, and what was chosen of them in the address."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from lims.kernel.words import term
from lims.web.locale import locale

W = TypeVar("W", bound=StrEnum)

Options = list[tuple[str, str]]
"""What is sent, and its words."""


def options(words: Iterable[StrEnum]) -> Options:
    """Offer the words of a closed list, each beginning with a capital."""
    said = ((word.value, term(word, locale())) for word in words)
    return [(value, text[:1].upper() + text[1:]) for value, text in said]


def chosen(words: type[W], text: str) -> W | None:
    """Return the word of a closed list that was chosen; anything else is no choice."""
    return words(text) if text in set(words) else None
