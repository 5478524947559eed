"""What was typed into a form whose session had ended is shown again after the sign-in (U10).

It travels in the sign-in page itself: nothing of a stranger is stored. After the sign-in of the
same person it is sent to the form's own page with `_again`, which shows it and does nothing; only
the person's own press of the button does.
"""

from typing import NamedTuple
from uuid import UUID, uuid4

from flask import g, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from lims.kernel.errors import LabError
from lims.web.requests import local

KEY, BY, AGAIN = "_key", "_by", "_again"
"""Boxes of every form: its idempotency key; whose page it is; that it is only to be shown."""

PATH, PREFIX = "_kept_path", "_kept."
MOST = 1_000_000
"""Bytes."""


class SignedInAgain(LabError):  # noqa: N818
    """What was typed before the session ended waits for its button."""

    code = "signed-in-again"


class Kept(NamedTuple):
    """What was posted, and where to."""

    path: str
    boxes: list[tuple[str, str]]

    def belongs_to(self, person_id: UUID) -> bool:
        """Tell whether it was typed into a page of this person's."""
        return (BY, str(person_id)) in self.boxes

    @property
    def has_page(self) -> bool:
        """Tell whether a page shows it filled in; a single button has none."""
        adapter = request_ctx.url_adapter
        try:
            return bool(adapter and adapter.match(self.path.partition("?")[0], method="GET"))
        except HTTPException:
            return False


def current() -> Kept | None:
    """Take what the sign-in page carries, or what was just posted by nobody."""
    if PATH in request.form:
        return _carried()
    is_typed = BY in request.form and "HX-Request" not in request.headers
    if g.get("person") is not None or not is_typed or (request.content_length or 0) > MOST:
        return None
    return Kept(request.full_path.rstrip("?"), list(request.form.items(multi=True)))


def _carried() -> Kept:
    boxes = [
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX)
    ]
    return Kept(local(request.form[PATH]), boxes)


def key() -> str:
    """Make the idempotency key of a form; what is shown again keeps its own.

    If it did arrive before, and only the answer was lost, it is not done twice.
    """
    again = request.form.get(KEY) if AGAIN in request.form else None
    return again or str(uuid4())


def require_sent_on_purpose() -> None:
    """Show what is only to be shown, as a refused form is."""
    if AGAIN in request.form:
        raise SignedInAgain(
            "This was not sent yet. What you typed is here as you left it: look it through, then "
            "save it."
        )
