"""Whatever is done in whatever order, item and result agree and two people stand behind each."""

from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from lims.bench import service
from lims.bench.commands import RecordSheet
from lims.bench.models import Result
from lims.eventlog import log
from lims.kernel import clock, db
from lims.kernel.errors import LabError
from lims.marks.models import Sticker
from lims.reception import service as reception
from lims.reception.models import Item
from lims.vocabulary import Act, Discipline, ItemState, Outcome, Place, ResultState, Role
from tests import factories
from tests.conftest import NOON

PEOPLE = ("lan", "minh", "hai")
ITEMS = 3

people = st.sampled_from(PEOPLE)
some = st.sets(st.integers(0, ITEMS - 1), min_size=1).map(sorted)
one = st.integers(0, ITEMS - 1)
outcomes = st.sampled_from([Outcome.PASS, Outcome.FAIL, Outcome.NOT_PERFORMED])

OF_ITEM = {
    ResultState.DRAFT: {ItemState.RECORDED},
    ResultState.SUBMITTED: {ItemState.SUBMITTED},
    ResultState.CHECKED: {ItemState.CHECKED},
    ResultState.AUTHORISED: {
        ItemState.AUTHORISED,
        ItemState.NOT_PERFORMED,
        ItemState.HANDED_OVER,
    },
}


class Bench(RuleBasedStateMachine):
    """Three people who may do everything, three items, and every act at any time."""

    def __init__(self):
        super().__init__()
        self.open = ExitStack()
        self.open.enter_context(clock.at(NOON))
        self.session = self.open.enter_context(db.transaction())
        what = factories.service(self.session)
        self.order = factories.order(self.session)
        self.items = [factories.item(self.session, self.order, what) for _ in range(ITEMS)]
        self.method, self.standard = what.method_id, factories.standard(self.session)
        for login in PEOPLE:
            who = factories.user(self.session, Role.TECHNICIAN, login=login)
            for act in Act:
                factories.competence(self.session, who, act, Discipline.VERIFICATION)
            factories.book(self.session, who)

    def teardown(self):
        self.session.rollback()
        self.open.close()

    def attempt(self, act, *args, **said):
        """Do it, or leave everything as it was."""
        try:
            log.write(self.session)  # what was appended before is not forgotten with it
            with self.session.begin_nested():
                act(self.session, *args, **said)
        except LabError:
            pass

    def results(self):
        return list(self.session.scalars(select(Result).order_by(Result.id)))

    def result_of(self, which):
        found = [one for one in self.results() if one.item_id == self.items[which].id]
        return found[-1] if found else None

    def chosen(self, which):
        """Name the newest results of some items."""
        newest = {result.item_id: result.id for result in self.results()}
        return [newest[item.id] for item in (self.items[n] for n in which) if item.id in newest]

    @initialize(steps=st.lists(one, min_size=ITEMS, max_size=ITEMS * 5))
    def begin(self, steps):
        """Begin anywhere."""
        for which in steps:
            self.go_on(which)

    @rule(which=some, outcome=outcomes, by=people)
    def record(self, which, outcome, by):
        ids = [self.items[n].id for n in which]
        self.attempt(
            service.record,
            self.order.id,
            RecordSheet(
                method_id=self.method,
                standard_ids=[self.standard.id],
                performed_on=factories.TODAY,
                place=Place.SITE,
                outcomes=dict.fromkeys(ids, Outcome.PASS) | {ids[0]: outcome},
                reasons={ids[0]: "lý do"},
            ),
            by=by,
        )

    @rule(which=some, by=people)
    def submit(self, which, by):
        self.attempt(service.submit, self.chosen(which), by=by)

    @rule(which=some, by=people)
    def check(self, which, by):
        self.attempt(service.check, self.chosen(which), by=by)

    @rule(which=some, by=people)
    def authorise(self, which, by):
        self.attempt(service.authorise, self.chosen(which), by=by)

    @rule(which=one)
    def go_on(self, which):
        """Take one step as it should be, so that every state is reached."""
        result = self.result_of(which)
        state = result.state if result else ResultState.WITHDRAWN
        if state is ResultState.WITHDRAWN:
            self.record([which], Outcome.FAIL, "lan")
        elif state is ResultState.DRAFT:
            self.submit([which], result.performed_by)
        elif state in (ResultState.SUBMITTED, ResultState.CHECKED):
            other = next(who for who in PEOPLE if who != result.performed_by)
            act = self.check if state is ResultState.SUBMITTED else self.authorise
            act([which], other)

    @rule(which=one, by=people)
    def send_back(self, which, by):
        for result_id in self.chosen([which]):
            self.attempt(service.send_back, result_id, reason="xem lại", by=by)

    @rule(which=one, by=people)
    def withdraw(self, which, by):
        for result_id in self.chosen([which]):
            self.attempt(service.withdraw, result_id, reason="sai", by=by)

    @rule(which=one)
    def hand_over(self, which):
        self.attempt(reception.hand_over_items, [self.items[which]], to="chủ", by="tiepnhan")

    @invariant()
    def item_and_result_agree(self):
        live = [one for one in self.results() if one.state is not ResultState.WITHDRAWN]
        by_item = {one.item_id: one for one in live}
        assert len(by_item) == len(live)
        for item in self.session.scalars(select(Item).where(Item.order_id == self.order.id)):
            result = by_item.get(item.id)
            if result is None:
                assert item.state in {ItemState.RECEIVED, ItemState.HANDED_OVER}
            else:
                assert item.state in OF_ITEM[result.state]
                undone = result.outcome is Outcome.NOT_PERFORMED
                assert item.state is not ItemState.AUTHORISED or not undone

    @invariant()
    def nobody_checks_or_signs_their_own_work(self):
        for result in self.results():
            assert result.performed_by not in (result.checked_by, result.authorised_by)
            checked = result.state not in (ResultState.DRAFT, ResultState.SUBMITTED)
            assert checked == (result.checked_by is not None)
            signed = result.state in (ResultState.AUTHORISED, ResultState.WITHDRAWN)
            assert signed == (result.authorised_by is not None) == (result.minutes_id is not None)

    @invariant()
    def a_sticker_is_in_force_only_with_its_result(self):
        states = {one.id: one for one in self.results()}
        for sticker in self.session.scalars(select(Sticker).where(Sticker.state != "spoiled")):
            result = states[sticker.result_id]
            assert result.outcome is Outcome.PASS
            assert (sticker.state == "active") == (result.state is ResultState.AUTHORISED)


@pytest.mark.usefixtures("database")
def test_whatever_is_done_in_whatever_order_the_bench_stays_consistent():
    run_state_machine_as_test(
        Bench,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
