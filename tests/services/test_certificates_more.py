"""Where a list of certificates says the work was done."""

import pytest
from sqlalchemy import select

from lims.bench.models import WorkSheet
from lims.certificates import service
from lims.certificates.events import CertificateLookedUp
from lims.customers.models import Customer
from lims.eventlog import events, log
from lims.eventlog.log import Outgoing
from lims.reception.models import Item, Order
from lims.vocabulary import CertificateMode, Place
from tests import factories
from tests.services.changes import as_if
from tests.services.test_certificates import said


@pytest.fixture
def stalls(session):
    """Three scales of three stalls, on one list."""
    factories.technician(session)
    factories.signatory(session)
    results = factories.done(session, 3, certificate_mode=CertificateMode.LIST)
    for rank, one in enumerate(results):
        as_if(session, session.get_one(Item, one.item_id), place_of_use=f"Sạp {rank}")
    return results


def place_of(session, results):
    (certificate,) = service.sign(session, [one.id for one in results], by="giamdoc")
    session.flush()
    return said(session, certificate)["place"]


def at(session, results, place, address):
    """They were done there; the requester has this address."""
    sheet = session.get_one(WorkSheet, results[0].sheet_id)
    requester = session.get_one(Order, sheet.order_id).requester_id
    as_if(session, sheet, place=place)
    as_if(session, session.get_one(Customer, requester), address=address)


def test_forty_stalls_stand_at_the_address_of_their_market(session, stalls):
    at(session, stalls, Place.SITE, "Chợ Rạch Giá, phường Vĩnh Thanh")

    assert place_of(session, stalls) == "Tại nơi sử dụng: Chợ Rạch Giá, phường Vĩnh Thanh"


def test_without_an_address_the_first_stall_is_named(session, stalls):
    at(session, stalls, Place.SITE, "")

    assert place_of(session, stalls) == "Tại nơi sử dụng: Sạp 0"


def test_in_the_laboratory_no_stall_is_named(session, stalls):
    at(session, stalls, Place.LABORATORY, "Chợ Rạch Giá, phường Vĩnh Thanh")

    assert place_of(session, stalls) == "Tại phòng thí nghiệm của Trung tâm"


def test_who_asks_in_public_is_written_down_with_what_was_answered(session, stalls):
    (certificate,) = service.sign(session, [stalls[0].id], by="giamdoc")

    service.looked_up(session, certificate.id, answer="valid")
    log.write(session)

    (row,) = session.scalars(select(Outgoing).where(Outgoing.name == CertificateLookedUp.name))
    asked = CertificateLookedUp(certificate_id=certificate.id, answer="valid", on=factories.TODAY)
    assert (row.by, events.load(row.name, row.payload)) == (service.PUBLIC, asked)
