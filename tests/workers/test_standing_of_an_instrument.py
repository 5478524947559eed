"""In every order of facts and handlers, registry and evidence agree with the facts that stand.

Every act commits, as that of a page does; each delivery comes alone, late, twice or out of order.
"""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from sqlalchemy import select

from lims.bench import service as bench
from lims.bench.models import Result
from lims.certificates import service as certificates
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.events import PlaceEnded, PlaceRevived
from lims.certificates.models import Certificate, CertificatePlace
from lims.customers.events import InstrumentDueSet
from lims.customers.models import Instrument
from lims.eventlog.log import Entry, Head
from lims.kernel import clock, db
from lims.kernel.errors import WrongState
from lims.marks import service as marks
from lims.marks.models import Sticker
from lims.reception.models import Item, Order
from lims.vocabulary import (
    CertificateMode,
    Discipline,
    Outcome,
    ResultState,
    StickerState,
    Validity,
)
from tests import factories
from tests.conftest import NOON
from tests.factories import TODAY
from workers import handler, reactions, sequencing

__all__ = ["reactions"]

FOLLOWING = ("certificates.end_after_fail", "certificates.withdraw_place", "customers.set_due_date")

days_ago = st.integers(0, 4)
rank = st.integers(0, 9)
verdicts = st.sampled_from([Outcome.PASS, Outcome.PASS, Outcome.FAIL])


