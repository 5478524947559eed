"""Bad input on every form: a clear sentence, nothing half-written, never a 500."""

import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from lims.autonomy import service as autonomy
from lims.autonomy.commands import EnterExpense
from lims.billing import service as billing
from lims.billing.commands import DraftInvoice
from lims.catalogue.models import InstrumentType, Service
from lims.certificates import service as certificates
from lims.customers.models import Customer
from lims.eventlog.log import Outgoing
from lims.indicators import service as indicators
from lims.indicators.commands import DefineIndicator
from lims.kernel.db import reading, transaction
from lims.reception.models import Order
from lims.vocabulary import CertificateMode, ContractState, Discipline, ExpenseClass, Role
from tests import factories
from tests.factories import TODAY
from tests.house.test_access import address, allowed, table

NASTY = {
    "missing": None,
    "wrong type": "không phải số",
    "too long": "x" * 5_000,
    "wrong alphabet": "☃\u202e𝒜\u0000Ω",
    "sql": "'; DROP TABLE item; --",
}


class Fields(HTMLParser):
    """Collects the names of the fields of the forms of a page."""

    def __init__(self):
        super().__init__()
        self.names = []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in ("input", "select", "textarea") and said.get("name"):
            self.names.append(said["name"])


def fields_of(page):
    parser = Fields()
    parser.feed(page)
    return sorted({name for name in parser.names if name not in ("_key", "q", "locale", "next")})


def forms():
    rows = table()
    shown = {row["route"] for row in rows if row["method"] == "GET"}
    return [
        row
        for row in rows
        if row["method"] == "POST"
        and row["route"] in shown
        and not row["route"].startswith("/api/")
    ]


def told():
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Outgoing))


@pytest.fixture
def something(database):
    """Something of everything that a form may be about, by the name its address has for it."""
    with transaction() as session:
        performer = factories.technician(session)
        factories.checker(session)
        factories.signatory(session)
        done, ready = factories.done(session, 2, certificate_mode=CertificateMode.EACH)
        (certificate,) = certificates.sign(session, [done.id], by="giamdoc")
        waiting = factories.item(session)
        holder = session.get_one(Order, waiting.order_id).requester_id
        kind = session.get_one(InstrumentType, waiting.type_id)
        contract = factories.contract(session, number=None, state=ContractState.DRAFT)
        charge = factories.charge(session, factories.customer(session))
        invoice = billing.draft_invoice(
            session, DraftInvoice(buyer_id=charge.payer_id), by="ketoan"
        )
        made = {
            "user": performer,
            "standard": factories.standard(session),
            "contract": contract,
            "deliverable": factories.deliverable(session, contract),
            "instrument": factories.instrument(session, session.get_one(Customer, holder), kind),
            "indicator": indicators.define(
                session, DefineIndicator(code="iso", name_vi="a", name_en="b"), by="sep"
            ),
            "expense": autonomy.enter(
                session,
                EnterExpense(
                    spent_on=TODAY,
                    expense_class=ExpenseClass.PAY,
                    amount=1,
                    description="Lương",
                    voucher="PC1",
                ),
                by="ketoan",
            ),
            "result": ready,
            "certificate": certificate,
            "invoice": invoice,
            "type": kind,
        }
        ids = {f"{name}_id": one.id for name, one in made.items()}
        service = session.get_one(Service, waiting.service_id)
        for name, discipline in MEASURED.items():
            of = factories.service(session, discipline)
            ids[name] = factories.item(session, None, of).id
    return ids | {
        "customer_id": holder,
        "item_id": waiting.id,
        "order_id": waiting.order_id,
        "service_id": service.id,
        "method_id": service.method_id,
    }


def reached(route, something):
    """Return the address of a form about something that is there."""
    last = route.rpartition("/")[2]
    known = something | ({"item_id": something[last]} if last in MEASURED else {})
    return address(re.sub(r"<uuid:(\w+)>", lambda found: str(known.get(found[1], found[0])), route))


MEASURED = {"calibration": Discipline.CALIBRATION, "testing": Discipline.TESTING}
"""Items that have forms of their own at the bench."""


def asked(page):
    """Name the fields of a form, of many rows alike the first."""
    alike = {re.sub(r"\d+|[0-9a-f-]{36}", "", name): name for name in reversed(fields_of(page))}
    return sorted(alike.values())


@pytest.mark.parametrize("row", forms(), ids=lambda row: row["route"])
def test_a_form_filled_in_badly_comes_back_with_a_sentence(client, signed_in, something, row):
    who = row["who"].strip()
    browser = client if who == "public" else signed_in(min(allowed(who)))
    form = reached(row["route"], something)
    page = browser.get(form)
    assert page.status_code in (200, 409), page.text[:2000]

    for name in [*asked(page.text), "_nothing"]:
        for kind, value in NASTY.items():
            before = told()
            answer = browser.post(form, data={} if value is None else {name: value})
            assert answer.status_code < 500, f"{name} {kind}: {answer.text[:500]}"
            assert answer.status_code < 400 or told() == before, f"{name} {kind}: half-written"
            if answer.status_code == 422:
                assert re.search(r'class="(wrong|said said-bad)|role="alert"', answer.text), kind


ASKED = (
    *("q", "area", "discipline", "field", "class", "contract", "state", "after", "from", "part"),
    *("year", "month", "order", "first", "last", "service", "name", "scan", "type_id_text"),
    *("customer", "requester_id", "requester_id_text", "payer_id", "blocks.0.service_id"),
)
"""What addresses of ours ask for, by name."""


@pytest.mark.parametrize("nasty", ["\0²", "9" * 40, "x" * 5_000])
def test_an_address_that_asks_for_nonsense_is_read_as_far_as_it_makes_sense(
    signed_in, something, nasty
):
    browser = signed_in(Role.DIRECTOR, Role.RECEPTION, Role.TECHNICIAN, Role.ADMIN)
    asked_for = {"measure": "received"} | dict.fromkeys(ASKED, nasty)
    shown = [row["route"] for row in table() if row["method"] == "GET"]

    answers = {
        route: browser.get(reached(route, something), query_string=asked_for).status_code
        for route in shown
        if not route.startswith(("/api/", "/c/", "/logout"))
    }

    assert [route for route, status in answers.items() if status >= 500] == []
