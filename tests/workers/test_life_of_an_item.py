"""Whatever is done to items in whatever order, rows, facts, numbers, counts and money agree.

Every act commits, as that of a page does; the workers come when they come.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

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
from sqlalchemy import func, select

from lims.bench import events as bench_events
from lims.bench import service as bench
from lims.bench.commands import RecordSheet
from lims.bench.models import Minutes, Result
from lims.billing import service as billing
from lims.billing.commands import DraftInvoice, HandOverItems, TakePayment
from lims.billing.models import Allocation, Charge, Invoice, Payment
from lims.catalogue.models import Price
from lims.certificates import service as certificates
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.models import LIVE, Certificate, CertificatePlace
from lims.certificates.signing import replacing
from lims.eventlog.log import Delivery, Entry, Head
from lims.kernel import clock, db
from lims.kernel.errors import LabError
from lims.kernel.money import vat
from lims.marks.models import Sticker
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.events import ItemCancelled, ItemHandedOver, ItemReceived
from lims.reception.models import FOLLOWS, Item, Order
from lims.tallies.models import CountCell
from lims.vocabulary import (
    Act,
    CertificateMode,
    ChargeState,
    Discipline,
    InvoiceState,
    ItemState,
    Measure,
    Outcome,
    PaymentMeans,
    Place,
    ResultState,
    Role,
)
from tests import factories
from tests.conftest import NOON
from tests.factories import LONG_AGO, TODAY
from workers import handler, sequencing
from workers.reactions import PROJECTIONS

PEOPLE = ("lan", "minh", "hai")
SERIALS = ("A1", "B2", "C3")
RISE = TODAY + timedelta(days=5)
"""From this day on the work costs more, and what failed costs nothing."""

VAT = Decimal("0.05")

people = st.sampled_from(PEOPLE)
modes = st.sampled_from(CertificateMode)
orders = st.integers(0, 3)
lines = st.sets(st.integers(0, len(SERIALS) - 1), min_size=1).map(sorted)
rank = st.integers(0, 5)
days_ago = st.sampled_from([0, 0, 0, 1, 6, -1])
outcomes = st.sampled_from([Outcome.PASS, Outcome.FAIL, Outcome.NOT_PERFORMED])

AFTER = {
    ItemReceived: ItemState.RECEIVED,
    bench_events.ResultRecorded: ItemState.RECORDED,
    bench_events.ResultChanged: ItemState.RECORDED,
    bench_events.ResultSubmitted: ItemState.SUBMITTED,
    bench_events.ResultChecked: ItemState.CHECKED,
    bench_events.ResultSentBack: ItemState.RECORDED,
    bench_events.ResultAuthorised: ItemState.AUTHORISED,
    bench_events.ResultWithdrawn: ItemState.RECEIVED,
    ItemCancelled: ItemState.CANCELLED,
    ItemHandedOver: ItemState.HANDED_OVER,
}
"""Where a fact leaves its item."""

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
WITH_INVOICE = {
    ChargeState.EARNED: {None, InvoiceState.DRAFT},
    ChargeState.INVOICED: {InvoiceState.ISSUED},
    ChargeState.CANCELLED: {None},
}
CHANGING = (Order, Item, Result, Minutes, Sticker, Certificate, CertificatePlace)
CHANGING += (Charge, Invoice, Payment, Allocation)


def price_on(day):
    """Return what the work costs, and whether what failed is charged."""
    return (35_000, False) if day >= RISE else (30_000, True)


def is_owed(result):
    _, charged_on_fail = price_on(result.performed_on)
    return result.outcome is Outcome.PASS or (result.outcome is Outcome.FAIL and charged_on_fail)


def state_after(fact, before):
    if isinstance(fact, bench_events.ResultAuthorised):
        undone = fact.outcome is Outcome.NOT_PERFORMED
        return ItemState.NOT_PERFORMED if undone else ItemState.AUTHORISED
    if isinstance(fact, bench_events.ResultWithdrawn) and before is ItemState.HANDED_OVER:
        return before
    return AFTER[type(fact)]


@dataclass(frozen=True)
class Centre:
    """Three people who may do everything, and one thing that they do."""

    service_id: UUID
    type_id: UUID
    method_id: UUID
    standard_id: UUID


def open_centre(session):
    factories.books(session)
    service = factories.service(session)
    amount, charged_on_fail = price_on(RISE)
    factories.save(
        session,
        Price(
            service_id=service.id,
            valid_from=RISE,
            amount=amount,
            vat_rate=VAT,
            source="QĐ giá thử",
            charged_on_fail=charged_on_fail,
        ),
    )
    for login in PEOPLE:
        person = factories.user(session, Role.SIGNATORY, login=login)
        for act in Act:
            factories.competence(session, person, act, Discipline.VERIFICATION)
        factories.book(session, person)
    standard = factories.standard(session, calibrated_on=LONG_AGO)
    return Centre(service.id, service.type_id, service.method_id, standard.id)


class Life(RuleBasedStateMachine):
    """One customer's orders for the same three instruments, and every act at any time."""

    def __init__(self, centre):
        super().__init__()
        self.centre, self.now = centre, NOON
        self.messages = []
        self.orders = []
        self.states = {}
        self.settled = self.changed = False
        with clock.at(self.now), db.transaction() as session:
            self.customer_id = factories.customer(session).id
            self.position = session.scalar(select(Head.position))

    @property
    def today(self):
        return self.now.astimezone(clock.LAB).date()

    def attempt(self, act, *arguments, **named):
        """Do it, or leave every row as it was; then let the sequencer have a round."""
        before = self.rows()
        try:
            with clock.at(self.now), db.transaction() as session:
                act(session, *arguments, **named)
        except LabError:
            assert self.rows() == before
            return
        self.settled, self.changed = False, True
        self.sequence()

    def sequence(self):
        with clock.at(self.now):
            return sequencing.run_round(lambda *message: self.messages.append(message))

    def rows(self):
        with db.reading() as session:
            return [session.execute(select(table.__table__)).all() for table in CHANGING]

    def mine(self, model):
        """Read the rows of a kind that belong to the customer's orders, oldest first."""
        query = {
            Item: select(Item).where(Item.order_id.in_(self.orders)),
            Result: select(Result).join(Item).where(Item.order_id.in_(self.orders)),
            Certificate: select(Certificate).where(Certificate.order_id.in_(self.orders)),
            Charge: select(Charge).where(Charge.payer_id == self.customer_id),
            Invoice: select(Invoice).where(Invoice.buyer_id == self.customer_id),
            Payment: select(Payment).where(Payment.payer_id == self.customer_id),
        }[model]
        with db.reading() as session:
            return list(session.scalars(query.order_by(model.id)))

    def pick(self, model, rank, *states):
        """Choose one of the customer's, the newest first; in one of the states if there is any."""
        rows = self.mine(model)
        rows = [row for row in rows if states and row.state in states] or rows
        return rows[-1 - rank % len(rows)] if rows else None

    def items_of(self, order, lines):
        order_id = self.orders[order % len(self.orders)]
        items = [item for item in self.mine(Item) if item.order_id == order_id]
        return order_id, list(dict.fromkeys(items[line % len(items)].id for line in lines))

    def results_of(self, order, lines):
        """Name the newest results of some items."""
        newest = {result.item_id: result.id for result in self.mine(Result)}
        return [newest[key] for key in self.items_of(order, lines)[1] if key in newest]

    @initialize(mode=modes, depths=st.tuples(*[st.integers(0, 6)] * len(SERIALS)))
    def begin(self, mode, depths):
        """Begin anywhere: each item as far as it may be."""
        self.receive(list(range(len(SERIALS))), mode)
        for line, depth in enumerate(depths):
            for _ in range(depth):
                self.go_on(0, [line])

    @rule(brought=lines, mode=modes)
    def receive(self, brought, mode):
        items = [
            NewItem(service_id=self.centre.service_id, serial=SERIALS[line]) for line in brought
        ]
        command = ReceiveOrder(
            requester_id=self.customer_id, place=Place.SITE, certificate_mode=mode, items=items
        )
        self.attempt(reception.receive, command, by="tiepnhan")
        with db.reading() as session:
            query = select(Order.id).where(Order.requester_id == self.customer_id)
            self.orders = list(session.scalars(query.order_by(Order.id)))

    @rule(order=orders, lines=lines, outcome=outcomes, days=days_ago, by=people)
    def record(self, order, lines, outcome, days, by):
        order_id, ids = self.items_of(order, lines)
        command = RecordSheet(
            method_id=self.centre.method_id,
            standard_ids=[self.centre.standard_id],
            performed_on=self.today - timedelta(days=days),
            place=Place.SITE,
            outcomes=dict.fromkeys(ids, Outcome.PASS) | {ids[0]: outcome},
            reasons={ids[0]: "lý do"},
        )
        self.attempt(bench.record, order_id, command, by=by)

    @rule(order=orders, lines=lines, by=people)
    def submit(self, order, lines, by):
        self.attempt(bench.submit, self.results_of(order, lines), by=by)

    @rule(order=orders, lines=lines, by=people)
    def check(self, order, lines, by):
        self.attempt(bench.check, self.results_of(order, lines), by=by)

    @rule(order=orders, lines=lines, by=people)
    def sign(self, order, lines, by):
        self.attempt(certificates.sign, self.results_of(order, lines), by=by)

    @rule(order=orders, lines=lines)
    def go_on(self, order, lines):
        """Take one step as it should be, so that every state is reached."""
        order_id, ids = self.items_of(order, lines[:1])
        (item,) = (item for item in self.mine(Item) if item.id == ids[0])
        author = next(
            (result.performed_by for result in self.mine(Result) if result.item_id == item.id),
            "lan",
        )
        other = next(login for login in PEOPLE if login != author)
        if item.state is ItemState.RECEIVED:
            self.record(order, lines[:1], Outcome.PASS, 0, author)
        elif item.state is ItemState.RECORDED:
            self.submit(order, lines[:1], author)
        elif item.state is ItemState.SUBMITTED:
            self.check(order, lines[:1], other)
        elif item.state is ItemState.CHECKED:
            self.sign(order, lines[:1], other)
        else:
            self.settle_account(order_id)

    def settle_account(self, order_id):
        """Take one step from the charges of an order to its return."""
        self.react()
        invoice = self.pick(Invoice, 0)
        charges = self.mine(Charge)
        if any(charge.state is ChargeState.EARNED and not charge.invoice_id for charge in charges):
            command = DraftInvoice(buyer_id=self.customer_id, order_id=order_id)
            self.attempt(billing.draft_invoice, command, by="ketoan")
        elif invoice and invoice.state is InvoiceState.DRAFT:
            self.issue(0)
        elif invoice and invoice.open:
            self.pay_invoice(0, 1, 0)
        else:
            self.attempt(billing.hand_over, order_id, HandOverItems(to="chủ"), by="tiepnhan")

    @rule(rank=rank, by=people)
    def send_back(self, rank, by):
        if result := self.pick(Result, rank, ResultState.SUBMITTED, ResultState.CHECKED):
            self.attempt(bench.send_back, result.id, reason="xem lại", by=by)

    @rule(rank=rank, waited=st.booleans(), by=people)
    def withdraw(self, rank, waited, by):
        """Take a result back, after the workers have charged it or before."""
        if waited:
            self.react()
        if result := self.pick(Result, rank, ResultState.AUTHORISED):
            self.attempt(bench.withdraw, result.id, reason="sai", by=by)

    @rule(rank=rank)
    def cancel(self, rank):
        item = self.pick(Item, rank, ItemState.RECEIVED)
        self.attempt(reception.cancel_item, item.id, reason="khách rút", by="tiepnhan")

    @rule(order=orders)
    def hand_over(self, order):
        order_id, _ = self.items_of(order, [0])
        self.attempt(billing.hand_over, order_id, HandOverItems(to="chủ"), by="tiepnhan")

    @rule(rank=rank, by=people)
    def take_certificate_back(self, rank, by):
        if certificate := self.pick(Certificate, rank):
            self.attempt(certificates.withdraw, certificate.id, reason="in nhầm", by=by)

    @rule(rank=rank, by=people)
    def replace_certificate(self, rank, by):
        if certificate := self.pick(Certificate, rank):
            with db.reading() as session:
                document = replacing.document_of(session, certificate)
            place, _, words = replacing.correctable(document.content())[0]
            command = SupersedeCertificate(reason="ghi sai", changes={place: f"{words} *"})
            self.attempt(certificates.supersede, certificate.id, command, by=by)

    @rule(order=st.none() | orders, waited=st.booleans(), kept=st.booleans())
    def draft(self, order, waited, kept):
        """Draft what is charged, after the workers or before; and perhaps think better of it."""
        if waited:
            self.react()
        order_id = None if order is None else self.items_of(order, [0])[0]
        command = DraftInvoice(buyer_id=self.customer_id, order_id=order_id)
        self.attempt(billing.draft_invoice, command, by="ketoan")
        if not kept:
            self.discard(0)

    @rule(rank=rank)
    def discard(self, rank):
        if invoice := self.pick(Invoice, rank, InvoiceState.DRAFT):
            self.attempt(billing.discard, invoice.id, by="ketoan")

    @rule(rank=rank)
    def issue(self, rank):
        if invoice := self.pick(Invoice, rank, InvoiceState.DRAFT):
            self.attempt(billing.issue, invoice.id, by="ketoan")

    def payment(self, amount, days, **target):
        return TakePayment(
            amount=amount,
            means=PaymentMeans.CASH,
            received_on=self.today - timedelta(days=days),
            **target,
        )

    @rule(rank=rank, parts=st.integers(1, 2), days=days_ago)
    def pay_invoice(self, rank, parts, days):
        if invoice := self.pick(Invoice, rank, InvoiceState.ISSUED):
            command = self.payment(invoice.open // parts, days, invoice_id=invoice.id)
            self.attempt(billing.pay, command, by="ketoan")

    @rule(order=orders, amount=st.sampled_from([10_000, 31_500, 94_500]), days=days_ago)
    def pay_ahead(self, order, amount, days):
        command = self.payment(amount, days, order_id=self.items_of(order, [0])[0])
        self.attempt(billing.pay, command, by="ketoan")

    @rule(days=st.integers(1, 4))
    def let_days_pass(self, days):
        self.now += timedelta(days=days)

    @rule()
    def react(self):
        """Let the workers do what they owe, apart from printing."""
        while self.messages or self.sequence():
            name, positions = self.messages.pop(0) if self.messages else (None, ())
            if name and handler.HANDLERS[name].queue != "documents":
                with clock.at(self.now):
                    handler.perform(name, positions)
        for projection in PROJECTIONS:
            sequencing.follow(projection)
        self.settled = self.changed = True

    @invariant()
    def everything_agrees(self):
        """Look only after something was done: a refusal changed nothing."""
        if self.changed:
            self.changed = False
            for check in CHECKS:
                check(self)

    def every_item_stands_where_its_facts_leave_it(self):
        with db.reading() as session:
            query = select(Entry).where(Entry.position > self.position).order_by(Entry.position)
            entries = session.scalars(query).all()
        for entry in entries:
            self.position, fact = entry.position, entry.fact()
            if type(fact) in AFTER:
                before = self.states.get(fact.item_id)
                after = state_after(fact, before)
                assert before in (None, after) or after in FOLLOWS[before]
                self.states[fact.item_id] = after
        assert {item.id: item.state for item in self.mine(Item)} == self.states

    def item_and_result_agree(self):
        results = self.mine(Result)
        standing = [result for result in results if result.state is not ResultState.WITHDRAWN]
        by_item = {result.item_id: result for result in standing}
        assert len(by_item) == len(standing)
        for item in self.mine(Item):
            if result := by_item.get(item.id):
                assert item.state in OF_ITEM[result.state]
            else:
                idle = {ItemState.RECEIVED, ItemState.HANDED_OVER, ItemState.CANCELLED}
                assert item.state in idle

    def nobody_checks_or_signs_their_own_work(self):
        for result in self.mine(Result):
            assert result.performed_by not in (result.checked_by, result.authorised_by)
            checked = result.state not in (ResultState.DRAFT, ResultState.SUBMITTED)
            assert checked == (result.checked_by is not None)
            signed = result.state in (ResultState.AUTHORISED, ResultState.WITHDRAWN)
            assert signed == (result.authorised_by is not None) == (result.minutes_id is not None)

    def a_sticker_is_in_force_only_with_its_result(self):
        results = {result.id: result for result in self.mine(Result)}
        with db.reading() as session:
            query = select(Sticker).where(Sticker.result_id.in_(results))
            stickers = session.scalars(query.where(Sticker.state != "spoiled")).all()
        for sticker in stickers:
            result = results[sticker.result_id]
            assert result.outcome is Outcome.PASS
            assert (sticker.state == "active") == (result.state is ResultState.AUTHORISED)

    def no_number_is_left_out_or_given_twice(self):
        series = {}
        with db.reading() as session:
            for column in (Order.number, Minutes.number, Certificate.number, Payment.number):
                for name in session.scalars(select(column)):
                    prefix, _, number = name.rpartition("-")
                    series.setdefault(prefix, []).append(int(number))
            issued = select(Invoice.series, Invoice.number).where(Invoice.number.is_not(None))
            for prefix, number in session.execute(issued):
                series.setdefault(prefix, []).append(number)
        for numbers in series.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1))

    def a_result_is_charged_once_by_the_tariff_of_its_day(self):
        results = {result.id: result for result in self.mine(Result)}
        invoices = {invoice.id: invoice for invoice in self.mine(Invoice)}
        charges = self.mine(Charge)
        assert len({charge.source_id for charge in charges}) == len(charges)
        for charge in charges:
            result = results[charge.source_id]
            amount, _ = price_on(result.performed_on)
            assert (charge.net, charge.vat) == (amount, vat(amount, VAT))
            assert is_owed(result)
            invoice = invoices.get(charge.invoice_id)
            assert (invoice and invoice.state) in WITH_INVOICE[charge.state]
        if self.settled:
            self.charges_agree_with(results.values(), charges)

    def charges_agree_with(self, results, charges):
        states = {charge.source_id: charge.state for charge in charges}
        for result in results:
            state = states.get(result.id)
            if result.state is ResultState.AUTHORISED and is_owed(result):
                assert state in (ChargeState.EARNED, ChargeState.INVOICED)
            else:
                assert state in (None, ChargeState.CANCELLED, ChargeState.INVOICED)
                assert state is None or result.state is ResultState.WITHDRAWN

    def no_money_is_lost_or_taken_twice(self):
        net, into, of = Counter(), Counter(), Counter()
        for charge in self.mine(Charge):
            net[charge.invoice_id] += charge.net
        with db.reading() as session:
            for part in session.scalars(select(Allocation)):
                into[part.invoice_id] += part.amount
                of[part.payment_id] += part.amount
        for invoice in self.mine(Invoice):
            assert invoice.paid == into[invoice.id] <= invoice.total
            if invoice.state is InvoiceState.ISSUED:
                assert invoice.net == net[invoice.id] > 0
        for payment in self.mine(Payment):
            assert payment.allocated == of[payment.id] <= payment.amount

    def the_counts_are_those_of_the_results_that_stand(self):
        if not self.settled:
            return
        stands = Result.state == ResultState.AUTHORISED
        expected = {
            Measure.RECEIVED: select(func.sum(Item.units)),
            Measure.CERTIFICATES: select(func.count(Certificate.id)),
            Measure.INSTRUMENTS: select(func.count(Result.id)).where(
                stands, Result.outcome != Outcome.NOT_PERFORMED
            ),
            Measure.PASSED: select(func.count(Result.id)).where(
                stands, Result.outcome == Outcome.PASS
            ),
            Measure.FAILED: select(func.count(Result.id)).where(
                stands, Result.outcome == Outcome.FAIL
            ),
        }
        with db.reading() as session:
            cells = select(CountCell.measure, func.sum(CountCell.amount))
            counts = Counter(dict(session.execute(cells.group_by(CountCell.measure)).all()))
            for measure, query in expected.items():
                assert counts[measure] == session.scalar(query)

    def what_holds_on_a_certificate_passed_and_stands(self):
        if not self.settled:
            return
        with db.reading() as session:
            query = select(Result, Certificate).select_from(CertificatePlace).where(LIVE)
            query = query.join(Result, Result.id == CertificatePlace.result_id).join(
                Certificate, Certificate.id == CertificatePlace.certificate_id
            )
            for result, certificate in session.execute(query):
                assert result.state is ResultState.AUTHORISED
                assert result.outcome is Outcome.PASS
                assert certificate.withdrawn_on is None
            undone = select(Delivery.handler).where(Delivery.state != "done").distinct()
            assert set(session.scalars(undone)) <= {"documents.PrintPaper"}

    def teardown(self):
        self.react()
        self.everything_agrees()


CHECKS = (
    Life.every_item_stands_where_its_facts_leave_it,
    Life.item_and_result_agree,
    Life.nobody_checks_or_signs_their_own_work,
    Life.a_sticker_is_in_force_only_with_its_result,
    Life.no_number_is_left_out_or_given_twice,
    Life.a_result_is_charged_once_by_the_tariff_of_its_day,
    Life.no_money_is_lost_or_taken_twice,
    Life.the_counts_are_those_of_the_results_that_stand,
    Life.what_holds_on_a_certificate_passed_and_stands,
)


@pytest.mark.usefixtures("database")
def test_whatever_is_done_in_whatever_order_rows_facts_counts_and_money_agree(request):
    with db.transaction() as session:
        centre = open_centre(session)
    examples, steps = (25, 30) if request.config.getoption("--full") else (3, 15)

    run_state_machine_as_test(
        lambda: Life(centre),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
