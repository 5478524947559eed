"""The administrator's pages: what the workers owe, and dated values."""

import pytest
from sqlalchemy import insert, select

from lims.catalogue import service as catalogue
from lims.eventlog import chain, deliveries, log
from lims.eventlog.log import Delivery
from lims.identity.events import UserDisabled
from lims.kernel import clock
from lims.kernel.db import new_id, reading, transaction
from lims.settings import parameters
from lims.vocabulary import Role
from tests.factories import TODAY


@pytest.fixture
def failed(database):
    """Two facts owed to a handler, of which both failed for good."""
    with transaction() as session:
        for login in ("lan", "minh"):
            told = UserDisabled(user_id=new_id(), login=login, on=TODAY)
            log.append(session, told, by="admin")
    with transaction() as session:
        chain.advance(session, lambda _name: [])
        rows = [
            {
                "handler": "documents.PrintPaper",
                "position": position,
                "due": clock.now(),
                "state": "failed",
                "tries": 8,
                "error": "OSError: No space left on device",
            }
            for position in (1, 2)
        ]
        session.execute(insert(Delivery), rows)


def states():
    with reading() as session:
        query = select(Delivery.state).order_by(Delivery.position)
        return list(session.scalars(query))


def test_what_failed_waits_on_the_administrators_home_page(failed, signed_in):
    page = signed_in(Role.ADMIN).get("/")

    assert "Việc nền bị lỗi" in page.text
    assert "is-urgent" in page.text


def test_one_failed_delivery_is_retried_and_the_other_stays(failed, signed_in):
    browser = signed_in(Role.ADMIN)
    page = browser.get("/admin/deliveries").text
    assert "No space left on device" in page
    assert "documents.PrintPaper" in page

    said = {"_key": "1", "handler": "documents.PrintPaper", "position": "1"}
    page = browser.post("/admin/deliveries", data=said, follow_redirects=True)

    assert page.status_code == 200
    assert states() == ["owed", "failed"]
    assert "documents.PrintPaper" in browser.get("/admin/deliveries?state=owed").text


def test_everything_that_failed_is_retried_with_one_button(failed, signed_in):
    browser = signed_in(Role.ADMIN)

    browser.post("/admin/deliveries", data={"_key": "1"})

    assert states() == ["owed", "owed"]
    with reading() as session:
        assert {one.tries for one, _ in deliveries.listed(session, "owed")} == {0}
    page = browser.post("/admin/deliveries", data={"_key": "2"}, follow_redirects=True)
    assert "Không còn việc nào bị lỗi" in page.text


def test_nothing_owed_is_said_so(signed_in):
    browser = signed_in(Role.ADMIN)

    assert "Không có việc nào bị lỗi" in browser.get("/admin/deliveries").text
    assert browser.get("/admin/deliveries?state=owed").status_code == 200


def test_the_overview_leads_to_every_part_of_administration(signed_in):
    browser = signed_in(Role.ADMIN)

    page = browser.get("/admin").text

    for path in (
        "/admin/people",
        "/catalogue",
        "/catalogue/services",
        "/equipment",
        "/marks",
        "/admin/deliveries",
        "/admin/parameters",
    ):
        assert f'href="{path}"' in page
        assert browser.get(path).status_code == 200


def test_a_new_value_is_entered_beside_the_old_one(signed_in):
    with transaction() as session:
        catalogue.load(session, by="admin")
    browser = signed_in(Role.ADMIN)
    said = {
        "name": "base_salary",
        "valid_from": "2027-07-01",
        "value": "2700000",
        "source": "NĐ 1/2027/NĐ-CP",
    }

    page = browser.post("/admin/parameters", data=said, follow_redirects=True).text

    assert "Mức lương cơ sở" in page
    assert "2700000" in page
    assert "2340000" in page
    with reading() as session:
        assert parameters.value(session, "base_salary", TODAY).value == "2340000"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": "nonsense"}, "name"),
        ({"value": "nhiều"}, "value"),
        ({"valid_from": "2024-07-01"}, "valid_from"),
        ({"source": ""}, "source"),
    ],
)
def test_an_impossible_value_comes_back(signed_in, said, field):
    with transaction() as session:
        catalogue.load(session, by="admin")
    good = {"name": "base_salary", "valid_from": "2027-07-01", "value": "2700000", "source": "NĐ"}

    page = signed_in(Role.ADMIN).post("/admin/parameters", data=good | said)

    assert page.status_code == 422
    assert f'id="e-{field}"' in page.text


def test_readers_see_the_values_and_only_the_administrator_enters_them(signed_in):
    with transaction() as session:
        catalogue.load(session, by="admin")
    inspector = signed_in(Role.INSPECTOR)

    assert "Rạch Giá" in inspector.get("/admin/parameters").text
    assert 'name="value"' not in inspector.get("/admin/parameters").text
    assert inspector.post("/admin/parameters", data={}).status_code == 403
    assert inspector.get("/admin/deliveries").status_code == 403
    assert signed_in(Role.ACCOUNTANT).get("/admin/parameters").status_code == 403


def test_without_values_the_page_says_where_they_come_from(signed_in):
    assert 'href="/catalogue"' in signed_in(Role.ADMIN).get("/admin/parameters").text
