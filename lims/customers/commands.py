"""What the register of customers and instruments is asked to do."""

from dataclasses import dataclass, fields
from uuid import UUID

from lims.particulars import CorrectedParticulars, Particulars
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
class Arrival(Particulars):
    """An instrument as it stands on the counter."""

    serial: str
    user_name: str = ""
    place_of_use: str = ""
    area: str = ""


OF_ARRIVAL = tuple(stated.name for stated in fields(Arrival))


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
class CorrectInstrument(CorrectedParticulars):
    """Correct what the registry says of an instrument, or take it out of use."""

    holder_id: UUID | Unset = UNSET
    serial: str | Unset = UNSET
    user_name: str | Unset = UNSET
    place_of_use: str | Unset = UNSET
    area: str | Unset = UNSET
    scrapped: bool | Unset = UNSET


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
    as_it_stands = {name: getattr(arrival, name) for name in OF_ARRIVAL}
    return EnterInstrument(holder_id=holder_id, type_id=type_id, **as_it_stands)


def correction_of(page: FillInInstrument, holder_id: UUID) -> CorrectInstrument:
    """Say of an instrument what its page says."""
    as_it_stands = {name: getattr(page, name) for name in OF_ARRIVAL}
    return CorrectInstrument(holder_id=holder_id, scrapped=page.scrapped, **as_it_stands)
