"""The chain: dense positions, hashes that cover what came before, triggers that refuse."""

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from lims.eventlog import chain, log
from lims.eventlog.log import Delivery, Entry, Outgoing
from lims.identity.events import UserDisabled
from lims.kernel.db import new_id, reading, transaction
from tests import databases
from tests.factories import TODAY


def tell(count):
    with transaction() as session:
        for _ in range(count):
            log.append(session, UserDisabled(user_id=new_id(), login="lan", on=TODAY), by="admin")


def advance():
    with transaction() as session:
        return chain.advance(session, lambda _name: ["one", "two"])


def test_facts_get_dense_positions_in_the_order_they_were_told(database):
    tell(3)
    tell(2)

    assert advance() == 5

    with reading() as session:
        assert session.scalars(select(Entry.position).order_by(Entry.position)).all() == [
            1,
            2,
            3,
            4,
            5,
        ]
        assert session.scalar(select(func.count()).select_from(Outgoing)) == 0
        assert session.scalar(select(func.count()).select_from(Delivery)) == 10
        assert chain.verify(session) == 5


def test_a_refused_act_tells_nothing(database):
    with pytest.raises(RuntimeError), transaction() as session:
        log.append(session, UserDisabled(user_id=new_id(), login="lan", on=TODAY), by="admin")
        raise RuntimeError

    assert advance() == 0


@pytest.mark.parametrize(
    "change",
    [
        update(Entry).values(payload="{}"),
        delete(Entry),
        delete(Outgoing),
        update(Outgoing).values(payload="{}"),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_told(database, change):
    tell(1)
    advance()
    tell(1)

    with (
        pytest.raises(DBAPIError, match="only grows|never changed|not in the log"),
        transaction() as session,
    ):
        session.execute(change)


def test_nothing_is_written_at_or_below_the_last_position(database):
    tell(2)
    advance()
    with reading() as session:
        row = dict(session.execute(select(*Entry.__table__.columns)).mappings().first())

    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(insert(Entry).prefix_with("OR REPLACE", dialect="sqlite"), [row])


def test_one_changed_byte_behind_the_back_is_found_and_its_position_named(database):
    tell(7)
    advance()
    with transaction() as session:
        databases.stand_aside(session, "event_log_no_update")
        session.execute(
            text("UPDATE event_log SET payload = replace(payload, 'lan', 'lam') WHERE position = 4")
        )

    with reading() as session:
        assert chain.verify(session) == chain.Fault(4, "changed")
