"""The user guide: a page for everybody, in both languages, that leads where it says."""

import re

import pytest

from lims.kernel.words import LOCALES
from lims.vocabulary import Role
from lims.web import help as guide

LINK = re.compile(r'href="([^"]+)"')
PLACES = {
    *("reception", "bench", "review", "certificates", "equipment", "contracts", "billing"),
    *("autonomy", "tallies", "reports", "instruments", "customers", "indicators", "admin"),
}

every_page = pytest.mark.parametrize(
    ("name", "spoken"), [(name, spoken) for name in guide.TOPICS for spoken in LOCALES]
)


def test_every_role_has_a_page_of_its_own():
    everybody = frozenset(Role)

    described = {role for roles in guide.TOPICS.values() if roles != everybody for role in roles}

    assert described == everybody


@every_page
def test_every_page_begins_with_its_title(name, spoken):
    title = guide.title(name, spoken)

    assert title
    assert guide.text(name, spoken).startswith(f"<h1>{title}</h1>")


def test_the_languages_have_the_same_pages_with_the_same_parts():
    parts = {
        spoken: [guide.text(name, spoken).count("<h2>") for name in guide.TOPICS]
        for spoken in LOCALES
    }

    assert parts["vi"] == parts["en"]


@every_page
def test_every_link_leads_to_a_page_of_the_centre_or_of_the_guide(name, spoken):
    known = {f"/{place}" for place in PLACES} | {f"/help/{one}" for one in guide.TOPICS}

    links = set(LINK.findall(guide.text(name, spoken)))

    assert links <= known


def test_no_page_lies_about_unread():
    written = {
        spoken: {path.stem for path in (guide.FOLDER / spoken).glob("*.md")} for spoken in LOCALES
    }

    assert written == {spoken: set(guide.TOPICS) for spoken in LOCALES}
