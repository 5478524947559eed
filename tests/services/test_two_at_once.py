"""Two people act on one thing: whoever comes second waits, and is told what has happened since.

The first act is done and not committed when the second begins; on PostgreSQL an act that decides
without a lock would go on with what it read, and both would be done.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from lims.autonomy import service as autonomy
from lims.autonomy.commands import EnterExpense
from lims.bench import service as bench
from lims.billing import service as billing
from lims.billing.commands import DraftInvoice, HandOverItems, TakePayment
from lims.billing.models import Invoice
from lims.catalogue import service as catalogue
from lims.catalogue.commands import SetCycle, SetPrice
from lims.catalogue.models import LegalCycle, Price, Service
from lims.certificates import service as certificates
from lims.certificates.commands import SupersedeCertificate
from lims.contracts import service as contracts
from lims.contracts.commands import DraftContract
from lims.contracts.models import Contract
from lims.equipment import service as equipment
from lims.eventlog.log import Outgoing
from lims.identity import service as identity
from lims.identity.commands import ChangeUser
from lims.kernel import clock, db
from lims.kernel.errors import FieldRefusals, LabError, Refusals
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.settings import holidays, parameters, periods
from lims.settings.commands import ClosePeriod, SetHoliday, SetParameter
from lims.tallies import service as tallies
from lims.tallies.models import Plan
from lims.vocabulary import (
    CertificateMode,
    ContractKind,
    ContractState,
    Discipline,
    ExpenseClass,
    Funding,
    ItemState,
    Measure,
    PaymentMeans,
    PeriodKind,
    Place,
    ResultState,
    Role,
)
from tests import factories
from tests.conftest import NOON
from tests.factories import LONG_AGO, TODAY

Act = Callable[[Session], object]

BLOCKED = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
PATIENCE = 10.0


def second_of(first: Act, second: Act) -> LabError | None:
    """Do one act, let a colleague do the other before it is committed; return the refusal."""
    with ThreadPoolExecutor(1) as colleagues:
        with db.transaction() as session:
            first(session)
            session.flush()
            colleague = colleagues.submit(act_of, second)
            wait_for(colleague)
        return colleague.result(PATIENCE)


def act_of(act: Act) -> LabError | None:
    try:
        with clock.at(NOON), db.transaction() as session:
            act(session)
    except LabError as refusal:
        return refusal
    return None


def wait_for(colleague: Future) -> None:
    """Wait until the colleague is done, or waits for us: on SQLite for the writer's place."""
    if db.engine().dialect.name == "sqlite":
        return
    late = time.monotonic() + PATIENCE
    while not colleague.done() and not is_blocked():
        assert time.monotonic() < late, "neither done nor waiting"
        time.sleep(0.005)


def is_blocked() -> bool:
    """Look in a transaction of its own: the server shows each one the same picture throughout."""
    with db.reading() as session:
        return bool(session.scalar(text(BLOCKED)))


def invoice_draft(session: Session) -> UUID:
    factories.books(session)
    payer = factories.customer(session)
    factories.charge(session, payer)
    session.flush()
    return billing.draft_invoice(session, DraftInvoice(buyer_id=payer.id), by="ketoan").id


def invoice_issued(session: Session) -> UUID:
    return billing.issue(session, invoice_draft(session), by="ketoan").id


def payer_of_a_charge(session: Session) -> UUID:
    payer = factories.customer(session)
    factories.charge(session, payer)
    return payer.id


def item_received(session: Session) -> UUID:
    return factories.item(session).id


def order_received(session: Session) -> UUID:
    return factories.item(session).order_id


def order_ready(session: Session) -> UUID:
    contract = factories.contract(session, on_credit=True)
    order = factories.order(session, contract_id=contract.id)
    return factories.item(session, order, state=ItemState.AUTHORISED).order_id


def result_in(state: ResultState, session: Session) -> UUID:
    factories.technician(session)
    factories.checker(session)
    factories.signatory(session)
    return factories.done(session, state=state)[0].id


def certificate_signed(session: Session) -> UUID:
    result_id = result_in(ResultState.CHECKED, session)
    return certificates.sign(session, [result_id], by="giamdoc")[0].id


def contract_draft(session: Session) -> UUID:
    return factories.contract(session, number=None, state=ContractState.DRAFT).id


def contract_signed(session: Session) -> UUID:
    return factories.contract(session).id


def contract_with_a_tariff(session: Session) -> UUID:
    factories.service(session)
    return contract_signed(session)


def deliverable(session: Session) -> UUID:
    return factories.deliverable(session, factories.contract(session)).id


def expense(session: Session) -> UUID:
    command = EnterExpense(
        spent_on=TODAY, expense_class=ExpenseClass.PAY, amount=1, description="Lương"
    )
    return autonomy.enter(session, command, by="ketoan").id


