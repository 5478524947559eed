"""People, what they may do, and the keys machines use in their name."""

import unicodedata
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lims.identity.events import CompetenceGranted, UserChanged, UserDisabled
from lims.kernel.db import Base, new_id
from lims.kernel.errors import WrongState
from lims.vocabulary import Act, Discipline, Field, Role


def fold_login(login: str) -> str:
    """Write a login as it is kept: in small letters, whatever a telephone capitalises."""
    return unicodedata.normalize("NFC", login).strip().lower()


class User(Base):
    """A person with a login. `epoch` rises when old sessions must end."""

    __tablename__ = "person"

    login: Mapped[str] = mapped_column(unique=True)
    """In small letters, so that no two differ by capitals only: see `fold_login`."""

    full_name: Mapped[str]
    password: Mapped[str]
    """The argon2 hash."""

    role_list: Mapped[list[Any]] = mapped_column(default_factory=list)
    title: Mapped[str] = mapped_column(default="")
    """Chức danh, as printed under a signature."""

    locale: Mapped[str] = mapped_column(default="vi")
    active: Mapped[bool] = mapped_column(default=True)
    epoch: Mapped[int] = mapped_column(default=1)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def roles(self) -> frozenset[Role]:
        """Return what the person is trusted with."""
        return frozenset(Role(role) for role in self.role_list)

    def disable(self, on: date) -> UserDisabled:
        """End the person's access, at once and everywhere."""
        if not self.active:
            raise WrongState("%(login)s is disabled already.", login=self.login)
        self.active = False
        self.epoch += 1
        return UserDisabled(user_id=self.id, login=self.login, on=on)

    def change_password(self, hashed: str, on: date) -> UserChanged:
        """Set another password; sessions begun with the old one end."""
        self.password = hashed
        self.epoch += 1
        return UserChanged(user_id=self.id, login=self.login, what="password", on=on)


class Competence(Base):
    """An authorisation: card, title or dated delegation (ISO/IEC 17025:2017, 6.2.6; TT 24/2013)."""

    __tablename__ = "competence"
    __table_args__ = (Index("ix__competence__user", "user_id", "act", "discipline"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    act: Mapped[Act]
    discipline: Mapped[Discipline]
    basis: Mapped[str]
    """The number of the inspector's card, or of the decision that delegates the signature."""

    valid_from: Mapped[date]
    valid_to: Mapped[date]
    field: Mapped[Field | None] = mapped_column(default=None)
    """None: every field."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    def covers(self, field: Field | None, on: date) -> bool:
        """Tell whether it holds for a field on a day."""
        return self.valid_from <= on <= self.valid_to and self.field in (None, field)

    def granted(self, on: date) -> CompetenceGranted:
        """Tell that it was given."""
        return CompetenceGranted(
            user_id=self.user_id,
            act=self.act,
            discipline=self.discipline,
            field=self.field,
            basis=self.basis,
            valid_from=self.valid_from.isoformat(),
            valid_to=self.valid_to.isoformat(),
            on=on,
        )


class Token(Base):
    """A machine's key, kept as its SHA-256."""

    __tablename__ = "api_token"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    label: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


class Throttle(Base):
    """Failed sign-ins of late, by login or by address."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    until: Mapped[datetime]
