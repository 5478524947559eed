"""What is done with the centre's own standards."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.equipment.commands import AddStandard, CalibrationCertificate, CorrectStandard
from lims.equipment.events import StandardAdded
from lims.equipment.models import Standard, require_days
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.kernel.words import fold
from lims.vocabulary import Field


def usable(session: Session, on: date, field: Field | None = None) -> list[Standard]:
    """List the standards that work may rest on on a day (ISO/IEC 17025:2017, 6.4.4)."""
    query = select(Standard).where(
        Standard.in_service, Standard.calibrated_on <= on, Standard.due_on >= on
    )
    if field is not None:
        query = query.where(Standard.field == field)
    return list(session.scalars(query.order_by(Standard.code)))


def add(session: Session, command: AddStandard, *, by: str) -> Standard:
    """Enter a standard with the certificate it has."""
    code = command.code
    if session.scalar(select(Standard.id).where(Standard.code == code)) is not None:
        raise RuleBroken("The code %(code)s is taken: choose another.", field="code", code=code)
    require_days(command.calibrated_on, command.due_on, on=clock.today())
    standard = Standard(
        code=code,
        name=command.name,
        serial=command.serial,
        field=command.field,
        certificate=command.certificate,
        calibrated_by=command.calibrated_by,
        calibrated_on=command.calibrated_on,
        due_on=command.due_on,
        accuracy=command.accuracy,
    )
    standard.folded = fold(standard.words)
    session.add(standard)
    added = StandardAdded(standard_id=standard.id, code=code, on=clock.today())
    log.append(session, added, by=by)
    return standard


def calibrate(
    session: Session, standard_id: UUID, command: CalibrationCertificate, *, by: str
) -> Standard:
    """Enter a certificate of a standard; with its newest one it is in service again."""
    standard = fetch(session, Standard, standard_id, hold=True)
    log.append(session, standard.calibrate(command, on=clock.today()), by=by)
    return standard


def take_out(session: Session, standard_id: UUID, *, reason: str, by: str) -> Standard:
    """Take a standard out of service (ISO/IEC 17025:2017, 6.4.9)."""
    standard = fetch(session, Standard, standard_id, hold=True)
    log.append(session, standard.take_out(reason=reason, on=clock.today()), by=by)
    return standard


def change(session: Session, standard_id: UUID, command: CorrectStandard, *, by: str) -> Standard:
    """Give a standard another name, serial number, accuracy or field."""
    standard = fetch(session, Standard, standard_id, hold=True)
    log.append(session, standard.change(command, on=clock.today()), by=by)
    return standard
