"""The counter: a walk-in in six actions; pages that fit a telephone and speak English."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import PHONE
from tests.deployments import EMBEDDED

pytestmark = pytest.mark.parametrize("deployment", [EMBEDDED], indirect=True)

PAGES = {
    "tiepnhan": ("/", "/reception", "/reception/orders/new", "/reception/items", "/customers"),
    "kiemdinh": ("/", "/bench"),
    "soatlai": ("/", "/review"),
    "giamdoc": ("/", "/certificates", "/certificates/sign"),
    "ketoan": ("/", "/billing", "/billing/invoices", "/billing/money", "/autonomy"),
    "sep": ("/", "/tallies", "/contracts", "/indicators"),
    "quantri": (
        "/admin/people",
        "/admin/deliveries",
        "/admin/parameters",
        "/admin/holidays",
        "/catalogue",
    ),
}


def test_a_walk_in_with_one_gauge_and_cash_takes_six_actions(seat):
    clerk = seat("tiepnhan")
    clerk.begin()
    clerk.click("main a[href='/reception/walk-in']")
    clerk.type("#f-customer_id", "Danh Sóc Khen")
    clerk.type("#f-service_id", "ap ke", enter=True)
    expect(clerk.page.locator("[name=service_id]")).not_to_have_value("")
    clerk.type("#f-serial", "AK-2209")
    clerk.photograph("walk-in")
    clerk.click("button[data-main]")
    clerk.sees_print()

    assert clerk.actions <= 6, f"{clerk.actions} actions for a walk-in"
    clerk.sees("AK-2209")
    clerk.sees("84.000")


def test_an_order_is_taken_in_with_the_keyboard_alone(seat):
    clerk = seat("tiepnhan")
    clerk.open("/reception/orders/new")
    keyboard = clerk.page.keyboard
    keyboard.type("rach gia")
    keyboard.press("Enter")
    expect(clerk.page.locator("[name=requester_id]")).not_to_have_value("")
    held = []  # the server answers after this clerk has typed on and sent
    clerk.page.route("**/*?q=*", lambda route: held.append(route))  # noqa: PLW0108 - a builtin takes no part in it
    clerk.page.locator("#f-blocks-0-service_id").focus()
    keyboard.type("dong ho lo xo 30")
    keyboard.press("Enter")
    clerk.page.locator("#f-blocks-0-serials").focus()
    keyboard.type("K001..K003")
    keyboard.press("Control+Enter")
    for route in held:
        route.continue_()

    clerk.sees_print()
    clerk.sees("K003")


def test_every_role_has_pages_that_fit_a_telephone_and_speak_english(seat):
    for login, paths in PAGES.items():
        clerk = seat(login, size=PHONE)
        clerk.page.locator("button[lang=en]").click()
        for path in paths:
            clerk.open(path)
            assert clerk.page.locator("html").get_attribute("lang") == "en"
            wide = clerk.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"], f"{path} is {wide} wide"


PREFILLED = """() => { for (const box of document.querySelectorAll("[role=combobox], input[list]"))
  box.value = "Đồng hồ áp suất kiểu lò xo"; }"""


def by_click(box):
    box.click()


def by_keyboard(box):
    box.focus()


@pytest.mark.parametrize("enter", [by_click, by_keyboard])
def test_a_prefilled_box_is_marked_on_focus_so_that_typing_replaces_it(seat, enter):
    pages = {
        "tiepnhan": ("/reception/orders/new", "/reception/walk-in", "/instruments/new"),
        "ketoan": ("/contracts/new",),
    }
    for login, paths in pages.items():
        clerk = seat(login)
        for path in paths:
            clerk.open(path)
            clerk.page.evaluate(PREFILLED)
            boxes = clerk.page.locator("[role=combobox]:visible, input[list]:visible").all()
            assert boxes, path
            for box in boxes:
                clerk.page.locator("h1").click()
                enter(box)
                clerk.page.keyboard.type("cân")
                expect(box).to_have_value("cân")
                clerk.page.keyboard.press("Escape")


def test_a_box_in_which_one_types_already_is_not_marked_again_by_a_click(seat):
    clerk = seat("tiepnhan")
    clerk.open("/reception/walk-in")
    box = clerk.page.locator("#f-service_id")
    box.click()
    clerk.page.keyboard.type("ap ke")

    box.click()

    assert box.evaluate("box => box.selectionStart === box.selectionEnd")


def take_in_a_walk_in(clerk):
    """Take one in, and print its slip."""
    clerk.open("/reception/walk-in")
    clerk.type("#f-customer_id", "Danh Sóc Khen")
    clerk.type("#f-service_id", "ap ke", enter=True)
    expect(clerk.page.locator("[name=service_id]")).not_to_have_value("")
    clerk.type("#f-serial", "AK-2209")
    clerk.click("button[data-main]")
    clerk.sees_print()


def assert_prints_no_more(page):
    page.wait_for_selector("html[data-ready='1']", state="attached")
    page.wait_for_timeout(1_500)
    assert page.locator(".print-frame").count() == 0
    assert page.locator("html[data-printed]").count() == 0


def test_reload_of_a_page_that_printed_or_back_to_it_prints_nothing_again(seat):
    clerk = seat("tiepnhan")
    take_in_a_walk_in(clerk)
    address = clerk.page.url
    assert "print" not in address

    clerk.page.reload()
    assert_prints_no_more(clerk.page)

    clerk.open("/reception")
    clerk.page.go_back()
    assert clerk.page.url == address
    assert_prints_no_more(clerk.page)


def test_the_address_of_a_page_that_prints_is_consumed_when_it_is_opened(seat):
    clerk = seat("tiepnhan")
    take_in_a_walk_in(clerk)
    clerk.open(clerk.page.url.removeprefix(clerk.base) + "?print=now&said=1")
    clerk.sees_print()

    assert clerk.page.url.endswith("?said=1")
    clerk.page.reload()
    assert_prints_no_more(clerk.page)
