"""The main job: forty market scales of 25 stallholders, from the counter to the month's table."""

import pytest
from sqlalchemy import func, select

from lims.bench import service as bench
from lims.bench.commands import RecordSheet
from lims.bench.models import Minutes, Result
from lims.billing import service as billing
from lims.billing.commands import DraftInvoice, TakePayment
from lims.billing.contract_money.projection import MONEY
from lims.billing.models import NO_CONTRACT, Charge, Invoice, MoneyCell, Payment
from lims.catalogue import loading
from lims.catalogue.models import Method, Service
from lims.certificates import service as certificates
from lims.certificates.models import Certificate, CertificatePlace
from lims.customers.models import Instrument
from lims.documents import store
from lims.eventlog import chain, projections
from lims.kernel.db import reading, transaction
from lims.marks.models import Sticker
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.models import Item
from lims.reception.new_items import serials
from lims.tallies.fold import COUNTS
from lims.tallies.models import CountCell
from lims.vocabulary import (
    CertificateMode,
    Measure,
    MoneyMeasure,
    Outcome,
    PaymentMeans,
    Place,
    StickerState,
    Validity,
)
from tests import factories
from tests.factories import TODAY
from workers import sequencing
from workers.reactions import PROJECTIONS

PRICE, VAT = 30_000, 1_500
FAILED = ("A007", "A031")


@pytest.fixture
def centre(database):
    """The catalogue as it is delivered, the people, a sticker book, standards, the board."""
    with transaction() as session:
        loading.load(session, "admin")
        minh = factories.technician(session)
        factories.checker(session)
        factories.signatory(session)
        factories.book(session, minh, series="26V")
        factories.standard(session, code="QC-F2-01")
        board = factories.customer(session, name="Ban quản lý chợ Rạch Sỏi", area="rach-gia")
        contract = factories.contract(session, board)
        scale = session.scalars(
            select(Service).where(Service.code == "kd-can-dong-ho-lo-xo-30kg")
        ).one()
        factories.contract_line(session, contract, scale)
    return board, contract, scale


def pasted():
    """A001..A040, held by 25 stallholders."""
    return "\n".join(f"A{n:03}\tSạp {n % 25 + 1}" for n in range(1, 41))


def receive(centre, mode):
    board, contract, scale = centre
    with transaction() as session:
        command = ReceiveOrder(
            requester_id=board.id,
            contract_id=contract.id,
            place=Place.SITE,
            certificate_mode=mode,
            items=[
                NewItem(service_id=scale.id, serial=line.serial, user_name=line.user or "")
                for line in serials.expand(pasted())
            ],
        )
        return reception.receive(session, command, by="tiepnhan")


def work(order):
    """38 pass, 2 fail; submitted, checked by a second person."""
    with transaction() as session:
        items = session.scalars(select(Item).where(Item.order_id == order.id)).all()
        method = session.scalars(
            select(Method).where(Method.code == "ĐLVN 30", Method.edition == "2019")
        ).one()
        fails = [item.id for item in items if item.serial in FAILED]
        passes = {item.id: Outcome.PASS for item in items}
        command = RecordSheet(
            method_id=method.id,
            standard_ids=[factories.standard(session).id],
            performed_on=TODAY,
            place=Place.SITE,
            environment={"temperature": "28,5", "humidity": "72"},
            outcomes=passes | dict.fromkeys(fails, Outcome.FAIL),
            reasons=dict.fromkeys(fails, "Sai số quá lớn"),
        )
        sheet = bench.record(session, order.id, command, by="kiemdinh")
    with transaction() as session:
        ids = session.scalars(select(Result.id).where(Result.sheet_id == sheet.id)).all()
        bench.submit(session, ids, by="kiemdinh")
    with transaction() as session:
        bench.check(session, ids, by="soatlai")
    return ids


def count(session, model, *where):
    return session.scalar(select(func.count()).select_from(model).where(*where))


def cells(session):
    query = select(CountCell.measure, func.sum(CountCell.amount)).group_by(CountCell.measure)
    return {measure: int(total) for measure, total in session.execute(query)}


def money(session, contract_id):
    query = (
        select(MoneyCell.measure, func.sum(MoneyCell.amount))
        .where(MoneyCell.contract_id == contract_id)
        .group_by(MoneyCell.measure)
    )
    return {measure: int(total) for measure, total in session.execute(query)}


@pytest.mark.parametrize(
    ("mode", "documents"), [(CertificateMode.LIST, 1), (CertificateMode.EACH, 38)]
)
def test_forty_scales_from_the_counter_to_the_table(centre, mode, documents):
    _, contract, _ = centre
    order = receive(centre, mode)
    ids = work(order)
    with transaction() as session:
        signed = certificates.sign(session, ids, by="giamdoc")
    sequencing.run_until_idle(PROJECTIONS)

    assert len(signed) == documents
    with reading() as session:
        assert count(session, Certificate) == documents
        assert count(session, CertificatePlace, CertificatePlace.validity == Validity.LIVE) == 38
        assert count(session, Sticker, Sticker.state == StickerState.ACTIVE) == 38
        assert count(session, Minutes) == 1
        assert count(session, Result, Result.minutes_id.is_not(None)) == 40
        assert count(session, Instrument, Instrument.due_on.is_not(None)) == 38
        assert count(session, Charge) == 40
        for one in signed:
            (document,) = store.documents_of(session, one.id)
            assert store.bytes_of(session, document)[:5] == b"%PDF-"
    invoice_and_pay(contract)
    look_at_the_month(contract)


def invoice_and_pay(contract):
    with transaction() as session:
        draft = billing.draft_invoice(
            session,
            DraftInvoice(buyer_id=contract.customer_id, contract_id=contract.id),
            by="ketoan",
        )
        session.flush()
        invoice = billing.issue(session, draft.id, by="ketoan")
        assert invoice.total == 40 * (PRICE + VAT)
    with transaction() as session:
        billing.pay(
            session,
            TakePayment(
                invoice_id=invoice.id,
                amount=invoice.total,
                means=PaymentMeans.BANK,
                received_on=TODAY,
                reference="UNC 17",
            ),
            by="ketoan",
        )
    sequencing.run_until_idle(PROJECTIONS)
    with reading() as session:
        assert count(session, Invoice) == count(session, Payment) == 1
        assert session.get(Invoice, invoice.id).open == 0


def look_at_the_month(contract):
    gross = 40 * (PRICE + VAT)
    with reading() as session:
        counts = cells(session)
        assert counts[Measure.RECEIVED] == counts[Measure.INSTRUMENTS] == 40
        assert (counts[Measure.PASSED], counts[Measure.FAILED]) == (38, 2)
        assert money(session, contract.id) == {
            MoneyMeasure.DONE: gross,
            MoneyMeasure.INVOICED: gross,
            MoneyMeasure.PAID: gross,
            MoneyMeasure.REVENUE: 40 * PRICE,
        }
        assert money(session, NO_CONTRACT) == {}
        for projection in (COUNTS, MONEY):
            assert projections.differences(session, projection) == []
        assert isinstance(chain.verify(session), int)
