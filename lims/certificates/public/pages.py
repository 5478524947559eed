"""The public check: anybody may ask whether a certificate is genuine and holds."""

from http import HTTPStatus

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from lims.certificates import service
from lims.certificates.public import checking
from lims.certificates.public.checking import Answer
from lims.kernel import clock
from lims.kernel.db import reading, transaction
from lims.settings import centre
from lims.web.access import public
from lims.web.requests import asked

pages = Blueprint("check", __name__)

LONGEST = 60


@pages.get("/c")
@pages.get("/c/")
@public
def ask() -> ResponseReturnValue:
    """Ask for a code or a number; what is typed leads to its own address."""
    typed = asked("q")[:LONGEST]
    if typed:
        return redirect(url_for("check.show", code=typed.replace("/", "-")), 303)
    return _page("certificates/check.html", typed="", answer=None)


@pages.get("/c/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Say whether a certificate is genuine, and whether it holds today."""
    typed, address = code[:LONGEST], request.remote_addr or ""
    with reading() as session:
        if not checking.is_patient(session, address):
            return _page("certificates/check.html", typed="", answer=None, busy=True), 429
        answer = checking.ask(session, typed, clock.today())
    page = make_response(_page("certificates/check.html", typed=typed, answer=answer))
    page.status_code = HTTPStatus.OK if answer else HTTPStatus.NOT_FOUND
    _note(answer, address)
    return page


def _page(template: str, **shown: object) -> str:
    return render_template(template, ours=centre.page_url("/c"), **shown)


def _note(answer: Answer | None, address: str) -> None:
    """Count the question, after it was answered; a busy database does not spoil the answer."""
    try:
        with transaction() as session:
            checking.count(session, address, is_hit=answer is not None)
            if answer is not None:
                service.looked_up(session, answer.certificate_id, answer=answer.standing)
    except OperationalError:
        current_app.logger.warning("A look-up was not counted.", exc_info=True)
