"""What every template may use, and the pages that belong to no feature."""

import hashlib
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TypedDict

from flask import (
    Blueprint,
    Flask,
    current_app,
    g,
    get_flashed_messages,
    redirect,
    render_template,
    request,
)
from flask import url_for as flask_url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.config import ROOT
from lims.kernel import clock, words
from lims.web import kept, page_extensions, revisions
from lims.web.access import Person, actor, person, public, signed_in
from lims.web.choices import sign_of, tone_of
from lims.web.commands import query
from lims.web.kept import Kept
from lims.web.locale import COOKIE, local_name, locale
from lims.web.requests import local

pages = Blueprint("web", __name__)

YEAR = 365 * 24 * 3600


def gettext(message: str, /, **values: object) -> str:
    """Say a sentence in the asker's language."""
    return words.say(message, locale(), **values)


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> str:
    """Say one or many; Vietnamese makes no difference."""
    return gettext(singular if n == 1 else plural, n=n, **values)


def word(member: StrEnum) -> str:
    """Return the word of a closed list."""
    return words.term(member, locale())


def fact_text(name: str) -> str:
    """Say a fact; its name is English enough where there is no catalogue."""
    text = gettext(name)
    return text if text != name else name.partition(".")[2].replace("_", " ").capitalize()


@cache
def _digest(name: str, _changed: int) -> str:
    path = ROOT / "lims" / "static" / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else "0"


_addresses: dict[tuple[str, str], str] = {}
"""Of files of ours, by the place where the application is mounted: a page names thirty."""


def static(name: str) -> str:
    """Return the address of a file of ours with its content's hash, so that it may be kept.

    A running server's files stay as they are, so each is looked at once.
    """
    key = (request.script_root, name)
    if key not in _addresses or current_app.debug:
        path = ROOT / "lims" / "static" / name
        changed = int(path.stat().st_mtime_ns) if path.exists() else 0
        _addresses[key] = flask_url_for("static", filename=name, v=_digest(name, changed))
    return _addresses[key]


def install(app: Flask) -> None:
    """Give every template its words, its person and what came back from a form."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        static=static,
        word=word,
        fact_text=fact_text,
        tone_of=tone_of,
        sign_of=sign_of,
        local_name=local_name,
        day=lambda on: words.day(on, locale()),
        long_day=lambda on: words.long_day(on, locale()),
        instant=lambda at: words.instant(at, locale()),
        dong=lambda amount: words.dong(amount, locale()),
        number=lambda value: words.number(Decimal(value), locale()),
        idempotency_key=kept.key,
        sections=page_extensions.sections,
    )
    revisions.install(app)
    app.context_processor(lambda: dict(_context()))
    app.register_blueprint(pages)


class PageContext(TypedDict):
    """What every template sees beside what its view gives it."""

    locale: str
    person: Person | None
    menu: list[tuple[str, list[page_extensions.Line]]]
    today: date
    typed: MultiDict[str, str]
    errors: dict[str, list[str]]
    refusal: str | None
    overtaken: bool
    kept: Kept | None
    notice: str | None


def _context() -> PageContext:
    who = person()
    return {
        "locale": locale(),
        "person": who,
        "menu": _menu() if who else [],
        "today": clock.today(),
        "typed": g.get("typed", MultiDict()),
        "errors": g.get("errors", {}),
        "refusal": g.get("refusal"),
        "overtaken": g.get("overtaken", False),
        "kept": kept.current(),
        "notice": " ".join(gettext(str(message)) for message in get_flashed_messages()) or None,
    }


def _menu() -> list[tuple[str, list[page_extensions.Line]]]:
    return [(gettext(group), _lines(entries)) for group, entries in page_extensions.menu(actor())]


def _lines(entries: list[page_extensions.Line]) -> list[page_extensions.Line]:
    return [(gettext(label), address, icon, active) for label, address, icon, active in entries]


@pages.get("/")
@signed_in
@query
def home(session: Session) -> ResponseReturnValue:
    """Show the work that waits for this person."""
    return render_template("home.html", panels=page_extensions.home(session, actor()))


@pages.post("/language")
@public
def language() -> ResponseReturnValue:
    """Remember in which language this browser reads."""
    answer = redirect(local(request.form.get("next")), 303)
    chosen = request.form.get("locale", "")
    if chosen in words.LOCALES:
        answer.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@pages.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Tell that the process answers."""
    return {"status": "ok"}
