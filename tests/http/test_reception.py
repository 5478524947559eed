import re

import pytest
from lxml import html
from sqlalchemy import event, select

from lims.customers.models import Customer
from lims.kernel import db
from lims.reception import queries
from lims.reception.models import Item, Order
from lims.vocabulary import Discipline, ItemState, Role
from tests import factories

NEW = "/reception/orders/new"


@pytest.fixture
def clerk(signed_in):
    return signed_in(Role.RECEPTION, login="lan")


@pytest.fixture
def made(app):
    """A customer and a service to be asked for; ids and words only."""
    with db.transaction() as session:
        customer = factories.customer(session, name="Chợ Rạch Sỏi", folded="cho rach soi")
        service = factories.service(session, code="KD-CDH")
        contract = factories.contract(session, customer)
        return {
            "customer": str(customer.id),
            "service": str(service.id),
            "contract": str(contract.id),
            "number": contract.number,
        }


def form(made, **said):
    return {
        "_key": factories.key(),
        "requester_id": made["customer"],
        "blocks.0.service_id": made["service"],
        "blocks.0.serials": "A001..A040",
        "place": "laboratory",
        "certificate_mode": "list",
    } | said


def page(answer, status=200):
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def orders():
    with db.reading() as session:
        return session.scalars(select(Order).order_by(Order.number)).all()


def items(order):
    with db.reading() as session:
        return queries.items_of(session, order.id)


def said_in(document):
    return " ".join(document.text_content().split())


def test_from_home_to_the_printer_are_three_pages(clerk, made):
    home = page(clerk.get("/"))
    assert home.xpath(f"//main//a[@href='{NEW}']")
    assert page(clerk.get(NEW)).xpath("//textarea[@name='blocks.0.serials']")

    answer = clerk.post(NEW, data=form(made, contract_id=made["contract"]))

    assert answer.status_code == 303
    shown = page(clerk.get(answer.location))
    (link,) = shown.xpath("//a[@data-print-now]/@data-print-url")
    assert clerk.head(link).status_code == 200
    assert clerk.get(link).data.startswith(b"%PDF-")
    (order,) = orders()
    assert (order.item_count, str(order.contract_id)) == (40, made["contract"])
    assert len(shown.xpath("//tbody/tr")) == 40


def test_the_same_form_sent_twice_is_received_once(clerk, made):
    twice = form(made)

    first, second = clerk.post(NEW, data=twice), clerk.post(NEW, data=twice)

    assert first.location == second.location
    assert len(orders()) == 1


@pytest.mark.parametrize("code", ["kd-cdh", "KD-CDH · Kiểm định cân", "can dong ho"])
def test_without_javascript_names_and_codes_are_typed(clerk, made, code):
    picked = {"requester_id": "", "blocks.0.service_id": ""}
    typed = {"requester_id_text": "cho rach soi", "blocks.0.service_id_text": code}

    answer = clerk.post(NEW, data=form(made) | picked | typed)

    assert answer.status_code == 303
    assert str(orders()[0].requester_id) == made["customer"]


def test_without_javascript_the_contracts_are_asked_for_by_a_button(clerk, made):
    asked = page(clerk.get(NEW, query_string={"requester_id_text": "cho rach soi", "note": "gấp"}))

    (box,) = asked.xpath("//select[@name='contract_id']")
    assert made["contract"] in box.xpath("option/@value")
    assert asked.xpath("//textarea[@name='note']")[0].text.strip() == "gấp"


def test_an_address_that_names_nobody_fills_nothing_in(clerk, made):
    asked = page(clerk.get(NEW + "?requester_id=nonsense&payer_id_text=nobody"))

    assert asked.xpath("//select[@name='contract_id']/option/@value") == [""]


