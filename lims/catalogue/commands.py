"""What is asked of the catalogue and the tariff, typed; what a correction leaves out stays."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from lims.vocabulary import UNSET, Discipline, Field, Unset


@dataclass(frozen=True, kw_only=True)
class AddType:
    """Add an instrument type; its code is for ever."""

    code: str
    name_vi: str
    name_en: str
    field: Field
    law_row: int | None = None
    counting_units: int = 1
    note: str = ""
    type_approval: bool = False
    initial: bool = True
    periodic: bool = True
    after_repair: bool = True
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class CorrectType:
    """Say otherwise what an instrument type is."""

    name_vi: str | Unset = UNSET
    name_en: str | Unset = UNSET
    field: Field | Unset = UNSET
    law_row: int | Unset | None = UNSET
    counting_units: int | Unset = UNSET
    note: str | Unset = UNSET
    type_approval: bool | Unset = UNSET
    initial: bool | Unset = UNSET
    periodic: bool | Unset = UNSET
    after_repair: bool | Unset = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class SetCycle:
    """Enter the legal cycle of a type from a day on."""

    months: int
    valid_from: date
    source: str


@dataclass(frozen=True, kw_only=True)
class AddMethod:
    """Add an edition of a method; number and edition are for ever."""

    code: str
    title: str
    discipline: Discipline
    valid_from: date
    edition: str = ""
    type_id: UUID | None = None
    valid_to: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectMethod:
    """Give a method another title, type or last day."""

    title: str | Unset = UNSET
    type_id: UUID | Unset | None = UNSET
    valid_to: date | Unset | None = UNSET
    note: str | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class AddService:
    """Add a line to the tariff; its code and discipline are for ever, its price comes next."""

    code: str
    name_vi: str
    name_en: str
    discipline: Discipline
    field: Field
    unit: str = "phương tiện đo"
    type_id: UUID | None = None
    method_id: UUID | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class CorrectService:
    """Give a line of the tariff other words, another method or state."""

    name_vi: str | Unset = UNSET
    name_en: str | Unset = UNSET
    field: Field | Unset = UNSET
    unit: str | Unset = UNSET
    type_id: UUID | Unset | None = UNSET
    method_id: UUID | Unset | None = UNSET
    active: bool | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class SetPrice:
    """Decide what a service costs, net, from a day on."""

    amount: int
    vat_rate: Decimal
    valid_from: date
    source: str
    charged_on_fail: bool = True
