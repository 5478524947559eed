"""What is done with the centre's own standards."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

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


def add(
    session: Session,
    *,
    code: str,
    name: str,
    serial: str,
    field: Field,
    certificate: str,
    calibrated_by: str,
    calibrated_on: date,
    due_on: date,
    by: str,
    accuracy: str = "",
) -> Standard:
    """Enter a standard with the certificate it has."""
    if session.scalar(select(Standard.id).where(Standard.code == code)) is not None:
        raise RuleBroken("The code %(code)s is taken: choose another.", field="code", code=code)
    require_days(calibrated_on, due_on, on=clock.today())
    standard = Standard(
        code=code,
        name=name,
        serial=serial,
        field=field,
        certificate=certificate,
        calibrated_by=calibrated_by,
        calibrated_on=calibrated_on,
        due_on=due_on,
        accuracy=accuracy,
    )
    standard.folded = fold(standard.words)
    session.add(standard)
    told = StandardAdded(standard_id=standard.id, code=code, on=clock.today())
    log.append(session, told, by=by)
    return standard


def calibrate(
    session: Session,
    standard_id: UUID,
    *,
    certificate: str,
    calibrated_by: str,
    calibrated_on: date,
    due_on: date,
    by: str,
) -> Standard:
    """Enter a standard's new certificate; it is in service again."""
    standard = fetch(session, Standard, standard_id, hold=True)
    told = standard.calibrate(
        certificate=certificate,
        calibrated_by=calibrated_by,
        calibrated_on=calibrated_on,
        due_on=due_on,
        on=clock.today(),
    )
    log.append(session, told, by=by)
    return standard


def take_out(session: Session, standard_id: UUID, *, reason: str, by: str) -> Standard:
    """Take a standard out of service (ISO/IEC 17025:2017, 6.4.9)."""
    standard = fetch(session, Standard, standard_id, hold=True)
    log.append(session, standard.take_out(reason=reason, on=clock.today()), by=by)
    return standard


def change(session: Session, standard_id: UUID, *, by: str, **said: Any) -> Standard:  # noqa: ANN401
    """Give a standard another name, serial number, accuracy or field."""
    standard = fetch(session, Standard, standard_id, hold=True)
    log.append(session, standard.change(on=clock.today(), **said), by=by)
    return standard