def test_once_a_customer_is_picked_contract_and_service_fill_themselves_in(clerk, made):
    clerk.post(NEW, data=form(made, contract_id=made["contract"]))

    filled = clerk.get("/reception/agreement", query_string={"requester_id": made["customer"]})
    chosen = clerk.get(
        "/reception/agreement",
        query_string={
            "requester_id": made["customer"],
            "blocks.0.service_id": made["service"],
        },
    )

    document = page(filled)
    assert document.xpath("//option[@selected]/@value") == [made["contract"]]
    assert document.xpath("//*[@hx-swap-oob]//input/@data-value") == [made["service"]]
    assert "hx-swap-oob" not in chosen.text


def test_the_browser_remembers_what_was_taken_in_last(clerk, made):
    clerk.post(NEW, data=form(made))

    again = page(clerk.get(NEW))

    assert again.xpath("//input[@name='blocks.0.service_id']/@data-value") == [made["service"]]
    assert again.xpath("//input[@name='certificate_mode'][@checked]/@value") == ["list"]
    clerk.set_cookie("usual", "nonsense")
    forgotten = page(clerk.get(NEW))
    assert forgotten.xpath("//input[@name='certificate_mode'][@checked]/@value") == ["each"]


def test_a_new_customer_is_entered_on_the_same_page(clerk, made):
    said = form(made, new_name="Bà Năm Hến", new_kind="person")
    del said["requester_id"]

    answer = clerk.post(NEW, data=said)

    assert answer.status_code == 303
    with db.reading() as session:
        added = session.scalars(select(Customer).where(Customer.name == "Bà Năm Hến")).one()
    assert orders()[0].requester_id == added.id


def test_several_kinds_of_items_come_in_one_order(clerk, made):
    with db.transaction() as session:
        testing = factories.service(session, Discipline.TESTING, code="TN-XANG")
        testing_id = str(testing.id)

    clerk.post(
        NEW,
        data=form(
            made,
            **{
                "blocks.0.serials": "A1\tBà Năm\tRạch Giá\nA2",
                "blocks.0.user_name": "Chợ",
                "blocks.2.service_id": testing_id,
                "blocks.2.what": "Xăng RON 95",
                "blocks.4.service_id": made["service"],
                "blocks.4.quantity": "3",
            },
        ),
    )

    (order,) = orders()
    received = items(order)
    assert [one.user_name for one in received[:2]] == ["Bà Năm", "Chợ"]
    samples = [item for item in received if item.discipline is Discipline.TESTING]
    assert [sample.description for sample in samples] == ["Xăng RON 95"]
    assert [one.serial for one in received[3:]] == ["", "", ""]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"requester_id": ""}, "requester_id"),
        ({"requester_id": "", "requester_id_text": "nobody"}, "requester_id"),
        ({"new_name": "Bà Năm"}, "new_name"),
        ({"requester_id": "", "new_name": "Bà Năm", "new_tax_code": "12"}, "new_tax_code"),
        ({"place": "moon"}, "place"),
        ({"promised_on": "2020-01-01"}, "promised_on"),
        ({"blocks.0.service_id": ""}, "blocks.0.service_id"),
        ({"blocks.0.service_id": "", "blocks.0.serials": ""}, "blocks.0.service_id"),
        (
            {"blocks.0.service_id": "", "blocks.0.service_id_text": "nothing of ours"},
            "blocks.0.service_id",
        ),
        ({"blocks.0.serials": ""}, "blocks.0.serials"),
        ({"blocks.0.serials": "A5..A1"}, "blocks.0.serials"),
        ({"blocks.0.serials": "A1\na1"}, "blocks.0.serials"),
        ({"blocks.0.quantity": "41"}, "blocks.0.quantity"),
    ],
)
def test_a_form_that_cannot_be_accepted_comes_back_as_it_was_typed(clerk, made, wrong, field):
    shown = page(clerk.post(NEW, data=form(made, note="gấp lắm") | wrong), 422)

    assert shown.xpath(f"//*[@id='e-{field.replace('.', '-')}']"), said_in(shown)
    assert shown.xpath("//textarea[@name='note']")[0].text.strip() == "gấp lắm"
    assert orders() == []


