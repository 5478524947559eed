"""Where the centre's refusals become HTTP, in one table.

A form that cannot be accepted comes back as the page that showed it: what was typed is still there
and each sentence stands beside its field. The API gets RFC 9457 problem details.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from lims.kernel.errors import (
    FieldRefusals,
    Forbidden,
    LabError,
    NotFound,
    Refusals,
    RuleBroken,
    WrongState,
)
from lims.kernel.words import say
from lims.web.locale import locale
from lims.web.requests import without_nul

STATUS: dict[type[LabError], int] = {
    NotFound: 404,
    WrongState: 409,
    Forbidden: 403,
    RuleBroken: 422,
    Refusals: 422,
    FieldRefusals: 422,
}

Errors = dict[str, list[str]]

CODES = {
    "idempotency-key-missing": 400,
    "overtaken": 409,
    "signed-in-again": 200,
    "precondition-failed": 412,
    "precondition-required": 428,
    "too-many-attempts": 429,
}

SENTENCES = {
    400: "This request could not be read: go back and try again.",
    404: "There is no such page: check the address, or start again from the home page.",
    405: "This page cannot be used that way: go back and try again.",
    413: "This is too large: send it in smaller parts.",
    415: "Send JSON.",
}


def install(app: Flask) -> None:
    """Answer every refusal in the shape the asker reads."""
    app.register_error_handler(LabError, refused)
    app.register_error_handler(ValidationError, unreadable)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(IntegrityError, collided)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(RecursionError, too_deep)
    app.register_error_handler(Exception, broken)


def refused(error: LabError) -> ResponseReturnValue:
    """Say no, and what to do about it."""
    status = STATUS.get(type(error)) or CODES.get(error.code, 422)
    if isinstance(error, Forbidden) and request.path.startswith("/api/") and not _is_signed_in():
        status = 401
    errors = {address: [_sentence(refusal)] for address, refusal in _addressed(error).items()}
    return answer(status, error.code, _sentence(error), errors)


def _addressed(error: LabError) -> Mapping[str, LabError]:
    """Name the field of each refusal as the sender named it: `items.3.serial`."""
    if isinstance(error, FieldRefusals):
        return error.fields
    if isinstance(error, Refusals):
        return {
            address(error.batch, row, refusal.field): refusal for row, refusal in error.rows.items()
        }
    return {error.field: error} if error.field else {}


def address(*parts: str | int | None) -> str:
    """Write an address as the forms and the API do, as `unflatten` takes it apart."""
    return ".".join(str(part) for part in parts if part not in (None, ""))


def _sentence(refusal: LabError) -> str:
    return say(refusal.message, locale(), **refusal.values)


def unreadable(error: ValidationError) -> ResponseReturnValue:
    """Say which fields could not be read."""
    errors: Errors = {}
    for field, sentence in _flat(error.messages):
        errors.setdefault(field, []).append(sentence)
    return answer(422, "invalid", say("Some fields need another look.", locale()), errors)


def failed(error: HTTPException) -> ResponseReturnValue:
    """Answer what the framework refuses: no such page, too large, not JSON."""
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    messages = getattr(error, "data", {}).get("messages")
    if messages is not None:  # what the API's arguments could not read
        return unreadable(ValidationError(messages.get("json", messages)))
    sentence = say(SENTENCES.get(status, SENTENCES[400]), locale())
    return answer(status, HTTPStatus(status).phrase.lower().replace(" ", "-"), sentence, {})


def collided(error: IntegrityError) -> ResponseReturnValue:
    """Say that two people did the same at once; the database let one of them."""
    current_app.logger.error("A constraint refused what a rule should have.", exc_info=error)
    sentence = say("Somebody was a moment faster: look again and repeat if needed.", locale())
    return answer(409, "conflict", sentence, {})


def busy(error: OperationalError) -> ResponseReturnValue:
    """Say that the database does not answer, or not in time."""
    current_app.logger.error("The database is busy or away.", exc_info=error)
    g.setdefault("person", None)  # who is asking stands in the database, and the page would look
    sentence = say("The database is busy: nothing was saved, try again in a moment.", locale())
    return answer(503, "busy", sentence, {})


def too_deep(_error: RecursionError) -> ResponseReturnValue:
    """Refuse lists inside lists without end."""
    return answer(400, "bad-request", say(SENTENCES[400], locale()), {})


def broken(error: Exception) -> ResponseReturnValue:
    """Own up: it is in the log, and nothing was saved."""
    current_app.logger.error("An error of ours.", exc_info=error)
    sentence = say("Something went wrong on our side; nothing was saved.", locale())
    return answer(500, "error", sentence, {})


def answer(status: int, code: str, sentence: str, errors: Errors) -> ResponseReturnValue:
    """Put a refusal into the shape the asker reads."""
    if request.path.startswith("/api/"):
        return _problem(status, code, sentence, errors)
    if "HX-Request" in request.headers:
        return render_template("_refusal.html", refusal=sentence, errors=errors), status
    again = _page_again(sentence, errors) if status != HTTPStatus.FORBIDDEN else None
    if again is not None:
        return again, status
    return render_template("error.html", status=status, refusal=sentence, errors=errors), status


def _problem(status: int, code: str, sentence: str, errors: Errors) -> ResponseReturnValue:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "code": code,
        "instance": request.path,
        "errors": [
            {"pointer": "/" + field.replace(".", "/"), "detail": sentence}
            for field, sentences in errors.items()
            for sentence in sentences
        ],
    }
    headers = {"Content-Type": "application/problem+json"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return body, status, headers


def _page_again(sentence: str, errors: Errors) -> Any:  # noqa: ANN401 - whatever the page returns
    """Show the page of the form again: forms are posted to the page that shows them."""
    if request.method != "POST" or request_ctx.url_adapter is None or "typed" in g:
        return None
    try:
        endpoint, values = request_ctx.url_adapter.match(method="GET")
    except HTTPException:
        return None
    g.typed, g.errors, g.refusal = without_nul(request.form), errors, sentence
    try:
        return current_app.view_functions[endpoint](**values)
    except (LabError, OperationalError):  # the page cannot be shown either: nothing, or nobody
        return None


def _is_signed_in() -> bool:
    return g.get("person") is not None


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - nested
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flat(inner, address(path, "" if key == "_schema" else key))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield path, say(str(message), locale(), **getattr(message, "values", {}))
