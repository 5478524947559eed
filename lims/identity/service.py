"""What the administrator does with people, and how people prove who they are."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from lims.eventlog import log
from lims.identity.commands import AddUser, ChangeUser, GrantCompetence
from lims.identity.events import (
    TokenMade,
    TokenRevoked,
    UserAdded,
    UserChanged,
)
from lims.identity.models import Competence, Throttle, Token, User, fold_login
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import Forbidden, NotFound, RuleBroken
from lims.vocabulary import Act, Discipline, Field, Role

HASHER = PasswordHasher()
ATTEMPTS = 5
"""Failed sign-ins before one has to wait."""

PAUSE = timedelta(minutes=5)


class TooMany(Forbidden):
    """Not a matter of roles: whoever guesses has to wait."""

    code = "too-many-attempts"


def add_user(session: Session, command: AddUser, *, by: str) -> User:
    """Give a person a login."""
    login = fold_login(command.login)
    if session.scalar(select(User.id).where(User.login == login)) is not None:
        raise RuleBroken(
            "The login %(login)s is taken: choose another.", field="login", login=login
        )
    names = sorted(Role(role) for role in command.roles)
    user = User(
        login=login,
        full_name=command.full_name,
        password=HASHER.hash(command.password),
        role_list=[name.value for name in names],
        title=command.title,
    )
    session.add(user)
    added = UserAdded(user_id=user.id, login=login, roles=" ".join(names), on=clock.today())
    log.append(session, added, by=by)
    return user


def change_user(session: Session, user_id: UUID, command: ChangeUser, *, by: str) -> User:
    """Give a person another name, title or other roles; their open sessions end."""
    user = fetch(session, User, user_id, hold=True)
    user.full_name, user.title = command.full_name, command.title
    user.role_list = sorted(Role(role).value for role in command.roles)
    user.epoch += 1
    changed = UserChanged(user_id=user.id, login=user.login, what="roles", on=clock.today())
    log.append(session, changed, by=by)
    return user


def set_password(session: Session, user_id: UUID, *, password: str, by: str) -> User:
    """Set a person's password."""
    user = fetch(session, User, user_id, hold=True)
    log.append(session, user.change_password(HASHER.hash(password), clock.today()), by=by)
    return user


def disable(session: Session, user_id: UUID, *, by: str) -> User:
    """End a person's access."""
    user = fetch(session, User, user_id, hold=True)
    log.append(session, user.disable(clock.today()), by=by)
    return user


def make_token(session: Session, user_id: UUID, *, label: str, by: str) -> str:
    """Make a key for a machine; it is shown once and kept as its hash."""
    user = fetch(session, User, user_id)
    key = "lims_" + secrets.token_urlsafe(32)
    token = Token(user_id=user.id, label=label, sha256=_sha256(key), made_at=clock.now())
    session.add(token)
    log.append(session, TokenMade(user_id=user.id, label=label, on=clock.today()), by=by)
    return key


def revoke_token(session: Session, token_id: UUID, *, by: str) -> UUID:
    """Make a machine's key stop working at once; return whose it was."""
    token = fetch(session, Token, token_id, hold=True)
    session.delete(token)
    revoked = TokenRevoked(user_id=token.user_id, label=token.label, on=clock.today())
    log.append(session, revoked, by=by)
    return token.user_id


def grant(session: Session, command: GrantCompetence, *, by: str) -> Competence:
    """Authorise a person for an act (ISO/IEC 17025:2017, 6.2.6)."""
    if command.valid_to < command.valid_from:
        raise RuleBroken("The last day comes before the first.", field="valid_to")
    user = fetch(session, User, command.user_id)
    competence = Competence(
        user_id=user.id,
        act=command.act,
        discipline=command.discipline,
        field=command.field,
        basis=command.basis,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
    )
    session.add(competence)
    log.append(session, competence.granted(clock.today()), by=by)
    return competence


def require(
    session: Session,
    login: str,
    act: Act,
    discipline: Discipline,
    fields: Collection[Field | None],
    *,
    on: date,
) -> Competence:
    """Return the authorisation under which a person may act, or refuse.

    Raises Forbidden where no card, title or delegation covers one of the fields on the day.
    """
    query = (
        select(Competence)
        .join(User, User.id == Competence.user_id)
        .where(User.login == login, Competence.act == act, Competence.discipline == discipline)
        .order_by(Competence.valid_to.desc())
    )
    return require_of(session.scalars(query).all(), login, act, discipline, fields, on=on)


