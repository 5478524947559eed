"""The registry of instruments: each known by its type, its serial and its holder."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lims.catalogue.models import InstrumentType
from lims.customers.events import InstrumentRegistered
from lims.customers.models import Customer, Instrument
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch, new_id
from lims.kernel.errors import RuleBroken
from lims.kernel.words import fold, tidy

Unit = tuple[str, str, str, str]
"""An instrument as it comes in: serial, who uses it, where, area."""


class Whereabouts(TypedDict, total=False):
    """What is known of an instrument; only what is said is changed."""

    holder_id: UUID
    serial: str
    user_name: str
    place_of_use: str
    area: str
    scrapped: bool


def register(
    session: Session, holder_id: UUID, type_id: UUID, units: Sequence[Unit], *, on: date, by: str
) -> dict[str, UUID]:
    """Know the instruments of one type that came in: by folded serial, their ids.

    Those known before are the same instruments; of them only blanks are filled in. One without
    a serial cannot be told from others and is left out.
    """
    wanted = {fold(unit[0]): unit for unit in reversed(units) if fold(unit[0])}
    known = _known(session, holder_id, type_id, list(wanted))
    for serial, instrument in known.items():
        _fill_in(session, instrument, wanted[serial], on=on, by=by)
    fresh = [wanted[one] for one in reversed(wanted) if one not in known]
    ids = {serial: instrument.id for serial, instrument in known.items()}
    return ids | _enter(session, holder_id, type_id, fresh, on=on, by=by)


def add_instrument(
    session: Session,
    *,
    holder_id: UUID,
    type_id: UUID,
    serial: str,
    user_name: str = "",
    place_of_use: str = "",
    area: str = "",
    by: str,
) -> Instrument:
    """Enter an instrument before it has ever come in."""
    fetch(session, Customer, holder_id)
    serial = _named(serial)
    _refuse_known_serial(session, holder_id, type_id, serial)
    unit = (serial, user_name, place_of_use, area)
    ids = register(session, holder_id, type_id, [unit], on=clock.today(), by=by)
    return fetch(session, Instrument, ids[fold(serial)])


def change_instrument(
    session: Session, instrument_id: UUID, *, by: str, **said: Unpack[Whereabouts]
) -> Instrument:
    """Correct what the registry says of an instrument, or take it out of use."""
    instrument = fetch(session, Instrument, instrument_id, hold=True)
    news: dict[str, Any] = {
        key: value for key, value in said.items() if getattr(instrument, key) != value
    }
    if not news:
        return instrument
    if {"serial", "holder_id"} & set(news):
        holder = fetch(session, Customer, news.get("holder_id", instrument.holder_id))
        serial = _named(news.get("serial", instrument.serial))
        _refuse_known_serial(session, holder.id, instrument.type_id, serial, but=instrument.id)
        news |= {"serial": serial, "serial_folded": fold(serial)}
    log.append(session, instrument.change(on=clock.today(), **news), by=by)
    return instrument


def set_due(
    session: Session,
    instrument_id: UUID,
    due_on: date | None,
    *,
    result_id: UUID,
    on: date,
    by: str,
) -> Instrument:
    """Note until when an instrument's verification holds; nothing is told when nothing changes."""
    instrument = fetch(session, Instrument, instrument_id, hold=True)
    if (instrument.due_on, instrument.due_from) != (due_on, result_id):
        log.append(session, instrument.fall_due(due_on, result_id=result_id, on=on), by=by)
    return instrument


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


def _known(
    session: Session, holder_id: UUID, type_id: UUID, serials: Sequence[str]
) -> dict[str, Instrument]:
    query = select(Instrument).where(
        Instrument.holder_id == holder_id,
        Instrument.type_id == type_id,
        Instrument.serial_folded.in_(serials),
    )
    return {one.serial_folded: one for one in session.scalars(query)} if serials else {}


def _fill_in(session: Session, instrument: Instrument, unit: Unit, *, on: date, by: str) -> None:
    said = zip(("user_name", "place_of_use", "area"), unit[1:], strict=True)
    news: dict[str, Any] = {
        key: value for key, value in said if value and not getattr(instrument, key)
    }
    if instrument.scrapped:
        news["scrapped"] = False  # it stands on the counter
    if news:
        held = fetch(session, Instrument, instrument.id, hold=True)
        log.append(session, held.change(on=on, **news), by=by)


def _enter(
    session: Session, holder_id: UUID, type_id: UUID, units: Sequence[Unit], *, on: date, by: str
) -> dict[str, UUID]:
    """Insert them in one statement; what a colleague entered a moment ago is taken as it is."""
    if not units:
        return {}
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    keys = sorted((new_id() for _ in units), reverse=True)  # lists show the latest first
    rows = [_row(key, holder_id, type_id, unit) for key, unit in zip(keys, units, strict=True)]
    ours = {row["serial_folded"]: row["id"] for row in rows}
    table: Any = Instrument.__table__
    session.flush()
    entered: Any = session.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
    known = ours
    if entered.rowcount != len(rows):
        known = {
            key: one.id for key, one in _known(session, holder_id, type_id, list(ours)).items()
        }
    code = fetch(session, InstrumentType, type_id).code
    told = (
        InstrumentRegistered(instrument_id=instrument_id, type_code=code, on=on)
        for serial, instrument_id in known.items()
        if ours.get(serial) == instrument_id
    )
    log.append(session, *told, by=by)
    return known


def _row(key: UUID, holder_id: UUID, type_id: UUID, unit: Unit) -> dict[str, Any]:
    serial, user_name, place_of_use, area = unit
    return {
        "id": key,
        "holder_id": holder_id,
        "type_id": type_id,
        "serial": tidy(serial, field="serial"),
        "serial_folded": fold(serial),
        "user_name": user_name,
        "place_of_use": place_of_use,
        "area": area,
        "scrapped": False,
        "revision": 1,
        "manufacturer": "",
        "country": "",
        "model": "",
        "characteristics": {},
    }


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
    there = _known(session, holder_id, type_id, [fold(serial)]).get(fold(serial))
    if there is not None and there.id != but:
        raise RuleBroken(
            "Serial %(serial)s of this type and holder is in the registry already: open that"
            " instrument instead.",
            field="serial",
            serial=there.serial,
        )
