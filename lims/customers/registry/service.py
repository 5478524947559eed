"""What is done with the registry: instruments come in, are entered by hand, corrected, fall due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType
from lims.customers.commands import Arrival, CorrectInstrument, EnterInstrument
from lims.customers.events import InstrumentRegistered
from lims.customers.models import (
    Customer,
    Instrument,
    ParticularsRow,
    particulars_row,
    require_made,
)
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.bulk import insert_missing
from lims.kernel.db import fetch, new_id
from lims.kernel.errors import RuleBroken
from lims.kernel.words import fold, tidy
from lims.vocabulary import Unset


class Registered(NamedTuple):
    """Instruments that came in, by their folded serial numbers."""

    ids: dict[str, UUID]
    returned: Mapping[str, Instrument]
    """Those of them that the registry knew before."""


class InstrumentRow(ParticularsRow):
    """The columns of a new instrument: a dictionary, since hundreds go into one statement."""

    id: UUID
    holder_id: UUID
    type_id: UUID
    serial: str
    serial_folded: str
    user_name: str
    place_of_use: str
    area: str
    scrapped: bool
    revision: int


def register(
    session: Session,
    holder_id: UUID,
    type_id: UUID,
    arrivals: Sequence[Arrival],
    *,
    on: date,
    by: str,
) -> Registered:
    """Know the instruments of one type that came in.

    Those known before are the same instruments, and remember what was said anew. One without a
    serial cannot be told from others and is left out.
    """
    wanted = {fold(arrival.serial): arrival for arrival in reversed(arrivals)}
    wanted.pop("", None)
    returned = _by_serial(session, holder_id, type_id, list(wanted))
    for serial, instrument in returned.items():
        come_again(session, instrument, wanted[serial], on=on, by=by)
    fresh = {serial: wanted[serial] for serial in reversed(wanted) if serial not in returned}
    ids = {serial: instrument.id for serial, instrument in returned.items()}
    entered = _enter(session, holder_id, type_id, fresh, on=on, by=by)
    return Registered(ids | entered, returned)


def come_again(
    session: Session, instrument: Instrument, arrival: Arrival, *, on: date, by: str
) -> None:
    """Let the registry remember what is said of an instrument that comes again."""
    if instrument.differs(instrument.news(arrival)):
        held = fetch(session, Instrument, instrument.id, hold=True)
        log.append(session, held.correct(held.news(arrival), on=on), by=by)


def add_instrument(session: Session, command: EnterInstrument, *, by: str) -> Instrument:
    """Enter an instrument before it has ever come in."""
    fetch(session, Customer, command.holder_id)
    command = replace(command, serial=_named(command.serial))
    _refuse_known_serial(session, command.holder_id, command.type_id, command.serial)
    kind = fetch(session, InstrumentType, command.type_id)
    kind.require_possible(command.characteristics)
    require_made(command.year, clock.today())
    registered = register(session, command.holder_id, kind.id, [command], on=clock.today(), by=by)
    return fetch(session, Instrument, registered.ids[fold(command.serial)])


def change_instrument(
    session: Session, instrument_id: UUID, command: CorrectInstrument, *, by: str
) -> Instrument:
    """Correct what the registry says of an instrument, or take it out of use."""
    instrument = fetch(session, Instrument, instrument_id, hold=True)
    if not isinstance(command.serial, Unset):
        command = replace(command, serial=_named(command.serial))
    if not instrument.differs(command):
        return instrument
    _refuse_neighbour(session, instrument, command)
    if not isinstance(command.characteristics, Unset):
        kind = fetch(session, InstrumentType, instrument.type_id)
        kind.require_possible(
            dict(command.characteristics.items() - instrument.characteristics.items())
        )
    if not isinstance(command.year, Unset):
        require_made(command.year, clock.today())
    log.append(session, instrument.correct(command, on=clock.today()), by=by)
    return instrument


def set_due(
    session: Session,
    instrument: Instrument,
    due_on: date | None,
    *,
    result_id: UUID,
    on: date,
    by: str,
    stands: bool = True,
) -> None:
    """Note until when the verification of an instrument that is held lasts, if that is news."""
    if (instrument.due_on, instrument.due_result_id) != (due_on, result_id if stands else None):
        due = instrument.fall_due(due_on, result_id=result_id, on=on, stands=stands)
        log.append(session, due, by=by)


def falling_due(
    session: Session,
    *,
    until: date,
    since: date | None = None,
    area: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Instrument]:
    """List the instruments in use whose verification ends by a day, the first to end first."""
    query = select(Instrument).where(Instrument.due_on <= until, ~Instrument.scrapped)
    if since is not None:
        query = query.where(Instrument.due_on >= since)
    if area:
        query = query.where(Instrument.area == area)
    last = session.get(Instrument, after) if after else None
    if last is not None:
        query = query.where(tuple_(Instrument.due_on, Instrument.id) > (last.due_on, last.id))
    return list(session.scalars(query.order_by(Instrument.due_on, Instrument.id).limit(limit)))


def _by_serial(
    session: Session, holder_id: UUID, type_id: UUID, serials: Sequence[str]
) -> dict[str, Instrument]:
    if not serials:
        return {}
    asked = {"holder_id": holder_id, "type_id": type_id, "serials": serials}
    instruments = session.scalars(_BY_SERIAL, asked)
    return {instrument.serial_folded: instrument for instrument in instruments}


_BY_SERIAL = select(Instrument).where(
    Instrument.holder_id == bindparam("holder_id"),
    Instrument.type_id == bindparam("type_id"),
    Instrument.serial_folded.in_(bindparam("serials", expanding=True)),
)
"""Built once: every intake asks it."""


def _enter(
    session: Session,
    holder_id: UUID,
    type_id: UUID,
    arrivals: Mapping[str, Arrival],
    *,
    on: date,
    by: str,
) -> dict[str, UUID]:
    """Insert them in one statement; what a colleague entered a moment ago is taken as it is."""
    if not arrivals:
        return {}
    keys = sorted((new_id() for _ in arrivals), reverse=True)  # lists show the latest first
    ours = dict(zip(arrivals, keys, strict=True))
    rows = [
        _row(ours[serial], holder_id, type_id, serial, arrival)
        for serial, arrival in arrivals.items()
    ]
    ids = ours
    if insert_missing(session, Instrument, rows) != len(rows):
        stored = _by_serial(session, holder_id, type_id, list(ours))
        ids = {serial: instrument.id for serial, instrument in stored.items()}
    code = fetch(session, InstrumentType, type_id).code
    log.append(session, *_facts(ids, ours, code, on), by=by)
    return ids


def _facts(
    ids: Mapping[str, UUID], ours: Mapping[str, UUID], code: str, on: date
) -> Iterable[InstrumentRegistered]:
    for serial, instrument_id in ids.items():
        if ours.get(serial) == instrument_id:
            yield InstrumentRegistered(instrument_id=instrument_id, type_code=code, on=on)


def _row(
    key: UUID, holder_id: UUID, type_id: UUID, serial_folded: str, arrival: Arrival
) -> InstrumentRow:
    return {
        **particulars_row(arrival),
        "id": key,
        "holder_id": holder_id,
        "type_id": type_id,
        "serial": arrival.serial,
        "serial_folded": serial_folded,
        "user_name": arrival.user_name,
        "place_of_use": arrival.place_of_use,
        "area": arrival.area,
        "scrapped": False,
        "revision": 1,
    }


def _refuse_neighbour(session: Session, instrument: Instrument, command: CorrectInstrument) -> None:
    """Refuse a serial number that another instrument of this type and holder has."""
    serial = instrument.serial if isinstance(command.serial, Unset) else command.serial
    holder_id = instrument.holder_id
    if not isinstance(command.holder_id, Unset):
        holder_id = fetch(session, Customer, command.holder_id).id
    if (serial, holder_id) != (instrument.serial, instrument.holder_id):
        _refuse_known_serial(session, holder_id, instrument.type_id, serial, but=instrument.id)


def _named(serial: str) -> str:
    tidied = tidy(serial, field="serial")
    if not tidied:
        raise RuleBroken(
            "An instrument without a serial cannot be told from others: mark it with one first.",
            field="serial",
        )
    return tidied


def _refuse_known_serial(
    session: Session, holder_id: UUID, type_id: UUID, serial: str, *, but: UUID | None = None
) -> None:
    namesake = _by_serial(session, holder_id, type_id, [fold(serial)]).get(fold(serial))
    if namesake is not None and namesake.id != but:
        raise RuleBroken(
            "Serial %(serial)s of this type and holder is in the registry already: open that"
            " instrument instead.",
            field="serial",
            serial=namesake.serial,
        )