def test_a_refused_row_is_named_as_it_was_typed(clerk, made):
    clerk.set_cookie("lang", "en")

    shown = page(clerk.post(NEW, data=form(made, **{"blocks.0.serials": "A1\n\na1"})), 422)

    (sentence,) = shown.xpath("//*[@id='e-blocks-0-serials']")
    assert said_in(sentence).startswith("Row 3: Serial number a1 is in the list already, in row 1")


def test_the_sample_has_to_be_described(clerk, made):
    with db.transaction() as session:
        testing = str(factories.service(session, Discipline.TESTING).id)

    shown = page(clerk.post(NEW, data=form(made, **{"blocks.0.service_id": testing})), 422)

    assert shown.xpath("//*[@id='e-blocks-0-what']")


def test_lookups_find_without_accents(clerk, made):
    customers = page(clerk.get("/reception/suggest/customers?q=rach"))
    services = page(clerk.get("/reception/suggest/services?q=can dong ho"))

    assert customers.xpath("//@data-id") == [made["customer"]]
    assert services.xpath("//@data-id") == [made["service"]]
    assert clerk.get("/reception/suggest/customers?q=").text.strip() == ""


def test_lists_are_for_everyone_and_intake_for_reception(clerk, signed_in, made):
    clerk.post(NEW, data=form(made))
    technician = signed_in(Role.TECHNICIAN)

    assert "N26-00001" in said_in(page(technician.get("/reception")))
    assert len(page(technician.get("/reception/items")).xpath("//tbody/tr")) == 40
    assert technician.get(NEW).status_code == 403
    assert technician.post(NEW, data=form(made)).status_code == 403


def test_lists_are_filtered_searched_and_paged(clerk, made):
    clerk.post(NEW, data=form(made, **{"blocks.0.serials": "A001..A120"}))

    def codes(query):
        return page(clerk.get("/reception/items" + query)).xpath("//tbody/tr/td[1]/a/text()")

    first = page(clerk.get("/reception/items?state=received&discipline=verification"))
    (following,) = first.xpath("//a[@rel='next']/@href")
    assert len(first.xpath("//tbody/tr")) == 50
    assert len(page(clerk.get(following)).xpath("//tbody/tr")) == 50
    assert codes("?state=checked") == []
    assert codes("?state=nonsense&q=a007") == ["N26-00001-007"]
    assert "N26-00001" in said_in(page(clerk.get("/reception?q=A007")))
    assert page(clerk.get("/reception?q=zzz")).xpath("//*[@class='empty-state']")


def test_an_empty_centre_says_what_to_do_next(clerk, signed_in):
    assert page(clerk.get("/reception")).xpath(f"//*[@class='empty-state']/a[@href='{NEW}']")
    assert page(signed_in(Role.QUALITY).get("/reception")).xpath("//*[@class='empty-state']")
    assert page(clerk.get("/reception/items")).xpath("//*[@class='empty-state']")


def test_a_long_order_is_shown_in_parts(clerk, made):
    answer = clerk.post(NEW, data=form(made, **{"blocks.0.serials": "A001..A250"}))
    first = page(clerk.get(answer.location))

    (following,) = first.xpath("//a[@rel='next']/@href")

    assert len(first.xpath("//tbody/tr")) == 200
    assert len(page(clerk.get(following)).xpath("//tbody/tr")) == 50


def test_an_order_is_cancelled_with_its_reason(clerk, made):
    clerk.post(NEW, data=form(made))
    (order,) = orders()
    address = f"/reception/orders/{order.id}/cancel"

    refused = clerk.post(address, data={"_key": "1"})
    answer = clerk.post(address, data={"_key": "2", "reason": "khách rút"})

    assert page(refused, 422).xpath("//*[@id='e-reason']")
    assert len(page(clerk.get(answer.location)).xpath("//tbody/tr")) == 40
    assert {one.state for one in items(order)} == {ItemState.CANCELLED}
    assert clerk.post(address, data={"_key": "3", "reason": "nữa"}).status_code == 409


