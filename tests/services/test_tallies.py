"""What stands behind a number, whatever it counts."""

from uuid import uuid4

from lims.certificates import service as certificates
from lims.identity.events import UserDisabled
from lims.tallies import queries
from lims.tallies.fold import counted
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
