"""What equipment tells the rest of the centre."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private


@dataclass(frozen=True, kw_only=True)
class StandardAdded(Event):
    """A measurement standard of the centre was entered."""

    name = "equipment.standard_added"
    about = "standard_id"

    standard_id: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class StandardCalibrated(Event):
    """A calibration of a standard was entered; it may be used until the newest one falls due."""

    name = "equipment.standard_calibrated"
    about = "standard_id"

    standard_id: UUID
    certificate: str
    calibrated_on: date
    due_on: date

    @property
    def happened_on(self) -> date:
        """The day of the calibration, not that of its entry."""
        return self.calibrated_on


@dataclass(frozen=True, kw_only=True)
class StandardTakenOut(Event):
    """A standard was taken out of service (ISO/IEC 17025:2017, 6.4.9)."""

    name = "equipment.standard_taken_out"
    about = "standard_id"

    standard_id: UUID
    reason: Private


@dataclass(frozen=True, kw_only=True)
class StandardChanged(Event):
    """A standard was given another name, serial number, accuracy or field."""

    name = "equipment.standard_changed"
    about = "standard_id"

    standard_id: UUID
    code: str
