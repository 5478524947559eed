"""The page of the API: drawn without a word to the outside, on a screen and on a telephone."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import DESKTOP, PHONE
from tests.deployments import EMBEDDED

pytestmark = pytest.mark.parametrize("deployment", [EMBEDDED], indirect=True)
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_every_operation_is_drawn_and_nothing_is_asked_elsewhere(seat, size):
    clerk = seat("tiepnhan", size=size)
    page, asked = clerk.page, []
    page.on("request", lambda request: asked.append(request.url))
    clerk.open("/api/v1/docs")
    described = page.request.get(page.url.replace("docs", "openapi.json")).json()
    operations = sum(len(METHODS & set(each)) for each in described["paths"].values())

    expect(page.locator(".opblock")).to_have_count(operations)
    page.locator(".opblock-summary-control", has_text="Take in an order of one").click()
    expect(page.locator(".opblock.is-open")).to_contain_text("Who may ask: reception.")
    expect(page.locator(".opblock.is-open")).to_contain_text("serial")

    home = page.url.split("/api/")[0]
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
