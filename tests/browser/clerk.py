"""A person at a screen, whose actions are counted: a click, a pick, a typed field."""

import re
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, expect

from lims.config import ROOT

PASSWORD = "mật khẩu thử"
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
IMAGES = ROOT / "docs" / "images"


@dataclass
class Clerk:
    """One signed-in person in a browser of their own."""

    page: Page
    base: str
    actions: int = 0
    faults: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Start counting, at the role's home page."""
        self.page.goto(self.base + "/")
        self.actions = 0

    def click(self, selector: str) -> None:
        """Click something."""
        self.actions += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state("load")

    def type(self, selector: str, text: str, *, enter: bool = False) -> None:
        """Type into a field; Enter at its end takes the first suggestion."""
        self.actions += 1
        box = self.page.locator(selector)
        box.fill(text)
        if enter:
            box.press("Enter")

    def pick(self, selector: str, value: str) -> None:
        """Choose from a list: open it and choose."""
        self.actions += 2
        self.page.locator(selector).select_option(value)

    def open(self, path: str) -> None:
        """Go somewhere without counting."""
        self.page.goto(self.base + path)

    def sees(self, text: str) -> None:
        """Expect a text on the page."""
        expect(self.page.locator("main")).to_contain_text(text)

    def was_refused(self, status: int) -> None:
        """Expect that the page came back with this status: the browser calls it a fault."""
        self.page.wait_for_selector("[role=alert], [role=status]")
        said = next(fault for fault in self.faults if f"status of {status}" in fault)
        self.faults.remove(said)

    def sees_print(self) -> None:
        """Expect that the print dialogue was asked for."""
        self.page.wait_for_selector("html[data-printed='1']", state="attached")

    def photograph(self, name: str) -> None:
        """Keep a picture for the README."""
        IMAGES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=IMAGES / f"{name}.png", caret="initial")  # injects no style

    @property
    def id_in_address(self) -> str:
        """Return the id of the thing the page shows."""
        found = re.search(r"[0-9a-f-]{36}", self.page.url)
        assert found, self.page.url
        return found[0]


def sit_down(browser: Browser, base: str, login: str, *, size: dict[str, int] = DESKTOP) -> Clerk:
    """Sign in."""
    context = browser.new_context(viewport=size, base_url=base, locale="vi-VN")
    context.set_default_timeout(15_000)
    page = context.new_page()
    clerk = Clerk(page, base)
    page.on("pageerror", lambda error: clerk.faults.append(str(error)))
    page.on(
        "console",
        lambda said: clerk.faults.append(said.text) if said.type == "error" else None,
    )
    page.goto(base + "/login")
    page.fill("input[name=name]", login)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[data-main]")
    page.wait_for_url(base + "/")
    return clerk
