"""What every process does first: point at the database, the public address and the day."""

from lims.config import Settings
from lims.kernel import clock, db
from lims.settings import centre


def begin(settings: Settings, *, ping: bool = True) -> None:
    """Begin as the settings say; connections are made when they are first needed.

    `ping` replaces a connection that PostgreSQL has closed before it is used again.
    """
    db.connect(settings.database_url, ping=ping)
    centre.configure(settings.public_url)
    clock.set_zone(settings.timezone)
