"""Reading a request and answering it."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Request as FlaskRequest
from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.utils import cached_property

from lims.documents import store
from lims.documents.store import Document


class Request(FlaskRequest):
    """A request whose address holds no NUL: PostgreSQL refuses even to look for one."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return what the address asks for."""
        return without_nul(super().args)


def without_nul(texts: MultiDict[str, str]) -> MultiDict[str, str]:
    """Take NUL out of what was typed; what stands in a form is refused where it is read."""
    return MultiDict((name, text.replace("\0", "")) for name, text in texts.items(multi=True))


FIRST_YEAR, LAST_YEAR = 1990, 2100
LARGEST = 2**63 - 1
"""What a column of whole numbers holds at the most."""


PAGE = 50
"""Rows of one page of a list."""


def see(
    endpoint: str, *, say: str | None = None, **values: str | int | UUID
) -> ResponseReturnValue:
    """Send the browser to the page that shows what was done, with a sentence about it."""
    if say is not None:
        flash(say)
    address: str = url_for(endpoint, **values)  # type: ignore[arg-type]  # its own options apart
    return redirect(address, 303)


def partial(template: str, *, page: str | None = None, **context: object) -> ResponseReturnValue:
    """Answer htmx with a fragment, and a plain browser with the page that holds it."""
    if page is not None and "HX-Request" not in request.headers:
        return redirect(page, 303)
    return render_template(template, **context)


def after() -> UUID | None:
    """Return the id after which the next page of a list begins."""
    return as_id(request.args.get("after"))


def as_id(text: str | None) -> UUID | None:
    """Read an id that was picked or stands in the address; None for what is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def asked(name: str) -> str:
    """Return what was asked for in the address, short enough to be looked for."""
    return request.args.get(name, "").strip()[:200]


def asked_number(name: str) -> int:
    """Return the number that was asked for in the address; 0 for what is none of ours."""
    text = asked(name)
    number = int(text) if text.isascii() and text.isdecimal() else 0
    return number if number <= LARGEST else 0


def asked_year() -> int | None:
    """Return the year that was asked for in the address; None for what is none."""
    number = asked_number("year")
    return number if FIRST_YEAR <= number <= LAST_YEAR else None


def local(path: str | None) -> str:
    """Return a path of this site to go back to; anything else leads home."""
    try:
        parts = urlsplit(path or "/")
    except ValueError:
        return "/"
    safe = not (parts.netloc or parts.scheme) and (path or "").startswith("/")
    return path if safe and path and not path.startswith(("//", "/\\")) else "/"


def pdf(content: bytes, name: str) -> ResponseReturnValue:
    """Answer with a PDF to be shown in the browser."""
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return answer


def document(session: Session, issued: Document) -> ResponseReturnValue:
    """Answer with a document as it was printed; 503 while it is being printed."""
    content = store.bytes_of(session, issued)
    if content is None:
        waiting = make_response(render_template("_progress.html", document=issued), 503)
        waiting.headers["Retry-After"] = "1"
        return waiting
    return pdf(content, issued.number)
