"""What identity tells the rest of the centre."""

from dataclasses import dataclass
from uuid import UUID

from lims.eventlog.events import Event
from lims.eventlog.private import Private


@dataclass(frozen=True, kw_only=True)
class UserAdded(Event):
    """A person was given a login; `roles` are joined by blanks."""

    name = "identity.user_added"
    about = "user_id"

    user_id: UUID
    login: str
    roles: str


@dataclass(frozen=True, kw_only=True)
class UserChanged(Event):
    """A person's roles, name or password changed; the password itself is never told."""

    name = "identity.user_changed"
    about = "user_id"

    user_id: UUID
    login: str
    what: str


@dataclass(frozen=True, kw_only=True)
class UserDisabled(Event):
    """A person may no longer sign in."""

    name = "identity.user_disabled"
    about = "user_id"

    user_id: UUID
    login: str


@dataclass(frozen=True, kw_only=True)
class CompetenceGranted(Event):
    """A person was authorised for an act in a discipline and field, between two days."""

    name = "identity.competence_granted"
    about = "user_id"

    user_id: UUID
    act: str
    discipline: str
    field: str | None
    basis: Private
    valid_from: str
    valid_to: str


@dataclass(frozen=True, kw_only=True)
class TokenMade(Event):
    """A machine was given a key to act in a person's name; the key itself is never told."""

    name = "identity.token_made"
    about = "user_id"

    user_id: UUID
    label: Private


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Event):
    """A machine's key stopped working."""

    name = "identity.token_revoked"
    about = "user_id"

    user_id: UUID
    label: Private
