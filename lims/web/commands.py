"""How a route reads and writes: one decorator for each.

A command is read with its schema, then done in one transaction together with its stored answer,
so that the same request sent twice is done once.
"""

import hmac
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.kernel import idempotency
from lims.kernel.db import reading, transaction
from lims.kernel.errors import LabError, RuleBroken
from lims.kernel.idempotency import Answer, Request
from lims.web import revisions
from lims.web.access import person
from schemas.forms import Body, read_form


class NoKey(LabError):  # noqa: N818
    """A machine's request cannot be told from its repetition."""

    code = "idempotency-key-missing"


View = Callable[..., ResponseReturnValue]

PLAIN_KEY = re.compile(r"[!-~]{1,200}")
KEPT_HEADERS = ("Location", "Content-Type", "ETag", "Set-Cookie")


def query(view: View) -> View:
    """Give the view a session that only reads, and render inside its snapshot."""

    @wraps(view)
    def look(*args: Any, **kwargs: Any) -> ResponseReturnValue:  # noqa: ANN401 - the URL's values
        with reading() as session:
            return make_response(view(session, *args, **kwargs))

    return look


def command(
    schema: type[Body] | None = None, *, edits: revisions.Current | None = None
) -> Callable[[View], View]:
    """Give the view a session that writes, and what was said, read with the schema.

    The view is called as `view(session, form, **url_values)`; without a schema (the API's
    arguments are read before) as `view(session, *args, **url_values)`. A route that `edits` a thing
    is refused when somebody else changed it meanwhile.
    """
    reader = schema() if schema else None

    def wrap(view: View) -> View:
        @wraps(view)
        def do(*args: Any, **kwargs: Any) -> ResponseReturnValue:  # noqa: ANN401 - as above
            asked = _asked()
            loaded = (*args, read_form(reader, request.form)) if reader else args
            with transaction() as session:
                stored = _stored(session, asked)
                if stored is not None:
                    return stored
                if edits is not None:
                    revisions.require(edits(session, *kwargs.values()))
                answer = make_response(view(session, *loaded, **kwargs))
                _store(session, asked, answer)
            return answer

        do.edits = edits is not None  # type: ignore[attr-defined]
        return do

    return wrap


def _asked() -> Request | None:
    """Name this request by its key: a header on the API, a hidden field of a form."""
    api = request.path.startswith("/api/")
    key = request.headers.get("Idempotency-Key") if api else request.form.get("_key")
    if api and request.method == "POST" and not key:
        raise NoKey("Send an Idempotency-Key header with every POST.", field="Idempotency-Key")
    if key and not PLAIN_KEY.fullmatch(key):
        raise RuleBroken(
            "An Idempotency-Key has 1 to 200 plain letters, digits and signs.",
            field="Idempotency-Key",
        )
    who = person()
    principal = str(who.id) if who else "public"
    return Request(principal, str(request.endpoint), key) if key else None


def _body() -> str:
    """Recognise what was sent; the key keeps whoever reads it from trying passwords on it."""
    sent = request.get_data() or json.dumps(sorted(request.form.items(multi=True))).encode()
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, request.full_path.encode() + sent, "sha256").hexdigest()


def _stored(session: Session, asked: Request | None) -> Response | None:
    if asked is None:
        return None
    body = _body()
    stored = idempotency.claim(session, asked, body)
    if stored is None:
        return None
    if stored.body != body:
        return _otherwise(stored)
    return Response(stored.answer, status=stored.status, headers=json.loads(stored.headers))


def _otherwise(stored: Answer) -> Response:
    """Show what a page has made already with this key; a machine has to take a fresh one."""
    made = dict(json.loads(stored.headers)).get("Location")
    if made is None or request.path.startswith("/api/"):
        raise RuleBroken(
            "This key was used for another request: send a fresh one.", field="Idempotency-Key"
        )
    flash(
        "This had been saved already, as you had typed it then. Here it is: what you changed "
        "since is to be corrected here."
    )
    return redirect(made, 303)  # type: ignore[return-value]  # of werkzeug, which Flask answers with


def _store(session: Session, asked: Request | None, answer: Response) -> None:
    if asked is None:
        return
    headers = [(name, value) for name, value in answer.headers if name in KEPT_HEADERS]
    text = answer.get_data(as_text=True)
    idempotency.keep(
        session, asked, status=answer.status_code, headers=json.dumps(headers), answer=text
    )
