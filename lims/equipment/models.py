"""The centre's own standards."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from lims.equipment.commands import CalibrationCertificate, CorrectStandard
from lims.equipment.events import StandardCalibrated, StandardChanged, StandardTakenOut
from lims.kernel.corrections import correct
from lims.kernel.db import Base, new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.kernel.words import fold
from lims.vocabulary import Field

SOON = timedelta(days=30)
"""How long before its certificate runs out a standard is looked after."""


class Standard(Base):
    """A measurement standard, with the certificate that ties it to the SI today."""

    __tablename__ = "standard"

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    serial: Mapped[str]
    field: Mapped[Field]
    certificate: Mapped[str]
    calibrated_by: Mapped[str]
    calibrated_on: Mapped[date]
    due_on: Mapped[date]
    accuracy: Mapped[str] = mapped_column(default="")
    in_service: Mapped[bool] = mapped_column(default=True)
    folded: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def words(self) -> str:
        """Return what it is searched by."""
        return f"{self.code} {self.name} {self.serial} {self.certificate}"

    def fitness(self, on: date) -> str:
        """Tell how it stands on a day: fit, due soon, expired or out of service."""
        if not self.in_service:
            return "out_of_service"
        if not self.usable(on):
            return "expired"
        return "due_soon" if self.due_on <= on + SOON else "fit"

    def usable(self, on: date) -> bool:
        """Tell whether work may rest on it on a day (ISO/IEC 17025:2017, 6.4.4; TT 24/2013, 43)."""
        return self.in_service and self.calibrated_on <= on <= self.due_on

    def require_usable(self, on: date) -> None:
        """Refuse a standard that is out of service or whose certificate has run out."""
        if not self.in_service:
            raise RuleBroken(
                "Standard %(code)s is out of service: choose another.",
                field="standards",
                code=self.code,
            )
        if not self.usable(on):
            raise RuleBroken(
                "The certificate of standard %(code)s does not cover %(on)s (it ran from "
                "%(calibrated)s to %(due)s): choose another standard or enter its new certificate.",
                field="standards",
                code=self.code,
                on=on,
                calibrated=self.calibrated_on,
                due=self.due_on,
            )

    def calibrate(self, command: CalibrationCertificate, *, on: date) -> StandardCalibrated:
        """Enter a certificate; the newest by day of calibration counts, and puts it in service.

        An older one, found and entered later, is history: it moves no date (6.4.13).
        """
        require_days(command.calibrated_on, command.due_on, on=on)
        if command.calibrated_on >= self.calibrated_on:
            self.certificate, self.calibrated_by = command.certificate, command.calibrated_by
            self.calibrated_on, self.due_on = command.calibrated_on, command.due_on
            self.in_service = True
        self._touch()
        return StandardCalibrated(
            standard_id=self.id,
            certificate=command.certificate,
            calibrated_on=command.calibrated_on,
            due_on=command.due_on,
            on=on,
        )

    def take_out(self, *, reason: str, on: date) -> StandardTakenOut:
        """Take it out of service (ISO/IEC 17025:2017, 6.4.9)."""
        if not self.in_service:
            raise WrongState("Standard %(code)s is out of service already.", code=self.code)
        self.in_service = False
        self._touch()
        return StandardTakenOut(standard_id=self.id, reason=reason, on=on)

    def change(self, command: CorrectStandard, *, on: date) -> StandardChanged:
        """Give it another name, serial number, accuracy or field; its code is for ever."""
        correct(self, command)
        self._touch()
        return StandardChanged(standard_id=self.id, code=self.code, on=on)

    def _touch(self) -> None:
        self.folded = fold(self.words)
        self.revision += 1


def require_days(calibrated_on: date, due_on: date, *, on: date) -> None:
    """Refuse a certificate of tomorrow, or one that runs out before it begins."""
    if calibrated_on > on:
        raise RuleBroken("The calibration cannot lie in the future.", field="calibrated_on")
    if due_on <= calibrated_on:
        raise RuleBroken("The due date must come after the calibration.", field="due_on")