class Standing(RuleBasedStateMachine):
    """Two instruments that come together on a list, are verified, and what is taken back."""

    def __init__(self, technician_id):
        super().__init__()
        self.technician_id = technician_id
        self.pool, self.delivered, self.taken_back = [], [], set()
        self.now = NOON
        with clock.at(self.now), db.transaction() as session:
            holder, kind = factories.customer(session), factories.instrument_type(session)
            made = [factories.instrument(session, holder, kind) for _ in range(2)]
            self.instrument_ids = [instrument.id for instrument in made]
            self.start = session.scalar(select(Head.position))

    def act(self, act, *arguments, **named):
        """Do it in a transaction of its own, a minute later, and let its facts be sequenced."""
        self.now += timedelta(minutes=1)
        with clock.at(self.now):
            with db.transaction() as session:
                act(session, *arguments, **named)
            sequencing.run_round(self.owe)

    def owe(self, name, positions):
        if name in FOLLOWING:
            self.pool += [(name, position) for position in positions]

    @rule(together=st.booleans(), outcome=verdicts, days=days_ago, certified=st.booleans())
    def verify(self, together, outcome, days, certified):
        """Verify the first instrument, or both on one list of which the second passes."""

        def verify(session):
            ids = self.instrument_ids[: 2 if together else 1]
            registered = [session.get_one(Instrument, key) for key in ids]
            results = factories.done(
                session,
                len(ids),
                fails=int(outcome is Outcome.FAIL),
                registered=registered,
                certificate_mode=CertificateMode.LIST,
            )
            self.sign(session, results, days, certified=certified or together)

        self.act(verify)

    @rule(rank=rank, outcome=verdicts, days=days_ago)
    def verify_again(self, rank, outcome, days):
        """Work on an item again whose result was withdrawn, before the workers know or after."""
        results = self.results()
        busy = {one.item_id for one in results if one.state is not ResultState.WITHDRAWN}
        idle = sorted({one.item_id for one in results} - busy)
        if not idle:
            return

        def verify(session):
            item = session.get_one(Item, idle[rank % len(idle)])
            sheet = factories.sheet(session, session.get_one(Order, item.order_id))
            result = factories.result(
                session, item, sheet, state=ResultState.CHECKED, outcome=outcome, reason="lý do"
            )
            self.sign(session, [result], days, certified=True)

        self.act(verify)

    def sign(self, session, results, days, *, certified):
        for result in results:
            result.performed_on = TODAY - timedelta(days=days)
            if result.outcome is Outcome.PASS:
                marks.reserve(
                    session,
                    self.technician_id,
                    [result.id],
                    discipline=Discipline.VERIFICATION,
                    first=None,
                )
        session.flush()
        sign = certificates.sign if certified else bench.authorise
        sign(session, [result.id for result in results], by="giamdoc")

    @rule(rank=rank)
    def withdraw(self, rank):
        standing = [one.id for one in self.results() if one.state is ResultState.AUTHORISED]
        if standing:
            chosen = standing[-1 - rank % len(standing)]
            self.act(bench.withdraw, chosen, reason="sai", by="giamdoc")

    @rule(rank=rank, replaced=st.booleans())
    def take_back_or_replace(self, rank, replaced):
        """Take a certificate back, or replace it; what was measured stands."""
        ids = sorted({place.certificate_id for place in self.places()})
        if not ids:
            return
        chosen = ids[-1 - rank % len(ids)]
        try:
            if replaced:
                command = SupersedeCertificate(reason="ghi sai", changes={})
                self.act(certificates.supersede, chosen, command, by="giamdoc")
            else:
                self.act(certificates.withdraw, chosen, reason="sai", by="giamdoc")
                self.taken_back.add(chosen)
        except WrongState:
            return

    @rule(rank=st.integers(0, 99))
    def deliver(self, rank):
        """Let one handler do one thing it owes, whichever."""
        if self.pool:
            name, position = self.pool.pop(rank % len(self.pool))
            self.delivered.append((name, position))
            with clock.at(self.now):
                handler.perform(name, [position])
                sequencing.run_round(self.owe)

    @rule(rank=st.integers(0, 99))
    def repeat(self, rank):
        """Let a handler do again what it did, as if its receipt had been lost."""
        if self.delivered:
            name, position = self.delivered[rank % len(self.delivered)]
            reaction = handler.HANDLERS[name]

            def react(session):
                fact = session.get_one(Entry, position).fact()
                reaction.react(session, [fact] if reaction.together else fact)

            self.act(react)

    @rule(rank=st.integers(0, 99))
    def settle(self, rank):
        while self.pool:
            self.deliver(rank)
        self.registry_agrees()
        self.evidence_agrees()
        self.every_change_of_a_place_is_told()
        self.every_due_date_is_told()

    def teardown(self):
        self.settle(0)

    def read(self, query):
        with db.reading() as session:
            return session.scalars(query).all()

    def results(self):
        query = select(Result).join(Item).where(Item.instrument_id.in_(self.instrument_ids))
        return self.read(query.order_by(Result.id))

    def places(self):
        ids = [result.id for result in self.results()]
        query = select(CertificatePlace).where(CertificatePlace.result_id.in_(ids))
        return self.read(query.order_by(CertificatePlace.certificate_id))

    def standing(self, instrument_id):
        """Compute plainly which verdicts on an instrument stand, by day of work."""
        query = select(Result).join(Item).where(Item.instrument_id == instrument_id)
        standing = self.read(query.where(Result.state == ResultState.AUTHORISED))
        return sorted(standing, key=lambda result: (result.performed_on, result.id))

    def registry_agrees(self):
        for key in self.instrument_ids:
            (instrument,) = self.read(select(Instrument).where(Instrument.id == key))
            due = [(one.valid_until, one.id) for one in self.standing(key)]
            assert (instrument.due_on, instrument.due_result_id) == (due or [(None, None)])[-1]

    def evidence_agrees(self):
        places = self.places()
        last = {place.result_id: place for place in places}
        expected = [self.expected(key, last) for key in self.instrument_ids]
        live = [place for place in places if place.validity is Validity.LIVE]
        assert {(one.certificate_id, one.item_id) for one in live} == set(filter(None, expected))
        for result in self.results():
            withdrawn = result.state is ResultState.WITHDRAWN
            if place := last.get(result.id):
                gone = withdrawn or place.certificate_id in self.taken_back
                assert (place.validity is Validity.WITHDRAWN) == gone
            if result.outcome is Outcome.PASS:
                (sticker,) = self.read(select(Sticker).where(Sticker.result_id == result.id))
                assert sticker.state is (StickerState.SPOILED if withdrawn else StickerState.ACTIVE)
        query = select(Certificate).where(Certificate.withdrawn_on.is_not(None))
        for certificate in self.read(query):
            assert certificate.id not in {place.certificate_id for place in live}

    def expected(self, instrument_id, last):
        """Name the place that should hold: of the newest certified pass, unless it failed since."""
        holder = None
        for result in self.standing(instrument_id):
            place = last.get(result.id)
            if result.outcome is Outcome.FAIL:
                holder = None
            elif place is not None:
                gone = place.certificate_id in self.taken_back
                holder = None if gone else (place.certificate_id, place.item_id)
        return holder

    def every_change_of_a_place_is_told(self):
        """Follow the facts: they alone lead to the rows."""
        validities = {}
        for fact in self.facts():
            if isinstance(fact, PlaceEnded | PlaceRevived):
                ended = isinstance(fact, PlaceEnded)
                key = (fact.certificate_id, fact.item_id)
                validities[key] = fact.validity if ended else Validity.LIVE
        for place in self.places():
            key = (place.certificate_id, place.item_id)
            assert place.validity is validities.get(key, Validity.LIVE)

    def every_due_date_is_told(self):
        told = [fact for fact in self.facts() if isinstance(fact, InstrumentDueSet)]
        due = {fact.instrument_id: fact.due_on for fact in told}
        for instrument in self.read(select(Instrument).where(Instrument.id.in_(due))):
            assert instrument.due_on == due[instrument.id]

    def facts(self):
        query = select(Entry).where(Entry.position > self.start).order_by(Entry.position)
        return [entry.fact() for entry in self.read(query)]


@pytest.mark.usefixtures("database")
def test_the_registry_and_evidence_agree_with_the_facts_that_stand_in_every_order_of_facts(request):
    with db.transaction() as session:
        technician = factories.technician(session)
        factories.checker(session)
        factories.signatory(session)
        factories.book(session, technician, last=99_999)
    examples, steps = (60, 40) if request.config.getoption("--full") else (4, 20)

    run_state_machine_as_test(
        lambda: Standing(technician.id),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
