"""A form of a page as a browser would send it: what its boxes hold, hidden ones too."""

from collections.abc import Mapping

from flask.testing import FlaskClient
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


def form_of(page: TestResponse) -> MultiDict[str, str]:
    """Read the form of a page that is posted to the page itself."""
    tree = html.fromstring(page.text)
    (form,) = tree.xpath("//main//form[@method='post'][not(@action)]")
    return MultiDict((name, value) for name, value in form.form_values() if value is not None)


def edit(
    browser: FlaskClient, path: str, data: Mapping[str, object], **options: bool
) -> TestResponse:
    """Send a form of one's own for the state that its page shows now."""
    revision = form_of(browser.get(path))["_revision"]
    return browser.post(path, data={"_revision": revision, **data}, **options)


def changed(page: TestResponse, boxes: dict[str, str]) -> MultiDict[str, str]:
    """Type something else into some of its boxes."""
    form = form_of(page)
    for name, value in boxes.items():
        form[name] = value
    return form
