"""Counted again, never added to: the cells are always the sums of their lines."""

from datetime import date

import pytest
from sqlalchemy import select, update

from lims.eventlog import log, projections
from lims.kernel.db import new_id, reading, transaction
from lims.reception.events import ItemReceived
from lims.tallies.fold import COUNTS
from lims.tallies.models import CountCell, CountLine
from lims.vocabulary import Discipline, Field
from tests.factories import TODAY
from workers import sequencing

pytestmark = pytest.mark.usefixtures("database")


def receive(count, on=TODAY, area="rach-gia"):
    with transaction() as session:
        for _ in range(count):
            fact = ItemReceived(
                item_id=new_id(),
                order_id=new_id(),
                contract_id=None,
                instrument_id=None,
                discipline=Discipline.VERIFICATION,
                field=Field.MASS,
                area=area,
                units=2,
                on=on,
            )
            log.append(session, fact, by="lan")


def follow():
    sequencing.run_round(lambda *_: None)
    while sequencing.follow(COUNTS):
        pass


def cells():
    with reading() as session:
        return {(one.day, one.area): one.amount for one in session.scalars(select(CountCell))}


def test_a_cell_is_the_sum_of_the_lines_of_its_day():
    receive(3)
    follow()
    receive(1)
    receive(1, on=date(2026, 3, 4))
    receive(1, area="phu-quoc")
    follow()

    assert cells() == {
        (TODAY, "rach-gia"): 8,
        (date(2026, 3, 4), "rach-gia"): 2,
        (TODAY, "phu-quoc"): 2,
    }


def test_following_twice_counts_once():
    receive(2)
    follow()
    follow()

    assert cells() == {(TODAY, "rach-gia"): 4}


def test_rebuilding_gives_the_same_numbers():
    receive(5)
    follow()
    live = cells()

    with transaction() as session:
        projections.rebuild(session, COUNTS)

    assert cells() == live
    with reading() as session:
        assert projections.differences(session, COUNTS) == []


@pytest.mark.parametrize("table", [CountCell, CountLine])
def test_a_number_changed_behind_the_back_is_named(table):
    receive(2)
    follow()
    with transaction() as session:
        session.execute(update(table).values(amount=99))

    with reading() as session:
        found = projections.differences(session, COUNTS)

    assert found
    assert all("live 99" in one or "live None" in one or "log None" in one for one in found)
