"""What people wrote stands outside the log: the fact proves it, and it can be erased."""

import hashlib
import json

import pytest
from sqlalchemy import select

from lims.eventlog import log, private
from lims.eventlog.history import history
from lims.eventlog.log import Outgoing
from lims.eventlog.private import PrivateValue
from lims.kernel.db import new_id, reading, transaction
from lims.reception.events import ItemCancelled, ItemHandedOver
from lims.vocabulary import Discipline, Field
from tests.factories import TODAY
from tests.services.changes import as_if_never

REASON = "Bà Lan, 0912 345 678, đòi lại"


def cancelled(reason):
    return ItemCancelled(
        item_id=new_id(),
        order_id=new_id(),
        discipline=Discipline.VERIFICATION,
        field=Field.MASS,
        area="",
        units=1,
        reason=reason,
        on=TODAY,
    )


def test_a_fact_holds_the_id_and_the_hash_of_what_was_written_and_not_the_words(session):
    fact = cancelled(REASON)
    log.append(session, fact, by="lan")
    log.write(session)

    (kept,) = session.scalars(select(PrivateValue))
    (row,) = session.scalars(select(Outgoing))
    _, key, digest = json.loads(row.payload)["reason"].split(":")
    assert "Lan" not in row.payload
    assert (key, kept.text) == (str(kept.id), REASON)
    assert digest == hashlib.sha256(f"{kept.salt}{REASON}".encode()).hexdigest()


def test_a_history_puts_the_words_back(session):
    fact, other = cancelled(REASON), cancelled("")
    handed_over = ItemHandedOver(item_id=fact.item_id, order_id=new_id(), to="Bà Lan", on=TODAY)
    log.append(session, fact, other, handed_over, by="lan")
    log.write(session)

    entries = history(session, fact.item_id, other.item_id)

    assert {entry.fact for entry in entries} == {fact, other, handed_over}


def test_a_fact_written_before_still_says_its_words(session):
    fact = cancelled(REASON)

    assert private.restore(session, [fact]) == [fact]
    assert private.reveal(session, REASON) == REASON


def test_what_was_erased_is_blank(session):
    fact = cancelled(REASON)
    log.append(session, fact, by="lan")
    log.write(session)
    as_if_never(session, session.scalars(select(PrivateValue)).one())

    (entry,) = history(session, fact.item_id)

    assert entry.fact.reason == ""


def test_facts_that_are_rolled_back_leave_no_words_behind(database):
    with pytest.raises(RuntimeError), transaction() as session:
        log.append(session, cancelled(REASON), by="lan")
        raise RuntimeError("the power went")
    with transaction() as session:
        log.append(session, cancelled(""), by="lan")

    with reading() as session:
        assert session.scalars(select(PrivateValue)).all() == []
