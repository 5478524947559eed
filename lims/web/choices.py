"""Closed lists as a page offers them, and what was chosen of them in the address."""

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from lims.kernel.words import term
from lims.web.locale import locale

W = TypeVar("W", bound=StrEnum)

TONES = {
    "good": "active authorised closed done earned fit handed_over issued live measured paid"
    " pass passed signed valid",
    "wait": "checked draft due_soon open part_paid printing received recorded reserved submitted"
    " waiting",
    "bad": "ended expired fail failed late out_of_service overdue spoiled withdrawn",
    "off": "cancelled disabled discarded none not_performed scrapped superseded",
}
"""The colour of a state; what is not named here is plain."""

TONE_OF = {state: tone for tone, states in TONES.items() for state in states.split()}

SIGN_OF = {
    "pass": "check",
    "fail": "x",
    "measured": "ruler-measure",
    "not_performed": "minus",
    "withdrawn": "arrow-back-up",
    "paid": "check",
}
"""The icon of what must not be told by its colour alone; any other state has a dot."""

Options = list[tuple[str, str]]
"""What is sent, and its words."""


def options(words: Iterable[StrEnum]) -> Options:
    """Offer the words of a closed list, each beginning with a capital."""
    labelled = ((word.value, term(word, locale())) for word in words)
    return [(value, text[:1].upper() + text[1:]) for value, text in labelled]


def chosen(words: type[W], text: str) -> W | None:
    """Return the word of a closed list that was chosen; anything else is no choice."""
    return words(text) if text in set(words) else None


def sign_of(state: StrEnum | str) -> str:
    """Return the icon of a state; none where a dot will do."""
    return SIGN_OF.get(str(state), "")


def tone_of(state: StrEnum | str) -> str:
    """Return the colour in which a state is shown."""
    return TONE_OF.get(str(state).lower().replace("-", "_"), "info")
