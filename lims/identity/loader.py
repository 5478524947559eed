"""How the web learns who is asking."""

from uuid import UUID

from flask import g

from lims.identity import service
from lims.identity.models import User, fold_login
from lims.kernel.db import reading
from lims.web.access import Person
from lims.web.pages import gettext

MACHINES = frozenset({"worker", "schedule"})
"""Who writes a fact down when nobody pressed a button: the reactions and the calendar."""


def _person(user: User, *, by_token: bool = False) -> Person:
    return Person(
        id=user.id,
        name=user.login,
        full_name=user.full_name,
        roles=user.roles,
        locale=user.locale,
        title=user.title,
        by_token=by_token,
    )


class People:
    """People by their signed cookie, and machines by their key."""

    def by_session(self, user_id: UUID, epoch: int) -> Person | None:
        """Find the person of a session that has not been ended."""
        with reading() as session:
            user = session.get(User, user_id)
            valid = user is not None and user.active and user.epoch == epoch
            return _person(user) if user is not None and valid else None

    def by_token(self, token: str) -> Person | None:
        """Find the person in whose name a machine asks."""
        with reading() as session:
            user = service.by_token(session, token)
            return None if user is None else _person(user, by_token=True)


def name_of(login: str | None) -> str:
    """Return the name of whoever has a login, as a page says it; anybody else keeps the login."""
    if "names" not in g:
        with reading() as session:
            g.names = service.names(session)
    name: str = g.names.get(fold_login(login or "")) or login or ""
    return gettext("The system") if name in MACHINES else name
