"""The centre's own standards."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from lims.equipment.events import StandardCalibrated, StandardTakenOut
from lims.kernel.db import Base, new_id
from lims.kernel.errors import RuleBroken, WrongState
from lims.vocabulary import Field


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
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

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

    def calibrate(
        self, *, certificate: str, calibrated_by: str, calibrated_on: date, due_on: date, on: date
    ) -> StandardCalibrated:
        """Enter its new certificate and bring it back into service."""
        if due_on <= calibrated_on:
            raise RuleBroken("The due date must come after the calibration.", field="due_on")
        self.certificate, self.calibrated_by = certificate, calibrated_by
        self.calibrated_on, self.due_on, self.in_service = calibrated_on, due_on, True
        return StandardCalibrated(
            standard_id=self.id,
            certificate=certificate,
            calibrated_on=calibrated_on,
            due_on=due_on,
            on=on,
        )

    def take_out(self, *, reason: str, on: date) -> StandardTakenOut:
        """Take it out of service (ISO/IEC 17025:2017, 6.4.9)."""
        if not self.in_service:
            raise WrongState("Standard %(code)s is out of service already.", code=self.code)
        self.in_service = False
        return StandardTakenOut(standard_id=self.id, reason=reason, on=on)
