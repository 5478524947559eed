"""The database: one metadata, one way to write, one way to read."""

import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from select import POLLIN, poll
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    Numeric,
    Select,
    Text,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, Session, attributes, sessionmaker
from sqlalchemy.types import TypeDecorator

from lims.kernel import sqlite
from lims.kernel.errors import NotFound

M = TypeVar("M", bound="Base")

Characteristics = dict[str, str]
"""A JSON column of values as written, by code."""

JSON_COLUMN = JSON().with_variant(JSONB, "postgresql")
"""The type of a column whose shape a feature names by a TypedDict."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant; SQLite keeps no zone, so hand it UTC without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs its zone.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Measured(TypeDecorator[Decimal]):
    """A decimal exactly as typed, trailing zeros included: TEXT on SQLite, NUMERIC elsewhere."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's own type
        """Choose the column type: SQLite's NUMERIC would make floats of them."""
        kind = Text() if dialect.name == "sqlite" else Numeric()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Write it down."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401
        """Read it back."""
        del dialect
        return None if value is None else Decimal(value)


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """Every table: named constraints, aware instants, money in whole đồng."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix__%(table_name)s__%(column_0_N_name)s",
            "uq": "uq__%(table_name)s__%(column_0_N_name)s",
            "ck": "ck__%(table_name)s__%(constraint_name)s",
            "fk": "fk__%(table_name)s__%(column_0_name)s__%(referred_table_name)s",
            "pk": "pk__%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        str: Text,
        int: BigInteger().with_variant(sqlite.INTEGER, "sqlite"),
        datetime: Instant,
        Decimal: Measured,
        dict[str, Any]: JSON_COLUMN,
        Characteristics: JSON_COLUMN,
        list[Any]: JSON_COLUMN,
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            length=40,
            values_callable=lambda kind: [member.value for member in kind],
        ),
    }


def new_id() -> UUID:
    """Make a UUID version 7: time-ordered, so that a new row lands at the end of its index.

    The parts of a millisecond stand in it too: the items of one order sort as they were made.
    """
    stamp, part = divmod(time.time_ns(), 1_000_000)
    within = part * 4096 // 1_000_000
    noise = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=stamp << 80 | 7 << 76 | within << 64 | 2 << 62 | noise)


_writer = sessionmaker[Session](expire_on_commit=False)
_reader = sessionmaker[Session](expire_on_commit=False, autoflush=False)


def connect(url: str, *, ping: bool = True) -> Engine:
    """Point every later session at the database and return its engine.

    With `ping` a connection that the server has closed meanwhile is noticed before its use.
    """
    return use(make_engine(url, ping=ping))


def use(engine: Engine) -> Engine:
    """Point every later session at a database that is known already."""
    disconnect()
    _writer.configure(bind=engine)
    looking: dict[str, Any] = {"read_only": True}
    if engine.dialect.name == "postgresql":
        # each statement looks at its own instant anyway: BEGIN and COMMIT are two trips for nothing
        looking["isolation_level"] = "AUTOCOMMIT"
    _reader.configure(bind=engine.execution_options(**looking))
    return engine


def disconnect() -> None:
    """Let go of the connections, before a fork or at the end of a test."""
    bound = _writer.kw.get("bind")
    if isinstance(bound, Engine):
        bound.dispose()


def engine() -> Engine:
    """Return the engine in use."""
    bound = _writer.kw["bind"]
    if not isinstance(bound, Engine):
        raise TypeError("lims.kernel.db.connect comes first.")
    return bound


def make_engine(url: str, *, ping: bool = True) -> Engine:
    """Make an engine with the settings each database needs."""
    if url.startswith("sqlite"):
        return sqlite.make_engine(url)
    options = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
    engine = create_engine(
        url,
        pool_size=16,
        max_overflow=16,
        pool_use_lifo=True,  # the one used last has its statements prepared
        connect_args={"options": options},
    )
    if ping:
        event.listen(engine, "checkout", _require_open)
    return engine


def _require_open(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - psycopg's
    """Let the pool replace what the server has closed: an idle connection has only that to read.

    Asking the server costs a round trip, at every transaction.
    """
    goodbye = poll()
    goodbye.register(connection.fileno(), POLLIN)
    if goodbye.poll(0):
        raise InvalidatePoolError


@contextmanager
def transaction() -> Iterator[Session]:
    """Do all of it or none of it: the only place in the project that commits."""
    with _writer() as session, sqlite.turn(session.get_bind()), session.begin():
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Look without locking anything: on SQLite a snapshot that no writer disturbs."""
    with _reader() as session, session.begin():
        yield session


@contextmanager
def snapshot() -> Iterator[Session]:
    """Look at everything as it stood at one instant, however long the look takes."""
    with _reader() as session, session.begin():
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


def fetch(session: Session, model: type[M], key: UUID, *, hold: bool = False) -> M:
    """Find by id, or say that there is none; `hold` it when about to change it."""
    row = session.get(model, key, with_for_update=hold or None, populate_existing=hold)
    if row is None:
        raise _gone(model, key)
    return row


def fetch_all(
    session: Session, model: type[M], keys: Sequence[UUID], *, hold: bool = False
) -> list[M]:
    """Find many by id in the order asked; locks are taken in key order."""
    wanted = sorted(set(keys))
    by_key: dict[UUID, M] = {} if hold else loaded(session, model, wanted)
    missing = [key for key in wanted if key not in by_key]
    for start in range(0, len(missing), 500):
        rows = session.scalars(_by_keys(model, hold), {"keys": missing[start : start + 500]})
        by_key.update({row.id: row for row in rows})
    for key in wanted:
        if key not in by_key:
            raise _gone(model, key)
    return [by_key[key] for key in keys]


def _gone(model: type[Base], key: UUID) -> NotFound:
    return NotFound(
        "This is not here any more (%(what)s %(key)s): look it up again in its list.",
        what=model.__tablename__,
        key=key,
    )


@cache
def _by_keys(model: type[Any], hold: bool) -> Select[Any]:  # noqa: FBT001 - one private caller
    """Find many by id, in key order: built once, since most acts begin with it."""
    column = model.__mapper__.primary_key[0]
    query = select(model).where(column.in_(bindparam("keys", expanding=True))).order_by(column)
    query = query.execution_options(populate_existing=hold)
    return query.with_for_update() if hold else query


def loaded(session: Session, model: type[M], keys: Collection[UUID]) -> dict[UUID, M]:
    """Return what the session has loaded already, as `fetch` does; no statement is sent."""
    named = {key: model.__mapper__.identity_key_from_primary_key((key,)) for key in keys}
    rows = {key: session.identity_map.get(name) for key, name in named.items()}
    return {
        key: row
        for key, row in rows.items()
        if row is not None and not attributes.instance_state(row).expired
    }
