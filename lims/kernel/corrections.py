"""How a correction reaches a row: what it leaves out stays, and what it says is compared."""

from dataclasses import fields

from lims.kernel.db import Base
from lims.vocabulary import UNSET


def correct(row: Base, correction: object) -> list[str]:
    """Set the columns that the command says anew; return the names of those that changed.

    The command's fields bear the names of the columns; `UNSET` means "as it is".
    """
    changed = []
    for field in fields(correction):  # type: ignore[arg-type]  # a command is a dataclass
        value = getattr(correction, field.name)
        if value is not UNSET and getattr(row, field.name) != value:
            setattr(row, field.name, value)
            changed.append(field.name)
    return changed
