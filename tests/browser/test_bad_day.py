"""A bad day at the counter: what was typed survives the browser, the session and the colleague."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import PASSWORD
from tests.deployments import EMBEDDED

pytestmark = pytest.mark.parametrize("deployment", [EMBEDDED], indirect=True)

NEW = "/reception/orders/new"
SERIALS = "\n".join(f"BD{number:03}" for number in range(40))
BOX = "#f-blocks-0-serials"
BACK = "main .said-note button[type=submit]"


DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"


def fill_in(clerk):
    clerk.open(NEW)
    clerk.type("#f-requester_id", "rach gia", enter=True)
    expect(clerk.page.locator("[name=requester_id]")).not_to_have_value("")
    clerk.type("#f-blocks-0-service_id", "dong ho lo xo 30", enter=True)
    expect(clerk.page.locator("[name='blocks.0.service_id']")).not_to_have_value("")
    clerk.type(BOX, SERIALS)


def test_what_was_typed_before_the_browser_closed_is_offered_again(seat):
    clerk = seat("tiepnhan")
    fill_in(clerk)
    clerk.page.close(run_before_unload=False)

    clerk.page = clerk.page.context.new_page()
    clerk.open(NEW)
    clerk.click(BACK)

    expect(clerk.page.locator(BOX)).to_have_value(SERIALS)
    clerk.click("button[data-main]")
    clerk.sees("BD039")
    clerk.open(NEW)
    expect(clerk.page.locator(BACK)).to_have_count(0)


def test_what_was_typed_goes_through_an_ended_session_and_is_sent_once(seat):
    clerk = seat("tiepnhan")
    fill_in(clerk)
    clerk.page.context.clear_cookies()
    clerk.click("button[data-main]")

    clerk.was_refused(401)
    clerk.type("#f-name", "tiepnhan")
    clerk.type("#f-password", PASSWORD)
    clerk.click("button[data-main]")
    clerk.click("button[data-main]")

    expect(clerk.page.locator(BOX)).to_have_value(SERIALS)
    clerk.click("button[data-main]")
    clerk.sees("BD039")


def test_signing_out_leaves_nothing_on_the_device(seat):
    clerk = seat("tiepnhan")
    fill_in(clerk)
    clerk.page.wait_for_timeout(600)  # the draft is written when one stops typing
    assert clerk.page.evaluate(DRAFTS) != []
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.click("details.person summary")
    clerk.click("form[action='/logout'] button")

    assert clerk.page.evaluate(DRAFTS) == []


def test_of_two_who_edit_a_customer_the_second_takes_what_the_first_entered(seat):
    first, second = seat("tiepnhan"), seat("tiepnhan")
    first.open("/customers")
    first.click("main table a")
    path = first.page.url.removeprefix(first.base) + "/edit"
    first.open(path)
    second.open(path)
    first.type("#f-phone", "0297 1")
    first.click("button[data-main]")
    second.type("#f-phone", "0297 2")
    second.type("#f-address", "Chợ mới")
    second.click("button[data-main]")

    second.was_refused(409)
    second.click("[data-take]")
    expect(second.page.locator("#f-phone")).to_have_value("0297 1")
    second.click("button[data-main]")
    second.sees("Chợ mới")
    second.sees("0297 1")