def period_closed(session: Session) -> UUID:
    command = ClosePeriod(kind=PeriodKind.MONEY, first=LONG_AGO, last=LONG_AGO)
    return periods.close(session, command, by="giamdoc").id


def person(session: Session) -> UUID:
    return factories.user(session, Role.RECEPTION).id


def token(session: Session) -> UUID:
    user_id = person(session)
    identity.make_token(session, user_id, label="cân", by="admin")
    session.flush()
    return session.scalars(select(identity.Token.id)).one()


def standard(session: Session) -> UUID:
    return factories.standard(session).id


def draft(session: Session, payer_id: UUID) -> object:
    return billing.draft_invoice(session, DraftInvoice(buyer_id=payer_id), by="ketoan")


def pay(session: Session, invoice_id: UUID) -> object:
    amount = session.get_one(Invoice, invoice_id).total
    command = TakePayment(
        invoice_id=invoice_id, amount=amount, means=PaymentMeans.CASH, received_on=TODAY
    )
    return billing.pay(session, command, by="ketoan")


def rewrite(session: Session, contract_id: UUID) -> object:
    command = DraftContract(
        customer_id=session.get_one(Contract, contract_id).customer_id,
        kind=ContractKind.LABORATORY,
        funding=Funding.CUSTOMER,
        subject="Viết lại",
    )
    return contracts.rewrite(session, contract_id, command, by="lan")


def supersede(session: Session, certificate_id: UUID) -> object:
    command = SupersedeCertificate(reason="ghi sai", changes={"user": "Sạp 7"})
    return certificates.supersede(session, certificate_id, command, by="giamdoc")


def take_in(session: Session, contract_id: UUID) -> object:
    command = ReceiveOrder(
        requester_id=session.get_one(Contract, contract_id).customer_id,
        contract_id=contract_id,
        place=Place.SITE,
        certificate_mode=CertificateMode.EACH,
        items=[NewItem(service_id=session.scalars(select(Service.id)).one(), serial="A1")],
    )
    return reception.receive(session, command, by="lan")


discard = partial(billing.discard, by="ketoan")
issue = partial(billing.issue, by="ketoan")
hand_over = partial(billing.hand_over, command=HandOverItems(to="Bà Sáu"), by="tiepnhan")
cancel = partial(reception.cancel, reason="nhầm", by="lan")
cancel_item = partial(reception.cancel_item, reason="nhầm", by="lan")
sign_contract = partial(contracts.sign, by="lan")
close_contract = partial(contracts.close, by="lan")
accept = partial(contracts.accept, minutes="BB 1", by="lan")
withdraw_certificate = partial(certificates.withdraw, reason="sai", by="giamdoc")
withdraw = partial(bench.withdraw, reason="sai", by="giamdoc")
send_back = partial(bench.send_back, reason="xem lại", by="soatlai")
reverse = partial(autonomy.reverse, reason="nhầm", by="ketoan")
reopen = partial(periods.reopen, reason="sót", by="giamdoc")
disable = partial(identity.disable, by="admin")
revoke = partial(identity.revoke_token, by="admin")
take_out = partial(equipment.take_out, reason="hỏng", by="chatluong")


def submit(session: Session, result_id: UUID) -> object:
    return bench.submit(session, [result_id], by="kiemdinh")


def check(session: Session, result_id: UUID) -> object:
    return bench.check(session, [result_id], by="soatlai")


def sign(session: Session, result_id: UUID) -> object:
    return certificates.sign(session, [result_id], by="giamdoc")


DRAFTED = partial(result_in, ResultState.DRAFT)
SUBMITTED = partial(result_in, ResultState.SUBMITTED)
CHECKED = partial(result_in, ResultState.CHECKED)
AUTHORISED = partial(result_in, ResultState.AUTHORISED)

RIVALS = {
    "two discard a draft": (invoice_draft, discard, discard),
    "one discards, one issues": (invoice_draft, discard, issue),
    "one issues, one discards": (invoice_draft, issue, discard),
    "two issue": (invoice_draft, issue, issue),
    "two draft the same charges": (payer_of_a_charge, draft, draft),
    "two pay all of it": (invoice_issued, pay, pay),
    "two hand over": (order_ready, hand_over, hand_over),
    "two cancel an item": (item_received, cancel_item, cancel_item),
    "two cancel an order": (order_received, cancel, cancel),
    "two submit": (DRAFTED, submit, submit),
    "two check": (SUBMITTED, check, check),
    "one checks, one sends back": (SUBMITTED, send_back, check),
    "two sign": (CHECKED, sign, sign),
    "one sends back, one signs": (CHECKED, send_back, sign),
    "one signs, one sends back": (CHECKED, sign, send_back),
    "two withdraw a result": (AUTHORISED, withdraw, withdraw),
    "two withdraw a certificate": (certificate_signed, *[withdraw_certificate] * 2),
    "two replace a certificate": (certificate_signed, supersede, supersede),
    "one withdraws, one replaces": (certificate_signed, withdraw_certificate, supersede),
    "two sign a contract": (contract_draft, sign_contract, sign_contract),
    "one signs, one writes again": (contract_draft, sign_contract, rewrite),
    "two close a contract": (contract_signed, close_contract, close_contract),
    "one closes, one takes in": (contract_with_a_tariff, close_contract, take_in),
    "two accept": (deliverable, accept, accept),
    "two reverse an expense": (expense, reverse, reverse),
    "two reopen a period": (period_closed, reopen, reopen),
    "two disable a person": (person, disable, disable),
    "two revoke a key": (token, revoke, revoke),
    "two take a standard out": (standard, take_out, take_out),
}


