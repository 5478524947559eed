"""The year's page, the expenses it is made of, and the same for machines."""

import pytest
from lxml import html
from sqlalchemy import select

from lims.autonomy.models import Expense
from lims.billing.models import MoneyCell
from lims.identity import service as identity
from lims.kernel import db
from lims.kernel.db import new_id
from lims.vocabulary import MoneyMeasure, Role
from tests import factories
from tests.factories import TODAY


@pytest.fixture
def accountant(signed_in):
    return signed_in(Role.ACCOUNTANT, login="ketoan")


def revenue(session):
    cell = MoneyCell(
        day=TODAY,
        measure=MoneyMeasure.REVENUE,
        contract_id=new_id(),
        revenue_class="d",
        discipline="verification",
        amount=9_000_000,
    )
    session.add(cell)


@pytest.fixture
def decree(app):
    with db.transaction() as session:
        factories.parameter(session, "autonomy.level", "b")
        factories.parameter(session, "autonomy.development_min.b", "0.25", source="NĐ 54, Điều 8")
        revenue(session)


def words(answer, status=200):
    assert answer.status_code == status, answer.text
    return " ".join(html.fromstring(answer.text).text_content().split())


def enter(client, **values):
    usual = {"expense_class": "a", "amount": "1.000.000", "what": "Lương", "spent_on": TODAY}
    form = usual | values | {"_key": factories.key()}
    return client.post("/autonomy/expenses/new", data=form)


def test_expenses_are_entered_reversed_and_added_up_on_the_years_page(accountant, decree):
    assert enter(accountant).status_code == 303
    assert enter(accountant, amount="500.000", expense_class="b").status_code == 303

    page = words(accountant.get("/autonomy?year=2026"))
    assert "7.500.000" in page  # the surplus
    assert "1.875.000" in page  # a quarter of it
    assert "5.625.000" in page
    assert "chênh lệch × 0,25 autonomy.development_min.b" in page
    assert "NĐ 54, Điều 8" in page

    with db.reading() as session:
        wrong = session.scalars(select(Expense.id).where(Expense.amount == 500_000)).one()
    assert "500.000" in words(accountant.get(f"/autonomy/expenses/{wrong}/reverse"))
    answer = accountant.post(
        f"/autonomy/expenses/{wrong}/reverse", data={"_key": factories.key(), "reason": "Nhầm"}
    )
    assert answer.status_code == 303
    assert "8.000.000" in words(accountant.get("/autonomy?year=2026"))
    assert "03/03/2026" in words(accountant.get("/autonomy/expenses?year=2026&class=b"))


def test_every_number_of_the_year_opens_what_it_is_made_of(accountant, decree):
    enter(accountant)
    page = html.fromstring(accountant.get("/autonomy?year=2026").text)

    links = page.xpath("//main//a[contains(@href, 'facts') or contains(@href, 'expenses?')]/@href")

    assert len(links) == 5
    for link in links:
        assert accountant.get(link).status_code == 200


def test_a_year_without_values_says_what_to_enter(accountant):
    assert "autonomy.level" in words(accountant.get("/autonomy?year=x"))
    assert "Chưa có khoản chi" in words(accountant.get("/autonomy/expenses"))


def proposal(client, year="2026"):
    page = html.fromstring(client.get(f"/autonomy?year={year}").text)
    return page.xpath("//main")[0]


def test_a_level_without_its_share_leads_the_administrator_to_where_it_is_entered(signed_in):
    with db.transaction() as session:
        factories.parameter(session, "autonomy.level", "c9")
    administrator = signed_in(Role.ADMIN)

    (link,) = proposal(administrator).xpath(".//a[contains(@href, '/admin/parameters')]/@href")
    form = html.fromstring(administrator.get(link).text).xpath("//form[.//select[@name='name']]")[0]
    values = {"value": "0.15", "source": "NĐ 60/2021/NĐ-CP, Điều 18", "_key": factories.key()}
    answer = administrator.post("/admin/parameters", data=dict(form.fields) | values)

    assert form.fields["name"] == "autonomy.development_min.c9"
    assert form.fields["valid_from"] == "2026-01-01"
    assert answer.status_code == 303
    assert not proposal(administrator).xpath(".//a[contains(@href, '/admin/parameters')]")


def test_a_level_is_led_to_even_before_any_value_is_entered(signed_in):
    administrator = signed_in(Role.ADMIN)

    (link,) = proposal(administrator).xpath(".//a[contains(@href, '/admin/parameters')]/@href")
    form = html.fromstring(administrator.get(link).text).xpath("//form[.//select[@name='name']]")[0]

    assert form.fields["name"] == "autonomy.level"


def test_who_may_not_enter_values_reads_whom_to_ask(accountant, signed_in):
    for client in (accountant, signed_in(Role.DIRECTOR)):
        page = proposal(client)
        assert "autonomy.level" in page.text_content()
        assert "đề nghị quản trị viên" in page.text_content()
        assert not page.xpath(".//a[contains(@href, '/admin/parameters')]")


def test_a_level_without_a_least_share_shows_the_whole_surplus_for_the_other_funds(accountant):
    with db.transaction() as session:
        factories.parameter(session, "autonomy.level", "d")
        factories.parameter(session, "autonomy.development_min.d", "none")
        revenue(session)

    assert "Còn lại, cho các quỹ khác 9.000.000" in words(accountant.get("/autonomy?year=2026"))


def test_only_the_accountant_enters(signed_in, decree):
    director = signed_in(Role.DIRECTOR)

    assert director.get("/autonomy").status_code == 200
    assert enter(director).status_code == 403
    assert signed_in(Role.RECEPTION).get("/autonomy").status_code == 403


def test_a_mistyped_expense_comes_back(accountant):
    answer = enter(accountant, amount="-5", spent_on="2026-12-31")

    assert "e-amount" in answer.text
    assert answer.status_code == 422
    assert accountant.get("/autonomy/expenses/new").status_code == 200


def test_a_machine_enters_expenses_and_reads_the_year(app, decree):
    with db.transaction() as session:
        user = factories.user(session, Role.ACCOUNTANT, login="may")
        token = identity.make_token(session, user.id, label="thử", by="admin")
    client = app.test_client()

    def ask(method, path, **options):
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": factories.key()}
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    body = {
        "spent_on": TODAY.isoformat(),
        "expense_class": "a",
        "amount": 1_000_000,
        "what": "Lương",
    }
    made = ask("POST", "/expenses", json=body)
    assert (made.status_code, made.json["amount"]) == (201, 1_000_000)
    assert len(ask("GET", "/expenses?year=2026&class=a&limit=1").json["items"]) == 1

    year = ask("GET", "/autonomy/2026").json
    assert year["revenue"] == {"d": 9_000_000}
    assert year["expenses"] == {"a": 1_000_000}
    assert (year["surplus"], year["development_minimum"], year["rest"]) == (
        8_000_000,
        2_000_000,
        6_000_000,
    )
    assert year["development_share"]["source"] == "NĐ 54, Điều 8"