def test_an_item_shows_its_history_while_it_is_still_being_recorded(clerk, made):
    clerk.post(NEW, data=form(made, **{"blocks.0.condition": "mất niêm phong"}))
    first, *_ = items(orders()[0])
    address = f"/reception/items/{first.id}"
    assert page(clerk.get(f"{address}/cancel")).xpath("//textarea[@name='reason']")

    clerk.post(f"{address}/cancel", data={"_key": "1", "reason": "nhận nhầm"})
    vietnamese = said_in(page(clerk.get(address)))
    clerk.set_cookie("lang", "en")
    english = said_in(page(clerk.get(address)))

    assert "mất niêm phong" in vietnamese
    assert "Hủy phương tiện, mẫu" in vietnamese
    assert "nhận nhầm" in english
    assert "Item cancelled" in english
    assert "being recorded" in english


def test_a_scanned_label_leads_to_its_item(clerk, made):
    clerk.post(NEW, data=form(made))
    (order,) = orders()
    first, *_ = items(order)

    def leads_to(q):
        return clerk.get("/search", query_string={"q": q}).location

    assert leads_to(first.code.lower()) == f"/reception/items/{first.id}"
    assert leads_to(order.number) == f"/reception/orders/{order.id}"
    assert leads_to(f"http://127.0.0.1:8000/reception/orders/{order.id}").endswith(str(order.id))
    assert leads_to("http://127.0.0.1:8000//elsewhere") == "/"


def test_one_box_finds_orders_items_and_customers(clerk, made):
    clerk.post(NEW, data=form(made))

    found = page(clerk.get("/search?q=rach soi"))
    serials = page(clerk.get("/search?q=a03"))
    nothing = page(clerk.get("/search?q=zzzz"))

    assert any("Chợ Rạch Sỏi" in text for text in found.xpath("//tbody//a/text()"))
    assert any("A031" in text for text in serials.xpath("//tbody//a/text()"))
    assert nothing.xpath("//*[@class='empty-state']")
    assert page(clerk.get("/search")).xpath("//*[@class='empty-state']")


def test_home_shows_what_came_in_today_and_what_waits_for_its_owner(clerk, made):
    clerk.post(NEW, data=form(made))
    with db.transaction() as session:
        order = factories.order(session, number="N26-77777", place="laboratory")
        factories.item(session, order, state=ItemState.AUTHORISED)

    home = said_in(page(clerk.get("/")))

    assert "N26-00001" in home
    assert "N26-77777 · 1" in home


@pytest.fixture
def machine(clerk):
    """Ask as a program does."""

    def ask(method, path, **more):
        headers = {"Idempotency-Key": factories.key(), "Accept-Language": "en"}
        return clerk.open("/api/v1" + path, method=method, headers=headers, **more)

    return ask


TYPED = {
    "blocks.0.manufacturer": "Cân Nhơn Hòa",
    "blocks.0.country": "Việt Nam",
    "blocks.0.model": "NHS-30",
    "blocks.0.year": "2021",
    "blocks.0.characteristics.max": "30",
    "blocks.0.characteristics.d": "100",
}


