"""The user guide as it stands in docs/help: a page for each role, in both languages."""

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from lims.config import ROOT
from lims.kernel.errors import NotFound
from lims.kernel.words import LOCALES
from lims.vocabulary import Role
from lims.web.access import public
from lims.web.locale import locale

FOLDER = ROOT / "docs" / "help"
FIRST = "flow"

TOPICS: dict[str, frozenset[Role]] = {
    FIRST: frozenset(Role),
    "reception": frozenset({Role.RECEPTION}),
    "technician": frozenset({Role.TECHNICIAN}),
    "checker": frozenset({Role.CHECKER}),
    "signatory": frozenset({Role.SIGNATORY}),
    "accountant": frozenset({Role.ACCOUNTANT}),
    "director": frozenset({Role.DIRECTOR}),
    "quality": frozenset({Role.QUALITY, Role.INSPECTOR}),
    "admin": frozenset({Role.ADMIN}),
    "keyboard": frozenset(Role),
}
"""Each page of the guide and whose work it describes."""

pages = Blueprint("help", __name__)


@dataclass(frozen=True)
class Topic:
    """A page of the guide in the list of pages."""

    name: str
    title: str
    roles: frozenset[Role]


def install(app: Flask) -> None:
    """Put the guide on the application."""
    app.register_blueprint(pages)


@pages.get("/help")
@public
def first() -> ResponseReturnValue:
    """Show how work flows, and the list of pages."""
    return _shown(FIRST)


@pages.get("/help/<name>")
@public
def topic(name: str) -> ResponseReturnValue:
    """Show one page of the guide."""
    if name not in TOPICS:
        raise NotFound("The guide has no such page: choose one from the list.")
    return _shown(name)


def _shown(name: str) -> ResponseReturnValue:
    spoken = locale()
    topics = [Topic(topic, title(topic, spoken), roles) for topic, roles in TOPICS.items()]
    return render_template("help/page.html", topic=name, topics=topics, text=text(name, spoken))


@cache
def text(name: str, spoken: str) -> Markup:
    """Return a page of the guide as HTML; what looks like HTML in it is shown as typed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(_written(name, spoken))
    for token in tokens:
        _lead_to_pages(token)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704 - html is off


@cache
def title(name: str, spoken: str) -> str:
    """Return the heading of a page of the guide."""
    return _written(name, spoken).partition("\n")[0].removeprefix("# ").strip()


def _written(name: str, spoken: str) -> str:
    folder = FOLDER / (spoken if spoken in LOCALES else LOCALES[0])
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def _lead_to_pages(token: Token) -> None:
    """Let links between the files, which a reader of the repository follows, lead to our pages."""
    for inner in token.children or ():
        name = str(inner.attrGet("href") or "").removesuffix(".md")
        if name in TOPICS:
            inner.attrSet("href", f"/help/{name}")
