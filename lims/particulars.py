"""What is known of an instrument beside its serial: asked, remembered, copied and printed.

A new one is a line of each list here, of `ParticularColumns` and of the schemas (see
docs/how-to/add-a-field.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from lims.vocabulary import UNSET, Unset

CHARACTERISTICS = "characteristics"

LABELS = {
    "manufacturer": "Manufacturer",
    "country": "Country of manufacture",
    "model": "Model",
    "year": "Year of manufacture",
    CHARACTERISTICS: "Metrological characteristics",
}
"""What pages call them, in the order asked and shown."""


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """The particulars as they were written; what is not known is blank."""

    manufacturer: str = ""
    country: str = ""
    model: str = ""
    year: int | None = None
    characteristics: Mapping[str, str] = field(default_factory=dict)
    """Values as written, by the codes that the type lists."""


@dataclass(frozen=True, kw_only=True)
class CorrectedParticulars:
    """The particulars as they are to be from now on."""

    manufacturer: str | Unset = UNSET
    country: str | Unset = UNSET
    model: str | Unset = UNSET
    year: int | Unset | None = UNSET
    characteristics: Mapping[str, str] | Unset = UNSET


NAMES = tuple(particular.name for particular in fields(Particulars))
