"""Tell whether the centre has caught up with itself."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.eventlog.log import Delivery, Head, Outgoing
from lims.eventlog.projections import Follower
from lims.kernel import db
from workers.reactions import PROJECTIONS


def followed() -> bool:
    """Tell whether every fact stands in the log and every projection has read it."""
    with db.reading() as session:
        return _followed(session)


def handled() -> bool:
    """Tell whether, beside that, no reaction is owed any more."""
    with db.reading() as session:
        owed = select(Delivery.position).where(Delivery.state == "owed").limit(1)
        return _followed(session) and session.scalar(owed) is None


def _followed(session: Session) -> bool:
    if session.scalar(select(Outgoing.seq).limit(1)) is not None:
        return False
    top = session.scalar(select(Head.position)) or 0
    level = session.scalars(select(Follower.name).where(Follower.position == top))
    return {projection.name for projection in PROJECTIONS} <= set(level)
