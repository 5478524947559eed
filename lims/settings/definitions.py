"""Which dated values there are: each feature registers the parameters that it reads."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lims.kernel.errors import RuleBroken

NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
NO_CAP = "none"
"""The value of a share that the law leaves open."""

YES, NO = "yes", "no"


def any_text(_value: str) -> None:
    """Take whatever is written."""


def yes_or_no(value: str) -> None:
    """Refuse what is neither."""
    if value not in (YES, NO):
        raise RuleBroken("Write yes or no.", field="value")


def whole_dong(value: str) -> None:
    """Refuse what is no amount in đồng."""
    if not (value.isascii() and value.isdigit()):
        raise RuleBroken("Write whole đồng in digits only, for example 2340000.", field="value")


def number_or_open(value: str) -> None:
    """Refuse what is neither a number from nought up nor `none`."""
    if value != NO_CAP and not NUMBER.fullmatch(value):
        raise RuleBroken(
            "Write a number with a decimal point, for example 0.25, or none where the law sets "
            "no limit.",
            field="value",
        )


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A parameter, or a family of them whose name ends in a dot and whose members follow it."""

    name: str
    label: str
    group: str
    """The heading under which it stands on the page."""

    source: str
    """Where its values are written down, as the form asks for it."""

    check: Callable[[str], None] = any_text
    """Raises RuleBroken for a value that could not be worked with."""

    members: str | None = None
    """The parameter whose values are the members of the family: a level needs its share."""

    def names(self, name: str) -> bool:
        """Tell whether this defines a name."""
        return name.startswith(self.name) if self.name.endswith(".") else name == self.name


DEFINITIONS: dict[str, Definition] = {}
"""By name."""


def register(*definitions: Definition) -> None:
    """Let values of these parameters be entered."""
    for definition in definitions:
        if definition.name in DEFINITIONS:
            raise TypeError(f"Two parameters are called {definition.name}.")
        DEFINITIONS[definition.name] = definition


def find(name: str) -> Definition | None:
    """Return what defines a name; None for one that no feature reads."""
    return next((each for each in DEFINITIONS.values() if each.names(name)), None)
