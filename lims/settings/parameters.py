"""Legal values with the day from which they hold and where they are written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock
from lims.kernel.db import Base, new_id
from lims.kernel.errors import NotFound, RuleBroken
from lims.settings.commands import SetParameter

NO_CAP = "none"
"""The value of a share that the law leaves open."""

YES, NO = "yes", "no"
NUMBERS = ("autonomy.development_min.", "autonomy.income_max.", "autonomy.reward_welfare_max.")
"""The beginnings of the names whose values are decimals, or open."""


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


def value(session: Session, name: str, on: date) -> Parameter:
    """Return the parameter as it stood on a day."""
    query = select(Parameter).where(Parameter.name == name, Parameter.valid_from <= on)
    parameter = session.scalars(query.order_by(Parameter.valid_from.desc()).limit(1)).first()
    if parameter is None:
        raise NotFound(
            "No value of %(name)s is known for %(on)s: enter it under Administration.",
            name=name,
            on=on,
        )
    return parameter


def rate(session: Session, name: str, on: date) -> Decimal:
    """Return a parameter that is a rate."""
    return Decimal(value(session, name, on).value)


def listed(session: Session) -> list[Parameter]:
    """List every value of every parameter, the newest of each first."""
    query = select(Parameter).order_by(Parameter.name, Parameter.valid_from.desc())
    return list(session.scalars(query))


def set_value(session: Session, command: SetParameter, *, by: str) -> Parameter:
    """Enter a value that holds from a day on; what holds before that day stays."""
    _check(command.name, command.value)
    same_day = (Parameter.name == command.name, Parameter.valid_from == command.valid_from)
    row = session.scalars(select(Parameter).where(*same_day).with_for_update()).first()
    if row is None:
        row = Parameter(**vars(command))
        session.add(row)
    fact = row.put(value=command.value, source=command.source, on=clock.today())
    log.append(session, fact, by=by)
    return row


def _check(name: str, value: str) -> None:
    """Refuse what the calculations could not read."""
    if name == "certificate.end_of_month" and value not in (YES, NO):
        raise RuleBroken("Write yes or no.", field="value")
    if name == "base_salary" and not (value.isascii() and value.isdigit()):
        raise RuleBroken("Write whole đồng in digits only, for example 2340000.", field="value")
    if name.startswith(NUMBERS) and value != NO_CAP and not _is_share(value):
        raise RuleBroken(
            "Write a number with a decimal point, for example 0.25, or none where the law sets "
            "no limit.",
            field="value",
        )


def _is_share(value: str) -> bool:
    try:
        return Decimal(value).is_finite() and Decimal(value) >= 0
    except InvalidOperation:
        return False
