import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook

from lims.customers.commands import EnterInstrument
from lims.customers.registry import service as registry
from lims.kernel.db import new_id, transaction
from lims.vocabulary import ItemState, Outcome, ResultState, Role
from tests import factories

TODAY = factories.TODAY


def instrument(serial, due_on, area=""):
    with transaction() as session:
        holder = factories.customer(session, name="Chợ Rạch Sỏi", phone="0297 3863 100")
        kind = factories.instrument_type(session)
        made = registry.add_instrument(
            session,
            EnterInstrument(holder_id=holder.id, type_id=kind.id, serial=serial, area=area),
            by="lan",
        )
        registry.set_due(session, made, due_on, result_id=new_id(), on=TODAY, by="worker")


@pytest.fixture
def three(database):
    instrument("SOON-1", TODAY + timedelta(days=10))
    instrument("LATER-1", TODAY + timedelta(days=50), area="91")
    instrument("PAST-1", TODAY - timedelta(days=10))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"SOON-1"}),
        ("?due=60", {"SOON-1", "LATER-1"}),
        ("?due=60&area=91", {"LATER-1"}),
        ("?due=overdue", {"PAST-1"}),
        ("?due=90&area=92", set()),
        ("?due=x&after=y", {"SOON-1"}),
    ],
)
@pytest.mark.usefixtures("three")
def test_the_list_shows_what_falls_due_when_and_where_asked(signed_in, asked, shown):
    page = signed_in(Role.RECEPTION).get("/instruments/due" + asked)

    assert page.status_code == 200
    assert {one for one in ("SOON-1", "LATER-1", "PAST-1") if one in page.text} == shown
    assert ("empty-state" in page.text) is not bool(shown)


@pytest.mark.usefixtures("three")
def test_the_list_is_taken_along_as_a_spreadsheet_with_telephones(signed_in):
    answer = signed_in(Role.RECEPTION).get("/instruments/due.xlsx?due=60")

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    _, first, second = book.get_sheet_by_index(0).to_python()
    assert first[:2] == [TODAY + timedelta(days=10), "SOON-1"]
    assert (second[1], second[3], second[4]) == ("LATER-1", "Chợ Rạch Sỏi", "0297 3863 100")


@pytest.mark.usefixtures("three")
def test_reception_is_told_on_its_home_page(signed_in):
    with transaction() as session:
        factories.contract(session, subject="Hết hạn", number="HD26-9", valid_to=TODAY)

    page = signed_in(Role.RECEPTION).get("/").text

    assert "SOON-1" in page
    assert "LATER-1" not in page
    assert "HD26-9" in page


def test_late_work_shows_on_its_page_and_on_the_homes_of_director_and_technician(signed_in):
    assert "empty-state" in signed_in(Role.DIRECTOR).get("/reminders/late").text
    with transaction() as session:
        late = factories.order(session, promised_on=date(2026, 2, 27), item_count=2)
        factories.item(session, late, state=ItemState.RECORDED)
        factories.item(session, late, state=ItemState.AUTHORISED)

    for role in (Role.DIRECTOR, Role.TECHNICIAN):
        browser = signed_in(role)
        assert late.number in browser.get("/").text
        assert f"/reception/orders/{late.id}" in browser.get("/reminders/late").text
    assert signed_in(Role.ACCOUNTANT).get("/reminders/late").status_code == 403


def test_a_customer_shows_its_orders_and_an_instrument_the_times_it_was_in(signed_in):
    with transaction() as session:
        holder, kind = factories.customer(session), factories.instrument_type(session)
        known = registry.add_instrument(
            session, EnterInstrument(holder_id=holder.id, type_id=kind.id, serial="A1"), by="lan"
        )
        order = factories.order(session, holder)
        item = factories.item(session, order, instrument_id=known.id)
        factories.result(session, item, outcome=Outcome.FAIL, state=ResultState.AUTHORISED)
    browser = signed_in(Role.QUALITY)

    assert order.number in browser.get(f"/customers/{holder.id}").text
    page = browser.get(f"/instruments/{known.id}").text
    assert item.code in page
    assert "is-bad" in page
    empty = browser.get(f"/instruments/{_never_in(holder)}").text
    assert item.code not in empty


def _never_in(holder):
    with transaction() as session:
        kind = factories.instrument_type(session)
        made = registry.add_instrument(
            session, EnterInstrument(holder_id=holder.id, type_id=kind.id, serial="B1"), by="lan"
        )
    return made.id
