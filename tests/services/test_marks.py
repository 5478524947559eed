"""Stickers: handed out in books, reserved, activated, spoiled, and never used twice."""

import pytest
from sqlalchemy import func, select

from lims.eventlog import log
from lims.eventlog.events import load
from lims.eventlog.log import Outgoing
from lims.kernel.db import new_id, transaction
from lims.kernel.errors import RuleBroken
from lims.marks import queries, service
from lims.marks.commands import HandOutBook
from lims.marks.models import Sticker
from lims.vocabulary import Discipline, Role
from tests import factories
from tests.factories import TODAY

VERIFICATION = Discipline.VERIFICATION


def told(session):
    log.write(session)
    return [
        load(one.name, one.payload)
        for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))
    ]


def results(count):
    return [new_id() for _ in range(count)]


def reserve(session, who, ids, first=None, discipline=VERIFICATION):
    return service.reserve(session, who.id, ids, discipline=discipline, first=first)


@pytest.fixture
def lan(session):
    return factories.user(session, Role.TECHNICIAN, login="lan")


def test_a_book_is_handed_to_a_person_who_answers_for_it(session, lan):
    book = service.hand_out(
        session,
        HandOutBook(holder_id=lan.id, series="26V", first=1, last=500, discipline=VERIFICATION),
        by="chatluong",
    )
    session.flush()

    assert service.book_of(session, lan.id, VERIFICATION) is book
    assert service.book_of(session, lan.id, Discipline.CALIBRATION) is None
    (fact,) = told(session)
    assert (fact.series, fact.first, fact.last, fact.holder) == ("26V", 1, 500, "lan")


@pytest.mark.parametrize(("first", "last"), [(500, 600), (1, 1), (100, 200), (1, 9999)])
def test_a_number_is_handed_out_once_in_a_series(session, lan, first, last):
    hand = {"series": "26V", "discipline": VERIFICATION, "holder_id": lan.id}
    service.hand_out(session, HandOutBook(first=1, last=500, **hand), by="chatluong")
    session.flush()

    with pytest.raises(RuleBroken, match="26V-00001 to 26V-00500"):
        service.hand_out(session, HandOutBook(first=first, last=last, **hand), by="chatluong")

    service.hand_out(session, HandOutBook(first=501, last=600, **hand), by="chatluong")
    service.hand_out(
        session, HandOutBook(first=first, last=last, **hand | {"series": "26H"}), by="chatluong"
    )


def test_a_book_has_its_first_number_before_its_last(session, lan):
    with pytest.raises(RuleBroken, match="before the first"):
        service.hand_out(
            session,
            HandOutBook(holder_id=lan.id, series="26V", first=9, last=8, discipline=VERIFICATION),
            by="x",
        )


def test_forty_results_get_forty_consecutive_stickers(session, lan):
    factories.book(session, lan, series="26V", first=101)
    ids = results(40)

    labels = reserve(session, lan, ids)

    assert list(labels) == ids
    assert list(labels.values())[:2] == ["26V-00101", "26V-00102"]
    assert service.labels(session, ids) == labels
    assert reserve(session, lan, []) == {}


def test_stickers_go_on_in_the_next_book_where_one_ends(session, lan):
    factories.book(session, lan, series="26V", first=8, last=10)
    factories.book(session, lan, series="26X", first=1, last=10)

    labels = reserve(session, lan, results(5))

    assert list(labels.values()) == [
        "26V-00008",
        "26V-00009",
        "26V-00010",
        "26X-00001",
        "26X-00002",
    ]


def test_the_first_number_on_the_roll_may_be_named(session, lan):
    factories.book(session, lan, series="26V", first=1, last=100)
    other = factories.book(session, lan, series="26X", first=201, last=300)

    labels = reserve(session, lan, results(2), first=205)

    assert list(labels.values()) == ["26X-00205", "26X-00206"]
    assert other.next == 207
    with pytest.raises(RuleBroken, match="not free"):
        reserve(session, lan, results(1), first=205)


def test_a_person_without_enough_stickers_is_told_whom_to_ask(session, lan):
    factories.book(session, lan, last=3)

    with pytest.raises(RuleBroken, match="hand out another book") as refusal:
        reserve(session, lan, results(4))

    assert refusal.value.values == {"count": 4, "left": 3}
    with pytest.raises(RuleBroken, match="hand out another book"):
        reserve(session, lan, results(1), discipline=Discipline.CALIBRATION, first=1)


def test_authorisation_brings_the_reserved_stickers_into_force_once(session, lan):
    factories.book(session, lan, series="26V")
    ids = results(3)
    reserve(session, lan, ids)
    without = new_id()

    service.activate(session, [*ids, without], on=TODAY, by="giamdoc")
    service.activate(session, ids, on=TODAY, by="giamdoc")

    facts = told(session)
    assert {fact.result_id for fact in facts} == set(ids)
    assert [fact.name for fact in facts] == ["marks.stickers_activated"] * 3


def test_a_spoiled_sticker_leaves_its_result_free_for_another(session, lan):
    factories.book(session, lan, series="26V")
    (one,) = results(1)
    reserve(session, lan, [one])

    service.spoil(session, [one], reason="rách", on=TODAY, by="lan")
    session.flush()
    assert service.labels(session, [one]) == {}
    again = reserve(session, lan, [one])

    assert again == {one: "26V-00002"}
    assert [fact.sticker for fact in told(session)] == ["26V-00001"]


def test_the_stock_says_what_became_of_each_number(session, lan):
    factories.book(session, lan, series="26V", last=100)
    ids = results(6)
    reserve(session, lan, ids[:4])
    reserve(session, lan, ids[4:], first=10)
    service.activate(session, ids[:3], on=TODAY, by="giamdoc")
    service.spoil(session, ids[:1], reason="rách", on=TODAY, by="lan")
    session.flush()

    (stock,) = queries.books(session, holder_id=lan.id)

    assert (stock.active, stock.reserved, stock.spoiled, stock.book.left) == (2, 3, 6, 89)
    assert stock.holder is lan
    assert queries.books(session, after=stock.book.id) == []


def test_no_number_is_given_twice_to_a_thousand_results(database):
    with transaction() as session:
        lan = factories.user(session, Role.TECHNICIAN, login="lan")
        factories.book(session, lan, last=1000)
    ids = results(1000)

    with transaction() as session:
        reserve(session, lan, ids)
    with transaction() as session:
        service.activate(session, ids, on=TODAY, by="giamdoc")

    with transaction() as session:
        distinct = select(func.count(func.distinct(Sticker.number)))
        assert session.scalar(distinct) == 1000
