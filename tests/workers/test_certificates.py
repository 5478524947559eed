"""What results do to certificates; everything is delivered twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lims.bench import service as bench
from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.certificates import service
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.models import Certificate, CertificatePlace
from lims.customers.models import Instrument
from lims.documents.store import Document
from lims.eventlog.log import Delivery, Entry
from lims.kernel import clock
from lims.kernel.db import reading, transaction
from lims.reception.models import Item
from lims.vocabulary import CertificateMode, Validity
from tests import factories
from tests.at_once import at_once
from workers import certificates, documents, handler
from workers.sequencing import run_until_idle

pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture
def reacting(no_handlers):
    """Let nobody react but certificates."""
    handler.on(ResultAuthorised, name="certificates.end_after_fail", together=True)(
        certificates.follow_verdicts
    )
    handler.on(ResultWithdrawn, name="certificates.withdraw_place")(certificates.withdraw_place)


@pytest.fixture
def people(database, reacting):
    with transaction() as session:
        factories.technician(session)
        factories.checker(session)
        factories.signatory(session)


def settle_twice():
    """Deliver everything, and then everything again."""
    run_until_idle([])
    with transaction() as session:
        session.execute(update(Delivery).values(state="owed", due=clock.now()))
    run_until_idle([])


def sign(count, *, fails=0, of=None, **said):
    """Bring instruments in, work on them and sign; return the ids of the results."""
    with transaction() as session:
        known = () if of is None else instruments(session, of)
        results = factories.done(session, count, fails=fails, registered=known, **said)
        ids = [one.id for one in results]
        service.sign(session, ids, by="giamdoc")
        return ids


def instruments(session, result_ids):
    items = [session.get_one(Item, one.item_id) for one in found(session, result_ids)]
    return [session.get_one(Instrument, one.instrument_id) for one in items]


def found(session, result_ids):
    return [session.get_one(factories.Result, one) for one in result_ids]


def standing():
    with reading() as session:
        query = select(CertificatePlace.result_id, CertificatePlace.validity)
        return dict(session.execute(query).all())


def facts(name):
    with reading() as session:
        query = select(func.count()).select_from(Entry).where(Entry.name == name)
        return session.scalar(query)


def test_a_later_fail_ends_the_certificate_once():
    (first,) = sign(1)
    sign(1, fails=1, of=[first])

    settle_twice()

    assert standing() == {first: Validity.ENDED}
    assert facts("certificates.place_ended") == 1


def test_a_pass_after_the_fail_is_not_ended_by_a_late_delivery():
    (first,) = sign(1)
    sign(1, fails=1, of=[first])
    (repaired,) = sign(1, of=[first])

    settle_twice()

    assert standing() == {first: Validity.SUPERSEDED, repaired: Validity.LIVE}
    assert facts("certificates.place_ended") == 1


def test_a_withdrawn_result_takes_its_place_back_and_at_last_the_certificate():
    first, second = sign(2, certificate_mode=CertificateMode.LIST)
    with transaction() as session:
        bench.withdraw(session, first, reason="nhầm máy", by="giamdoc")

    settle_twice()

    assert standing() == {first: Validity.WITHDRAWN, second: Validity.LIVE}
    assert facts("certificates.certificate_withdrawn") == 0

    with transaction() as session:
        bench.withdraw(session, second, reason="nhầm máy", by="giamdoc")
    settle_twice()

    assert standing() == {first: Validity.WITHDRAWN, second: Validity.WITHDRAWN}
    assert facts("certificates.certificate_withdrawn") == 1
    with reading() as session:
        assert session.scalars(select(Certificate)).one().withdrawn_why == "nhầm máy"


def test_a_withdrawn_result_takes_the_replacement_back_and_not_what_it_replaced():
    (first,) = sign(1)
    with transaction() as session:
        old = session.scalars(select(Certificate)).one()
        service.supersede(
            session, old.id, SupersedeCertificate(reason="ghi sai", changes={}), by="giamdoc"
        )
    with transaction() as session:
        bench.withdraw(session, first, reason="nhầm máy", by="giamdoc")

    settle_twice()

    with reading() as session:
        query = select(Certificate).order_by(Certificate.number)
        old, new = session.scalars(query)
        assert (old.withdrawn_on, new.withdrawn_on is None) == (None, False)


def test_a_result_without_a_certificate_is_withdrawn_in_peace():
    (failed,) = sign(1, fails=1)
    with transaction() as session:
        bench.withdraw(session, failed, reason="nhầm máy", by="giamdoc")

    settle_twice()

    assert standing() == {}
    with reading() as session:
        assert (
            session.scalar(select(func.count()).where(Delivery.state.in_(["owed", "failed"]))) == 0
        )


def test_what_was_signed_is_printed_once():
    handler.on(documents.DocumentFrozen, name="documents.PrintPaper")(documents.PrintDocument)
    sign(2, certificate_mode=CertificateMode.EACH)

    settle_twice()

    with reading() as session:
        printed = session.scalars(
            select(Document.sha256).where(Document.kind == "certificate")
        ).all()
        assert len(printed) == len(set(printed)) == 2
        assert None not in printed


def test_several_who_sign_at_once_leave_no_gap_and_no_number_twice():
    with transaction() as session:
        batches = [
            [one.id for one in factories.done(session, 3, certificate_mode=CertificateMode.EACH)]
            for _ in range(4)
        ]

    wrong = at_once(
        *(lambda session, ids=ids: service.sign(session, ids, by="giamdoc") for ids in batches)
    )

    assert not wrong
    with reading() as session:
        numbers = sorted(session.scalars(select(Certificate.number)))
        assert [one.rpartition("-")[2] for one in numbers] == [f"{n:05}" for n in range(1, 13)]


def test_of_two_who_sign_for_one_instrument_at_once_one_certificate_holds():
    (first,) = sign(1)
    with transaction() as session:
        known = instruments(session, [first])
        batches = [
            [one.id for one in factories.done(session, 1, registered=known)] for _ in range(3)
        ]

    wrong = at_once(
        *(lambda session, ids=ids: service.sign(session, ids, by="giamdoc") for ids in batches)
    )

    assert not wrong
    assert sorted(standing().values()) == ["live", "superseded", "superseded", "superseded"]


def test_a_withdrawn_fail_lets_the_certificate_that_it_ended_hold_again():
    (first,) = sign(1)
    (failed,) = sign(1, fails=1, of=[first])
    settle_twice()
    with transaction() as session:
        bench.withdraw(session, failed, reason="nhầm máy", by="giamdoc")

    settle_twice()

    assert standing() == {first: Validity.LIVE}
    assert facts("certificates.place_revived") == 1


def test_older_work_signed_later_does_not_supersede_the_certificate_of_newer_work():
    (first,) = sign(1)
    with transaction() as session:
        older = factories.done(session, 1, registered=instruments(session, [first]))
        older[0].performed_on = factories.TODAY - timedelta(days=30)
        service.sign(session, [older[0].id], by="giamdoc")

    settle_twice()

    assert standing() == {first: Validity.LIVE, older[0].id: Validity.SUPERSEDED}
