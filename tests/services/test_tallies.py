"""What stands behind a number, whatever it counts."""

from uuid import uuid4

from sqlalchemy import select

from lims.certificates import service as certificates
from lims.eventlog import events, log
from lims.eventlog.log import Outgoing
from lims.identity.events import UserDisabled
from lims.tallies import queries, service
from lims.tallies.events import PlanSet
from lims.tallies.fold import counted
from lims.vocabulary import Discipline, Measure
from tests import factories
from tests.factories import TODAY


def test_contracts_deliverables_and_certificates_behind_a_number_lead_to_their_pages(session):
    contract = factories.contract(session)
    work = factories.deliverable(session, contract)
    factories.signatory(session)
    factories.technician(session)
    (result,) = factories.done(session)
    (certificate,) = certificates.sign(session, [result.id], by="giamdoc")
    session.flush()

    found = queries.others(session, [contract.id, work.id, certificate.id, uuid4()])

    assert found == {
        contract.id: (f"/contracts/{contract.id}", f"{contract.label} {contract.subject}"),
        work.id: (f"/contracts/{contract.id}", work.title),
        certificate.id: (f"/certificates/{certificate.id}", "V26-00001"),
    }


def test_a_fact_that_is_no_work_counts_as_nothing():
    assert list(counted(UserDisabled(user_id=uuid4(), login="lan", on=TODAY))) == []


def test_a_plan_is_set_anew_only_where_it_changes(session):
    verified = (Measure.INSTRUMENTS, Discipline.VERIFICATION)
    tested = (Measure.SAMPLES, Discipline.TESTING)
    service.set_plan(session, 2025, {verified: 900}, by="giamdoc")
    service.set_plan(session, 2026, {verified: 1000, tested: 0}, by="giamdoc")
    session.flush()

    plans = service.set_plan(session, 2026, {verified: 1000, tested: 40}, by="phogiamdoc")
    log.write(session)

    ids = {(row.measure, row.discipline): row.id for row in plans}
    rows = session.scalars(select(Outgoing).order_by(Outgoing.seq)).all()
    assert [(row.by, events.load(row.name, row.payload)) for row in rows][1:] == [
        ("giamdoc", planned(2026, *verified, 1000, ids)),
        ("giamdoc", planned(2026, *tested, 0, ids)),
        ("phogiamdoc", planned(2026, *tested, 40, ids)),
    ]
    assert [(row.year, row.quantity) for row in plans] == [(2026, 1000), (2026, 40)]


def planned(year, measure, discipline, quantity, ids):
    return PlanSet(
        plan_id=ids[measure, discipline.value],
        year=year,
        measure=measure,
        discipline=discipline.value,
        quantity=quantity,
        on=TODAY,
    )