def require_of(
    held: Sequence[Competence],
    login: str,
    act: Act,
    discipline: Discipline,
    fields: Collection[Field | None],
    *,
    on: date,
) -> Competence:
    """Do as `require` of what was read before: the person's authorisations for the act."""
    covering = [_covering(held, login, act, discipline, field, on) for field in set(fields)]
    return covering[0]


def _covering(
    held: Sequence[Competence],
    login: str,
    act: Act,
    discipline: Discipline,
    field: Field | None,
    on: date,
) -> Competence:
    for competence in held:
        if competence.covers(field, on):
            return competence
    raise Forbidden(
        "%(login)s has no authorisation to %(act)s %(discipline)s in %(what)s on %(on)s: "
        "the administrator can enter the card or the decision.",
        login=login,
        act=act,
        discipline=discipline,
        what=field or "",
        on=on,
    )


def recognise(session: Session, login: str, password: str) -> User | None:
    """Tell who it is; a wrong guess takes as long as a right one. Reads only: argon2 is slow."""
    user = _find_user(session, login)
    proof = user.password if user is not None and user.active else _nobody()
    return user if _verified(proof, password) else None


def require_patience(session: Session, login: str, address: str) -> None:
    """Refuse for a while after too many failures; raises Forbidden."""
    keys = (_login_key(login), f"address:{address}")
    query = select(Throttle).where(Throttle.key.in_(keys), Throttle.until > clock.now())
    for row in session.scalars(query):
        if row.failures >= (ATTEMPTS if row.key.startswith("login:") else ATTEMPTS * 10):
            raise TooMany(
                "Too many wrong passwords: wait five minutes and try again.", field="password"
            )


def count_failure(session: Session, login: str, address: str) -> None:
    """Remember a wrong guess, against the login and against the address."""
    for key in (f"address:{address}", _login_key(login)):
        row = hold_throttle(session, key)
        row.failures += 1
        row.until = clock.now() + PAUSE


def hold_throttle(session: Session, key: str) -> Throttle:
    """Hold what is counted against a key; what was counted too long ago is forgotten."""
    row = session.get(Throttle, key, with_for_update=True)
    if row is None:
        row = Throttle(key=key, failures=0, until=clock.now())
        session.add(row)
    if row.until <= clock.now():
        row.failures = 0
    return row


def failures(session: Session, key: str) -> int:
    """Return what is counted against a key and not forgotten."""
    query = select(Throttle.failures).where(Throttle.key == key, Throttle.until > clock.now())
    return session.scalar(query) or 0


def forgive(session: Session, login: str) -> None:
    """Forget the wrong guesses of somebody who got it right."""
    session.execute(delete(Throttle).where(Throttle.key == _login_key(login)))


def _login_key(login: str) -> str:
    """Name what is counted against a login: another spelling of it gets no guesses of its own."""
    return f"login:{fold_login(login)}"


@cache
def _nobody() -> str:
    """Make a hash that nobody's password has."""
    return HASHER.hash(secrets.token_urlsafe())


def _verified(proof: str, password: str) -> bool:
    try:
        return HASHER.verify(proof, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _sha256(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def by_login(session: Session, login: str) -> User:
    """Find a person by login."""
    user = _find_user(session, login)
    if user is None:
        raise NotFound("There is no user %(login)s.", login=login)
    return user


def _find_user(session: Session, login: str) -> User | None:
    return session.scalar(select(User).where(User.login == fold_login(login)))


def by_token(session: Session, key: str) -> User | None:
    """Find the person in whose name a machine asks."""
    return session.scalar(_BY_TOKEN, {"sha256": _sha256(key)})


_BY_TOKEN = (
    select(User)
    .join(Token, Token.user_id == User.id)
    .where(Token.sha256 == bindparam("sha256"), User.active)
)
"""Built once: every request of a machine asks it."""


def listed(session: Session) -> list[User]:
    """List everybody."""
    return list(session.scalars(select(User).order_by(User.login)))


def names(session: Session) -> dict[str, str]:
    """Name everybody by login, those who left too: their names stay on old records."""
    return dict(iter(session.execute(select(User.login, User.full_name))))
