"""The header and the menu stay where they are, however far one scrolls; paper has neither."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import DESKTOP, PHONE
from tests.browser.test_counter import PAGES
from tests.deployments import EMBEDDED

pytestmark = pytest.mark.parametrize("deployment", [EMBEDDED], indirect=True)

EVERYWHERE = ("/help/flow", "/api/v1/docs", "/no-such-page")

LENGTHEN = "document.querySelector('main').style.minHeight = '4000px'"
SCROLL = "scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })"
EDGES = """() => [".top", ".side"].map((name) => {
  const { top, bottom } = document.querySelector(name).getBoundingClientRect();
  return [Math.round(top), Math.round(bottom)];
})"""


def scroll(page):
    """Go to the end of a page that is longer than the screen."""
    page.evaluate(LENGTHEN)
    page.evaluate(SCROLL)
    assert page.evaluate("scrollY") > page.viewport_size["height"]


def is_printed(page, selector):
    page.emulate_media(media="print")
    shown = [part.is_visible() for part in page.locator(selector).all()]
    page.emulate_media(media="screen")
    return any(shown)


def scrolled_pages(seat, size):
    """Open every page, one role after the other, and go to its end."""
    for login, paths in PAGES.items():
        clerk = seat(login, size=size)
        for path in (*paths, *(EVERYWHERE if login == "tiepnhan" else ())):
            clerk.open(path)
            scroll(clerk.page)
            yield clerk.page, path
        clerk.faults.clear()  # the page that is not there


def test_scrolling_below_one_screen_leaves_the_header_and_the_menu(seat):
    for page, path in scrolled_pages(seat, DESKTOP):
        (top, bottom), (menu, end) = page.evaluate(EDGES)
        assert (top, menu, end) == (0, bottom, DESKTOP["height"]), path
        assert not is_printed(page, ".top, .side, .menu-shade"), path


def test_scrolling_on_a_telephone_leaves_the_header_and_its_way_to_the_menu(seat):
    for page, path in scrolled_pages(seat, PHONE):
        (top, bottom), _ = page.evaluate(EDGES)
        assert top == 0, path
        assert bottom < PHONE["height"] / 6, path
        assert not is_printed(page, ".top, .side, .menu-shade"), path
        if not page.locator("#api").count():  # Swagger UI takes every #… of its page for its own
            page.locator(".menu-open").click()
            expect(page.locator(".side"), path).to_be_in_viewport()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_a_link_leads_to_is_not_hidden_under_the_header(seat, size):
    clerk = seat("tiepnhan", size=size)
    clerk.open("/help/flow")
    page = clerk.page
    page.evaluate(LENGTHEN)
    page.evaluate("document.querySelector('.prose h2:last-of-type').id = 'last'")

    page.evaluate("location.hash = '#last'")

    header = page.locator(".top").bounding_box()
    assert page.locator("#last").bounding_box()["y"] >= header["y"] + header["height"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_public_check_keeps_its_header_on_the_screen_only(seat, size):
    clerk = seat("tiepnhan", size=size)
    clerk.open("/c/")
    scroll(clerk.page)

    assert clerk.page.locator("header").bounding_box()["y"] == 0
    assert not is_printed(clerk.page, "button, form")
