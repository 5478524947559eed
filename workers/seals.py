"""Seal the log when a day has ended."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.eventlog import seal
from lims.eventlog.schedule import DayEnded
from lims.eventlog.seal import Seal
from workers.broker import SETTINGS
from workers.handler import on


@on(DayEnded, name="seals.SealDay")
class SealDay:
    """Sign the head of the log and write the seal where the database is not."""

    def prepare(self, reader: Session, _fact: DayEnded) -> Seal | None:
        """Sign; a copy without its row does no harm, the reverse would."""
        sealed = seal.prepare(reader, seal.key(SETTINGS.data_dir))
        if sealed is not None and SETTINGS.seal_dir is not None:
            seal.copy_out(sealed, SETTINGS.seal_dir)
        return sealed

    def settle(self, session: Session, _fact: DayEnded, prepared: Seal | None) -> None:
        """Keep the seal, once."""
        latest = select(Seal.position).order_by(Seal.position.desc()).limit(1)
        if prepared is not None and prepared.position > (session.scalar(latest) or 0):
            session.add(prepared)
