"""Legal values with the day from which they hold and where they are written."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock
from lims.kernel.db import Base, new_id
from lims.kernel.errors import NotFound, RuleBroken
from lims.settings.commands import SetParameter
from lims.settings.definitions import DEFINITIONS, find


@dataclass(frozen=True, kw_only=True)
class ParameterSet(Event):
    """A legal or local value was entered, to hold from a day on."""

    name = "kernel.parameter_set"
    about = "parameter_id"

    parameter_id: UUID
    parameter: str
    valid_from: date
    value: str
    source: str


class Parameter(Base):
    """One value of one legal parameter, from one day on."""

    __tablename__ = "parameter"
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    name: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[str]
    source: Mapped[str]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def put(self, *, value: str, source: str, on: date) -> ParameterSet:
        """Give the value; one that was in force before today is history and stays."""
        if self.valid_from < on and self.value != value:
            raise RuleBroken(
                "A value from %(valid_from)s is there already and was in force: leave it, and "
                "let the new one begin on a later day.",
                field="valid_from",
                valid_from=self.valid_from,
            )
        self.value, self.source = value, source
        return ParameterSet(
            parameter_id=self.id,
            parameter=self.name,
            valid_from=self.valid_from,
            value=value,
            source=source,
            on=on,
        )


IN_FORCE = (
    select(Parameter)
    .where(Parameter.name == bindparam("name"), Parameter.valid_from <= bindparam("on"))
    .order_by(Parameter.valid_from.desc())
    .limit(1)
)
"""Built once: most acts ask for a value or two."""


def value(session: Session, name: str, on: date) -> Parameter:
    """Return the parameter as it stood on a day."""
    parameter = session.scalars(IN_FORCE, {"name": name, "on": on}).first()
    if parameter is None:
        raise NotFound(
            "No value of %(name)s is known for %(on)s: enter it under Administration.",
            name=name,
            on=on,
        )
    return parameter


def listed(session: Session) -> list[Parameter]:
    """List every value of every parameter, the newest of each first."""
    query = select(Parameter).order_by(Parameter.name, Parameter.valid_from.desc())
    return list(session.scalars(query))


def names(session: Session) -> list[str]:
    """List what may be entered: what is defined, what has values, and what a value calls for."""
    rows = listed(session)
    called_for = [
        f"{definition.name}{row.value}"
        for definition in DEFINITIONS.values()
        for row in rows
        if row.name == definition.members
    ]
    defined = [name for name in DEFINITIONS if not name.endswith(".")]
    return list(dict.fromkeys([*defined, *(row.name for row in rows), *called_for]))


def set_value(session: Session, command: SetParameter, *, by: str) -> Parameter:
    """Enter a value that holds from a day on; what holds before that day stays."""
    definition = find(command.name)
    if definition is None or command.name.endswith("."):
        raise RuleBroken("Choose one from the list.", field="name")
    definition.check(command.value)
    same_day = (Parameter.name == command.name, Parameter.valid_from == command.valid_from)
    row = session.scalars(select(Parameter).where(*same_day).with_for_update()).first()
    if row is None:
        row = Parameter(**vars(command))
        session.add(row)
    fact = row.put(value=command.value, source=command.source, on=clock.today())
    log.append(session, fact, by=by)
    return row
