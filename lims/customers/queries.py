"""What pages and machines ask about customers and instruments, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType
from lims.customers.identification import search
from lims.customers.models import Customer, Instrument
from lims.kernel.db import fetch, fetch_all
from lims.kernel.words import fold

LAST = "\U0010ffff"
"""After every letter: where the serials end that begin with what comes before it."""


@dataclass(frozen=True)
class InstrumentDetails:
    """An instrument with the words a person knows it by."""

    instrument: Instrument
    type: InstrumentType
    holder: Customer

    @property
    def id(self) -> UUID:
        """Return the instrument's id, by which lists are paged."""
        return self.instrument.id


def customers(
    session: Session, *, q: str = "", after: UUID | None = None, limit: int = 50
) -> list[Customer]:
    """List customers by name; one more than the limit shows that there is another page."""
    query = select(Customer)
    if q.strip():
        query = query.where(search.matching(q))
    last = session.get(Customer, after) if after else None
    if last is not None:
        query = query.where(tuple_(Customer.folded, Customer.id) > (last.folded, last.id))
    return list(session.scalars(query.order_by(Customer.folded, Customer.id).limit(limit + 1)))


def instruments(
    session: Session,
    *,
    q: str = "",
    holder_id: UUID | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> list[Instrument]:
    """List instruments, the latest to be registered first, or those a search finds.

    What holds a digit is looked for among the serials first, which the index answers at once;
    where no serial begins with it, words of holder, type and serial are looked for.
    """
    query = select(Instrument).order_by(Instrument.id.desc()).limit(limit + 1)
    if holder_id is not None:
        query = query.where(Instrument.holder_id == holder_id)
    if after is not None:
        query = query.where(Instrument.id < after)
    if any(letter.isdigit() for letter in q) and session.scalar(_serials(q).limit(1)) is not None:
        return list(session.scalars(query.where(Instrument.id.in_(_serials(q)))))
    if q.strip():
        query = query.where(*map(_somewhere, fold(q).split()))
    return list(session.scalars(query))


def instrument_details(session: Session, rows: Sequence[Instrument]) -> list[InstrumentDetails]:
    """Give instruments the names of their types and holders."""
    kinds = fetch_all(session, InstrumentType, [instrument.type_id for instrument in rows])
    holders = fetch_all(session, Customer, [instrument.holder_id for instrument in rows])
    return list(map(InstrumentDetails, rows, kinds, holders))


def types(session: Session, q: str, limit: int = 10) -> list[InstrumentType]:
    """Look for an instrument type by words of its name or by its code."""
    query = select(InstrumentType).where(InstrumentType.active, *_named(q))
    return list(session.scalars(query.order_by(InstrumentType.code).limit(limit)))


def type_of(session: Session, type_id: UUID | None, text: str) -> InstrumentType | None:
    """Return the type that was picked, or whose code or one name was typed; None if unclear."""
    if type_id is not None:
        return fetch(session, InstrumentType, type_id)
    exact = type_named(session, text.strip())
    likely = types(session, text, 2) if exact is None and text.strip() else []
    return exact or (likely[0] if len(likely) == 1 else None)


def type_named(session: Session, code: str) -> InstrumentType | None:
    """Find an instrument type by its code or its id."""
    try:
        named = InstrumentType.id == UUID(code)
    except ValueError:
        named = InstrumentType.code == code
    return session.scalar(select(InstrumentType).where(named))


def _named(q: str) -> list[ColumnElement[bool]]:
    return [_word_begins(InstrumentType.folded, word) for word in fold(q).split()]


def _word_begins(folded: Any, word: str) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    begins: ColumnElement[bool] = (literal(" ") + folded).contains(f" {word}", autoescape=True)
    return begins


def _serials(q: str) -> Select[UUID]:
    serial = fold(q)
    return select(Instrument.id).where(
        Instrument.serial_folded >= serial, Instrument.serial_folded < serial + LAST
    )


def _somewhere(word: str) -> ColumnElement[bool]:
    held = select(Customer.id).where(_word_begins(Customer.folded, word))
    typed = select(InstrumentType.id).where(_word_begins(InstrumentType.folded, word))
    return or_(
        Instrument.serial_folded.startswith(word, autoescape=True),
        Instrument.holder_id.in_(held),
        Instrument.type_id.in_(typed),
    )
