"""What is asked about people, typed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from lims.vocabulary import Act, Discipline, Field, Role


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Who says they are whom; `next` is the page they came from."""

    name: str
    password: str
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class AddUser:
    """Give a person a login."""

    login: str
    full_name: str
    password: str
    roles: Collection[Role]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangeUser:
    """Give a person another name, title or other roles."""

    full_name: str
    roles: Collection[Role]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class SetPassword:
    """Set a person's password."""

    password: str


@dataclass(frozen=True, kw_only=True)
class MakeToken:
    """Make a key for a machine; the label says what it is for."""

    label: str


@dataclass(frozen=True, kw_only=True)
class GrantCompetence:
    """Authorise a person for an act (ISO/IEC 17025:2017, 6.2.6)."""

    user_id: UUID
    act: Act
    discipline: Discipline
    basis: str
    valid_from: date
    valid_to: date
    field: Field | None = None
