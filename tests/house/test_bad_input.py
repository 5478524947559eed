"""Bad input on every form: a clear sentence, nothing half-written, never a 500."""

import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import func, select

from lims.kernel.db import reading
from lims.kernel.log import Outgoing
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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("row", forms(), ids=lambda row: row["route"])
def test_a_form_filled_in_badly_comes_back_with_a_sentence(client, signed_in, row):
    who = row["who"].strip()
    browser = client if who == "public" else signed_in(min(allowed(who)))
    page = browser.get(address(row["route"]))
    names = fields_of(page.text) if page.status_code == 200 else ["name", "reason"]
    before = told()

    for name in [*names, "_nothing"]:
        for kind, value in NASTY.items():
            said = {} if value is None else {name: value}
            answer = browser.post(address(row["route"]), data=said)
            assert answer.status_code < 500, f"{name} {kind}: {answer.text[:500]}"
            if answer.status_code == 422:
                assert re.search(r'class="(wrong|said said-bad)|role="alert"', answer.text), kind

    assert told() == before or row["route"] in HARMLESS


HARMLESS: set[str] = set()
"""Forms that rightly accept a nasty text as a text."""
