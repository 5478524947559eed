"""Load the catalogue's data files; what is there already is left as it is."""

import json
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lims.catalogue.events import CatalogueLoaded, EntryChanged
from lims.catalogue.models import (
    InstrumentType,
    LegalCycle,
    Method,
    Price,
    Service,
    TestParameter,
)
from lims.config import ROOT
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import Base, new_id
from lims.kernel.words import fold
from lims.settings.areas import Area
from lims.settings.holidays import Holiday
from lims.settings.parameters import Parameter
from lims.vocabulary import Discipline, Field

FOLDER = ROOT / "lims" / "data"


class Row(dict[str, Any]):
    """An entry of a data file, or the columns made of it."""


Rows: TypeAlias = Iterable[Row]


def load(session: Session, by: str) -> dict[str, int]:
    """Load every data file; tell of each kind how many rows were new.

    The order matters: later kinds name earlier ones by their codes.
    """
    loaded = {kind: make(session) for kind, make in KINDS.items()}
    for kind, rows in loaded.items():
        if rows:
            load_id = uuid5(NAMESPACE_OID, f"{kind} {new_id()}")
            fact = CatalogueLoaded(load_id=load_id, what=kind, rows=rows, on=clock.today())
            log.append(session, fact, by=by)
    _fill_in_characteristics(session, by)
    return loaded


def _types(session: Session) -> int:
    rows = [_without(entry, "cycles") | _named(entry) for entry in _file("instrument_types")]
    for row in rows:
        row["field"] = Field(row["field"])
    return _new(session, InstrumentType, ("code",), map(Row, rows))


def _fill_in_characteristics(session: Session, by: str) -> None:
    """Give types that were loaded before there were characteristics those of the file."""
    listed = {entry["code"]: entry["characteristics"] for entry in _file("instrument_types")}
    query = select(InstrumentType).where(InstrumentType.code.in_(listed))
    for kind in session.scalars(query):
        if kind.characteristics or not listed[kind.code]:
            continue
        kind.characteristics = listed[kind.code]
        kind.revision += 1
        changed = EntryChanged(
            entry_id=kind.id, what="instrument_type", code=kind.code, on=clock.today()
        )
        log.append(session, changed, by=by)


def _cycles(session: Session) -> int:
    ids = _ids(session, InstrumentType)
    rows = [
        {
            "type_id": ids[entry["code"]],
            "valid_from": date.fromisoformat(cycle["from"]),
            "months": cycle["months"],
            "source": cycle["source"],
        }
        for entry in _file("instrument_types")
        for cycle in entry["cycles"]
    ]
    return _new(session, LegalCycle, ("type_id", "valid_from"), map(Row, rows))


def _methods(session: Session) -> int:
    ids = _ids(session, InstrumentType)
    rows = [_without(entry, "type") | _method(entry, ids) for entry in _file("methods")]
    return _new(session, Method, ("code", "edition"), map(Row, rows))


def _method(entry: Row, ids: dict[str, UUID]) -> Row:
    cited = f"{entry['code']}:{entry['edition']}" if entry["edition"] else entry["code"]
    return Row(
        discipline=Discipline(entry["discipline"]),
        valid_from=date.fromisoformat(entry["valid_from"]),
        valid_to=date.fromisoformat(entry["valid_to"]) if entry["valid_to"] else None,
        type_id=ids[entry["type"]] if entry["type"] else None,
        folded=fold(f"{cited} {entry['title']}"),
        revision=1,
    )


def _services(session: Session) -> int:
    types = _ids(session, InstrumentType)
    editions = session.execute(
        select(Method.code, Method.edition, Method.id).order_by(Method.valid_from)
    )
    newest = {code: (edition, key) for code, edition, key in editions}
    rows = [
        _without(entry, "type", "method", "prices", "parameters")
        | _named(entry)
        | {
            "discipline": Discipline(entry["discipline"]),
            "field": Field(entry["field"]),
            "type_id": types[entry["type"]] if entry["type"] else None,
            "method_id": newest[entry["method"]][1] if entry["method"] else None,
        }
        for entry in _file("tariff")
    ]
    return _new(session, Service, ("code",), map(Row, rows))


def _prices(session: Session) -> int:
    ids = _ids(session, Service)
    rows = [
        {
            "service_id": ids[entry["code"]],
            "valid_from": date.fromisoformat(price["from"]),
            "amount": price["amount"],
            "vat_rate": Decimal(price["vat_rate"]),
            "charged_on_fail": price["charged_on_fail"],
            "source": price["source"],
        }
        for entry in _file("tariff")
        for price in entry["prices"]
    ]
    return _new(session, Price, ("service_id", "valid_from"), map(Row, rows))


def _parameters_tested(session: Session) -> int:
    ids = _ids(session, Service)
    rows = [
        tested
        | {
            "service_id": ids[entry["code"]],
            "minimum": _decimal(tested["minimum"]),
            "maximum": _decimal(tested["maximum"]),
            "position": position,
        }
        for entry in _file("tariff")
        for position, tested in enumerate(entry["parameters"], start=1)
    ]
    return _new(session, TestParameter, ("service_id", "code"), map(Row, rows))


def _areas(session: Session) -> int:
    rows = [
        entry
        | {
            name: date.fromisoformat(entry[name]) if entry[name] else None
            for name in ("valid_from", "valid_to")
        }
        for entry in _file("areas")
    ]
    return _new(session, Area, ("code",), map(Row, rows))


def _values(session: Session) -> int:
    rows = [
        {
            "name": entry["name"],
            "valid_from": date.fromisoformat(held["from"]),
            "value": held["value"],
            "source": held["source"],
        }
        for entry in _file("parameters")
        for held in entry["values"]
    ]
    return _new(session, Parameter, ("name", "valid_from"), map(Row, rows))


def _holidays(session: Session) -> int:
    rows = [entry | {"day": date.fromisoformat(entry["day"])} for entry in _file("holidays")]
    return _new(session, Holiday, ("day",), map(Row, rows))


KINDS: dict[str, Callable[[Session], int]] = {
    "instrument_types": _types,
    "cycles": _cycles,
    "methods": _methods,
    "services": _services,
    "prices": _prices,
    "test_parameters": _parameters_tested,
    "areas": _areas,
    "parameters": _values,
    "holidays": _holidays,
}


def _new(session: Session, model: type[Base], key: tuple[str, ...], rows: Rows) -> int:
    """Insert the rows whose key is not in the table yet; return how many."""
    columns = [getattr(model, name) for name in key]
    present = {tuple(row) for row in session.execute(select(*columns))}
    missing = [row for row in rows if tuple(row[name] for name in key) not in present]
    if missing:
        # Lists are read in the order of their ids: the order of the file.
        ids = sorted(new_id() for _ in missing)
        session.execute(
            insert(model), [{"id": key, **row} for key, row in zip(ids, missing, strict=True)]
        )
    return len(missing)


def _ids(session: Session, model: type[InstrumentType | Service]) -> dict[str, UUID]:
    return {code: key for code, key in session.execute(select(model.code, model.id))}  # noqa: C416 - rows


def _named(entry: Row) -> Row:
    words = f"{entry['code']} {entry['name_vi']} {entry['name_en']}"
    return Row(folded=fold(words), active=True, revision=1)


def _without(entry: Row, *names: str) -> Row:
    return Row((name, value) for name, value in entry.items() if name not in names)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@cache
def _file(name: str) -> tuple[Row, ...]:
    return tuple(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))
