"""What ISO/IEC 17025:2017, 7.8 asks of a report, read from the frozen paper."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from lims.bench.models import WorkSheet
from lims.reception.models import Item
from tests import factories
from tests.factories import TODAY
from tests.services.changes import as_if
from tests.services.test_certificates import calibration, said, sampled, sign


@pytest.fixture(autouse=True)
def people(session):
    factories.technician(session)
    factories.checker(session)
    factories.signatory(session)


def reported(session, result):
    (certificate,) = sign(session, [result])
    return said(session, certificate)


def test_what_was_wrong_on_receipt_stands_on_the_report(session):
    dented = reported(session, calibration(session, condition="Đĩa cân bị móp"))
    sound = reported(session, calibration(session))

    assert dented["condition"] == "Đĩa cân bị móp"
    assert "Không" in sound["condition"]


def test_a_sample_is_named_by_the_code_of_its_item_and_reported_as_it_was_received(session):
    result = sampled(session, pH="7.1")

    sample = reported(session, result)["sample"]

    assert sample["code"] == session.get_one(Item, result.item_id).code
    assert "khách hàng" in sample["sampling"].lower()
    assert "nhận" in sample["sampling"]


@pytest.mark.parametrize("made", [calibration, lambda session: sampled(session, pH="7.1")])
def test_a_report_names_customer_method_item_and_condition(session, made):
    content = reported(session, made(session))

    about = content.get("sample", content)
    assert content["customer"]["name"]
    assert content["customer"]["address"]
    assert about["name"]
    assert about["condition"]
    assert content.get("method") or content["parameters"][0]["method"]


def test_received_done_and_issued_are_three_days(session):
    result = calibration(session, received_on=TODAY - timedelta(days=2))
    as_if(session, result, performed_on=TODAY - timedelta(days=1))
    for sheet in session.scalars(select(WorkSheet)):
        as_if(session, sheet, performed_on=TODAY - timedelta(days=1))

    content = reported(session, result)

    assert content["received_on"] == "01/03/2026"
    assert content["performed_on"] == "02/03/2026"
    assert content["issued_on"] == "03/03/2026"


def test_a_verdict_names_its_rule(session):
    content = reported(session, sampled(session, pH="7.1"))

    assert content["parameters"][0]["meets"] == "yes"
    assert content["decision_rule"]