def test_particulars_are_asked_once_for_a_list_and_remembered_when_it_comes_again(clerk, made):
    asked = page(clerk.get(NEW, query_string={"blocks.0.service_id": made["service"]}))
    assert asked.xpath("//details//input[@name='blocks.0.characteristics.max']")
    assert asked.xpath("//details//input[@name='blocks.1.manufacturer']")

    clerk.post(NEW, data=form(made, **TYPED))
    clerk.post(NEW, data=form(made, **{"blocks.0.model": "NHS-60"}))

    first, again = (items(order)[0] for order in orders())
    assert (first.manufacturer, first.country, first.model) == (
        "Cân Nhơn Hòa",
        "Việt Nam",
        "NHS-30",
    )
    assert (first.year, first.characteristics) == (2021, {"max": "30", "d": "100"})
    assert (again.manufacturer, again.model, again.year) == ("Cân Nhơn Hòa", "NHS-60", 2021)
    assert again.characteristics == first.characteristics
    shown = said_in(page(clerk.get(f"/reception/items/{first.id}")))
    assert "Cân Nhơn Hòa" in shown
    assert "Mức cân lớn nhất: 30 kg; Giá trị độ chia: 100 g" in shown
    registry = said_in(page(clerk.get(f"/instruments/{first.instrument_id}")))
    assert "NHS-60" in registry
    assert "Mức cân lớn nhất: 30 kg" in registry


def test_every_particular_is_asked_on_the_page_of_intake_kept_and_shown(clerk, made):
    typed = {name: str(value) for name, value in factories.PARTICULARS.items()}
    typed["characteristics.max"] = factories.PARTICULARS["characteristics"]["max"]
    del typed["characteristics"]
    asked = page(clerk.get(NEW, query_string={"blocks.0.service_id": made["service"]}))
    boxes = {f"blocks.0.{name}": value for name, value in typed.items()}
    assert boxes.keys() <= set(asked.xpath("//input/@name"))

    clerk.post(NEW, data=form(made, **boxes))

    (item,) = items(orders()[0])[:1]
    pages = (f"/reception/items/{item.id}", f"/instruments/{item.instrument_id}")
    for address in (*pages, f"/instruments/{item.instrument_id}/edit"):
        text = clerk.get(address).text
        assert [value for value in typed.values() if value not in text] == []


@pytest.mark.parametrize(
    ("box", "typed", "sentence"),
    [
        ("characteristics.max", "ba mươi", "không phải là số theo đơn vị kg"),
        ("year", "2090", "Năm sản xuất chưa tới"),
        ("year", "90", "bốn chữ số"),
    ],
)
def test_a_particular_that_cannot_be_is_refused_beside_its_box(clerk, made, box, typed, sentence):
    answer = clerk.post(NEW, data=form(made, **{f"blocks.0.{box}": typed}))

    beside = page(answer, 422).get_element_by_id(f"e-blocks-0-{box.replace('.', '-')}")
    assert sentence in beside.text_content()
    assert orders() == []


def test_the_boxes_of_what_an_instrument_can_do_follow_the_service(clerk, made):
    picked = {"blocks.3.service_id": made["service"]}
    boxes = page(clerk.get("/reception/characteristics", query_string=picked))
    none = clerk.get("/reception/characteristics", query_string={"blocks.3.service_id": ""})

    assert boxes.xpath("//input/@name") == [
        "blocks.3.characteristics.max",
        "blocks.3.characteristics.d",
    ]
    assert "input" not in none.text


def test_a_machine_gives_and_reads_particulars(machine, made):
    scale = {"service": "KD-CDH", "serial": "A1", **factories.PARTICULARS}

    order = machine("POST", "/orders", json=body(made, scale)).json
    unlisted = machine("POST", "/orders", json=body(made, scale | {"characteristics": {"x": "1"}}))

    item = machine("GET", f"/items/{order['items'][0]['id']}").json
    registered = machine("GET", f"/instruments/{item['instrument_id']}").json
    for name, value in factories.PARTICULARS.items():
        assert item[name] == registered[name] == value
    assert [error["pointer"] for error in unlisted.json["errors"]] == ["/items/0/characteristics"]


def body(made, *rows, **said):
    return {
        "requester_id": made["customer"],
        "place": "laboratory",
        "certificate": "each",
        "items": list(rows) or [{"service": "KD-CDH", "serial": "A1"}],
    } | said


