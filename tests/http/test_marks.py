"""The pages of the sticker books."""

from lims.kernel.db import transaction
from lims.vocabulary import Role
from tests import factories


def test_a_book_is_handed_out_and_shows_what_is_left(signed_in):
    with transaction() as session:
        lan = factories.user(session, Role.TECHNICIAN, login="lan", full_name="Lê Thị Lan")
    browser = signed_in(Role.QUALITY)
    assert "Lê Thị Lan" in browser.get("/marks/new").text
    said = {"series": "26V", "first": "1", "last": "1000", "discipline": "verification"}

    page = browser.post("/marks/new", data=said | {"holder_id": lan.id}, follow_redirects=True)

    assert "Lê Thị Lan" in page.text
    assert "1.000" in page.text
    again = browser.post("/marks/new", data=said | {"holder_id": lan.id, "first": "500"})
    assert again.status_code == 422
    assert 'id="e-first"' in again.text


def test_a_technician_sees_the_own_books_only(signed_in):
    with transaction() as session:
        lan = factories.user(session, Role.TECHNICIAN, login="lan")
        minh = factories.user(session, Role.TECHNICIAN, login="minh")
        factories.book(session, lan, series="LAN")
        factories.book(session, minh, series="MINH", last=3)

    mine = signed_in(Role.TECHNICIAN, login="lan").get("/marks").text

    assert "LAN" in mine
    assert "MINH" not in mine
    assert "MINH" in signed_in(Role.INSPECTOR).get("/marks").text


def test_who_holds_nothing_is_told_whom_to_ask(signed_in):
    browser = signed_in(Role.TECHNICIAN)

    assert "phụ trách chất lượng" in browser.get("/marks").text
    assert browser.get("/marks/new").status_code == 403
    assert 'href="/marks/new"' in signed_in(Role.QUALITY).get("/marks").text
