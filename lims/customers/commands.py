"""What the register of customers and instruments is asked to do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from lims.vocabulary import UNSET, CustomerKind, Unset


@dataclass(frozen=True, kw_only=True)
class EnterCustomer:
    """Enter a customer; of the codes only those that are given are tested."""

    name: str
    kind: CustomerKind
    tax_code: str | None = None
    budget_code: str | None = None
    personal_number: str | None = None
    address: str = ""
    area: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectCustomer:
    """Correct a customer's particulars; issued documents keep what they print."""

    name: str | Unset = UNSET
    kind: CustomerKind | Unset = UNSET
    tax_code: str | Unset | None = UNSET
    budget_code: str | Unset | None = UNSET
    personal_number: str | Unset | None = UNSET
    address: str | Unset = UNSET
    area: str | Unset = UNSET
    phone: str | Unset = UNSET
    email: str | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class FillInCustomer(EnterCustomer):
    """The page of a customer as it was filled in."""

    another: bool = False
    """It is not the one of the same name that is in the register already."""


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """An instrument as it stands on the counter."""

    serial: str
    user_name: str = ""
    place_of_use: str = ""
    area: str = ""
    manufacturer: str = ""
    country: str = ""
    model: str = ""
    year: int | None = None
    characteristics: Mapping[str, str] = field(default_factory=dict)
    """Values as written, by the codes that the type lists."""


@dataclass(frozen=True, kw_only=True)
class EnterInstrument(Arrival):
    """Enter an instrument before it has ever come in."""

    holder_id: UUID
    type_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestInstrument(Arrival):
    """An instrument as a machine sends it: its type by code or id."""

    holder_id: UUID
    type: str


@dataclass(frozen=True, kw_only=True)
class CorrectInstrument:
    """Correct what the registry says of an instrument, or take it out of use."""

    holder_id: UUID | Unset = UNSET
    serial: str | Unset = UNSET
    user_name: str | Unset = UNSET
    place_of_use: str | Unset = UNSET
    area: str | Unset = UNSET
    scrapped: bool | Unset = UNSET
    manufacturer: str | Unset = UNSET
    country: str | Unset = UNSET
    model: str | Unset = UNSET
    year: int | Unset | None = UNSET
    characteristics: Mapping[str, str] | Unset = UNSET


@dataclass(frozen=True, kw_only=True)
class FillInInstrument(Arrival):
    """The page of an instrument as it was filled in: holder and type picked or typed."""

    holder_id: UUID | None = None
    holder_id_text: str = ""
    type_id: UUID | None = None
    type_id_text: str = ""
    scrapped: bool = False


def entry_of(arrival: Arrival, holder_id: UUID, type_id: UUID) -> EnterInstrument:
    """Name holder and type of an instrument by their ids, once they have been looked up."""
    return EnterInstrument(
        holder_id=holder_id,
        type_id=type_id,
        serial=arrival.serial,
        user_name=arrival.user_name,
        place_of_use=arrival.place_of_use,
        area=arrival.area,
        manufacturer=arrival.manufacturer,
        country=arrival.country,
        model=arrival.model,
        year=arrival.year,
        characteristics=arrival.characteristics,
    )


def correction_of(page: FillInInstrument, holder_id: UUID) -> CorrectInstrument:
    """Say of an instrument what its page says."""
    return CorrectInstrument(
        holder_id=holder_id,
        serial=page.serial,
        user_name=page.user_name,
        place_of_use=page.place_of_use,
        area=page.area,
        scrapped=page.scrapped,
        manufacturer=page.manufacturer,
        country=page.country,
        model=page.model,
        year=page.year,
        characteristics=page.characteristics,
    )