@pytest.mark.parametrize(("prepare", "first", "second"), RIVALS.values(), ids=RIVALS)
def test_of_two_at_once_the_second_is_refused(database, prepare, first, second):
    with db.transaction() as session:
        key = prepare(session)

    refusal = second_of(lambda session: first(session, key), lambda session: second(session, key))

    assert refusal is not None, "both were done"
    facts = facts_about(key)
    assert len(facts) == len(set(facts)), "told twice"
    inner = {Refusals: "rows", FieldRefusals: "fields"}.get(type(refusal))
    assert inner is None or len(getattr(refusal, inner)) == 1


def facts_about(key: UUID) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Outgoing.name).where(Outgoing.subject == key)))


def service_priced(session: Session) -> UUID:
    return factories.service(session).id


def type_with_a_cycle(session: Session) -> UUID:
    return factories.instrument_type(session).id


def planned(session: Session) -> UUID:
    (plan,) = tallies.set_plan(session, TODAY.year, {PLANNED: 1}, by="giamdoc")
    return plan.id


def parameter_entered(session: Session) -> UUID:
    return enter(session, UUID(int=0), 1).id


def day_declared(session: Session) -> UUID:
    return declare(session, UUID(int=0), 1).id


def price(session: Session, service_id: UUID, said: int) -> Price:
    command = SetPrice(amount=said, vat_rate=Decimal(0), valid_from=TODAY, source="QĐ")
    return catalogue.set_price(session, service_id, command, by="giamdoc")


def cycle(session: Session, type_id: UUID, said: int) -> LegalCycle:
    command = SetCycle(months=said, valid_from=TODAY, source="TT")
    return catalogue.set_cycle(session, type_id, command, by="chatluong")


def plan(session: Session, plan_id: UUID, said: int) -> Plan:
    del plan_id
    return tallies.set_plan(session, TODAY.year, {PLANNED: said}, by="giamdoc")[0]


def enter(session: Session, parameter_id: UUID, said: int) -> parameters.Parameter:
    del parameter_id
    command = SetParameter(name="base_salary", valid_from=TODAY, value=str(said), source="QĐ")
    return parameters.set_value(session, command, by="giamdoc")


def declare(session: Session, day_id: UUID, said: int) -> holidays.Holiday:
    del day_id
    command = SetHoliday(day=TODAY, name=f"Nghỉ {said}", working=False, source="QĐ")
    return holidays.set_day(session, command, by="giamdoc")


def rename(session: Session, user_id: UUID, said: int) -> object:
    command = ChangeUser(full_name=f"Người {said}", roles=[Role.RECEPTION])
    return identity.change_user(session, user_id, command, by="admin")


PLANNED = (Measure.INSTRUMENTS, Discipline.VERIFICATION)

CHANGES = {
    "a price": (service_priced, price, lambda row: row.amount, 6),
    "a cycle": (type_with_a_cycle, cycle, lambda row: row.months, 6),
    "a plan": (planned, plan, lambda row: row.quantity, 6),
    "a parameter": (parameter_entered, enter, lambda row: row.value, "6"),
    "a day": (day_declared, declare, lambda row: row.name, "Nghỉ 6"),
    "a person": (person, rename, lambda row: row.full_name, "Người 6"),
}


@pytest.mark.parametrize(("prepare", "change", "read", "held"), CHANGES.values(), ids=CHANGES)
def test_of_two_who_change_a_value_the_second_holds_and_both_are_told(
    database, prepare, change, read, held
):
    with db.transaction() as session:
        key = prepare(session)
    told = count_facts()
    changed: list[db.Base] = []

    def second(session: Session) -> None:
        changed.append(change(session, key, 6))

    assert second_of(lambda session: change(session, key, 5), second) is None

    (row,) = changed
    with db.reading() as session:
        assert read(session.get_one(type(row), row.id)) == held
    assert count_facts() == told + 2


def count_facts() -> int:
    with db.reading() as session:
        return session.scalars(select(func.count()).select_from(Outgoing)).one()