def test_a_machine_receives_a_thousand_items_in_one_call(machine, made):
    rows = [{"service": "KD-CDH", "serial": f"A{n}"} for n in range(1_000)]

    answer = machine("POST", "/orders", json=body(made, *rows, contract_id=made["contract"]))

    assert answer.status_code == 201
    assert answer.json["number"] == "N26-00001"
    assert answer.json["items"][999]["code"] == "N26-00001-1000"
    assert answer.location.endswith(answer.json["id"])
    assert machine("GET", f"/orders/{answer.json['id']}").json == answer.json


def test_a_machine_is_told_which_rows_are_wrong(machine, made):
    rows = [
        {"service": "KD-CDH", "serial": "A1"},
        {"service": "KD-CDH", "serial": "a1"},
    ]

    twice = machine("POST", "/orders", json=body(made, *rows))
    unknown = machine("POST", "/orders", json=body(made, {"service": "none"}))
    unread = machine("POST", "/orders", json=body(made, {"service": "KD-CDH", "serial": 7}))

    assert twice.status_code == unknown.status_code == unread.status_code == 422
    assert [one["pointer"] for one in twice.json["errors"]] == ["/items/1/serial"]
    assert [one["pointer"] for one in unknown.json["errors"]] == ["/items/0/service"]
    assert [one["pointer"] for one in unread.json["errors"]] == ["/items/0/serial"]
    assert orders() == []


def test_a_machine_reads_orders_and_items_page_by_page(machine, made):
    for n in range(3):
        machine("POST", "/orders", json=body(made, {"service": "KD-CDH", "serial": f"A{n}"}))

    first = machine("GET", "/orders?limit=2").json
    second = machine("GET", f"/orders?limit=2&after={first['next']}").json
    found = machine("GET", "/items?state=received&discipline=verification&q=a1").json
    (one,) = found["items"]

    assert [len(first["items"]), len(second["items"]), second["next"]] == [2, 1, None]
    assert machine("GET", f"/items/{one['id']}").json["serial"] == "A1"
    assert machine("GET", "/items?state=lost").status_code == 422


def test_a_machine_cancels_an_order(machine, made):
    made_id = machine("POST", "/orders", json=body(made)).json["id"]

    answer = machine("POST", f"/orders/{made_id}/cancel", json={"reason": "khách rút"})

    assert [one["state"] for one in answer.json["items"]] == ["cancelled"]
    again = machine("POST", f"/orders/{made_id}/cancel", json={"reason": "khách rút"})
    assert again.status_code == 409


def test_what_is_not_there_is_not_found(clerk, made):
    nowhere = made["customer"]
    for address in (f"orders/{nowhere}", f"items/{nowhere}", f"orders/{nowhere}/slip.pdf"):
        assert clerk.get(f"/reception/{address}").status_code == 404
    with db.reading() as session:
        assert session.scalars(select(Item)).all() == []


@pytest.fixture
def statements(database):
    """Every SELECT that the web process sends, by the tables it reads."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT") and "FROM" in statement:
            seen.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    yield seen
    event.remove(db.engine(), "before_cursor_execute", note)


def test_an_order_of_a_machine_reads_nothing_twice(machine, made, statements):
    machine("POST", "/orders", json=body(made))
    statements.clear()

    machine("POST", "/orders", json=body(made, {"service": "KD-CDH", "serial": "A2"}))

    read = [re.search(r"FROM (\w+)", statement)[1] for statement in statements]
    assert sorted(read) == ["customer", "holiday", "instrument", "person", "service"]


def test_an_order_of_the_page_reads_nothing_twice(clerk, made, statements):
    clerk.post(NEW, data=form(made))
    statements.clear()

    clerk.post(NEW, data=form(made, **{"blocks.0.serials": "B001"}))

    read = [re.search(r"FROM (\w+)", statement)[1] for statement in statements]
    assert sorted(read) == ["customer", "holiday", "instrument", "person", "service"]
