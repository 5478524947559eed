"""Keep logins in small letters, wherever a row names a person by login.

Why: a telephone writes `TiepNhan` for `tiepnhan`; whoever typed that was refused.
Locks: the rows of people whose login has capitals, and the rows that name them.
Back: nothing to do; logins in small letters are as good below.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261127_2240"
down_revision = "20261127_2150"

NAMING = (
    ("certificate", "signed_by"),
    ("order", "received_by"),
    ("indicator_count", "counted_by"),
    ("closed_period", "closed_by"),
    ("payment", "received_by"),
    ("sheet", "performed_by"),
    ("result", "performed_by"),
    ("result", "checked_by"),
    ("result", "authorised_by"),
    ("person", "login"),
)
"""The columns that hold a login."""


def upgrade() -> None:
    for before, after in _spelled(op.get_bind()).items():
        for name, column in NAMING:
            rows = sa.table(name, sa.column(column))
            change = rows.update().where(rows.c[column] == before).values({column: after})
            op.execute(change)


def downgrade() -> None:
    pass


def _spelled(connection: sa.Connection) -> dict[str, str]:
    """Return the new spelling of each login that changes.

    Of logins that differ by capitals only, those after the first get a number.
    """
    person = sa.table("person", sa.column("login"), sa.column("id"))
    logins = connection.scalars(sa.select(person.c.login).order_by(person.c.id)).all()
    taken = {login for login in logins if login == login.strip().lower()}
    spelled = {}
    for login in logins:
        if login not in taken:
            spelled[login] = _free(login.strip().lower(), taken)
            taken.add(spelled[login])
    return spelled


def _free(login: str, taken: set[str]) -> str:
    number, free = 1, login
    while free in taken:
        number += 1
        free = f"{login}{number}"
    return free
