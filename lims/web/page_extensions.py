"""How a later feature shows itself on an earlier page: the menu, the home page, other pages."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from flask import Flask, current_app, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from lims.vocabulary import Role
from lims.web.access import Person


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu; `label` and `group` are English, translated when shown."""

    group: str
    label: str
    endpoint: str
    icon: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Panel:
    """A card on the home page: work that waits, and where to begin it."""

    title: str
    count: int | None
    href: str
    icon: str
    urgent: bool = False
    rows: Sequence[tuple[str, str, str]] = ()
    """Text, address, note."""

    actions: Sequence[tuple[str, str]] = ()
    """Label, address."""


@dataclass(frozen=True)
class Section:
    """A part of another feature's page: a fragment and what it shows."""

    template: str
    context: Mapping[str, object] = field(default_factory=dict)

    def html(self) -> Markup:
        """Draw it: its fragment sees the context by name."""
        return Markup(render_template(self.template, **self.context))  # noqa: S704 - our template


@dataclass(frozen=True)
class Column:
    """What a later feature knows of each line in an earlier feature's table: a state of it."""

    heading: str
    """In the asker's language."""

    states: Mapping[UUID, StrEnum]
    """By the id of the line; of the others nothing is known yet."""


@dataclass(frozen=True)
class Hit:
    """Something that a search found."""

    kind: str
    """What it is, in English, translated when shown."""

    text: str
    href: str
    note: str = ""


Line = tuple[str, str, str, bool]
"""A line of the menu as it is shown: label, address, icon, whether it is this page."""

HomeMaker = Callable[[Session, Person], Panel | None]
SectionMaker = Callable[[Session, object], Section | None]
ColumnMaker = Callable[[Session, Sequence[UUID]], Column]
SearchMaker = Callable[[Session, str], Sequence[Hit]]


@dataclass
class Registry:
    """What the features have put on the pages of this application."""

    menu: list[MenuEntry] = field(default_factory=list)
    home: list[tuple[frozenset[Role], HomeMaker]] = field(default_factory=list)
    sections: dict[str, list[SectionMaker]] = field(default_factory=lambda: defaultdict(list))
    columns: dict[str, list[ColumnMaker]] = field(default_factory=lambda: defaultdict(list))
    searches: list[SearchMaker] = field(default_factory=list)
    addresses: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of the menu's pages, by the place where the application is mounted."""


def registry(app: Flask) -> Registry:
    """Return what is registered, beginning it the first time."""
    registered: Registry = app.extensions.setdefault("lims.page_extensions", Registry())
    return registered


def arrange(app: Flask, order: Sequence[str]) -> None:
    """Put the menu into the order of the work; what is not named comes last."""
    rank = {endpoint: place for place, endpoint in enumerate(order)}
    registry(app).menu.sort(key=lambda entry: rank.get(entry.endpoint, len(rank)))


def _here() -> Registry:
    registered: Registry = current_app.extensions["lims.page_extensions"]
    return registered


def menu(person: Person) -> list[tuple[str, list[Line]]]:
    """Return the groups of the menu a person sees: (label, address, icon, active)."""
    entries = [entry for entry in _here().menu if not person.roles.isdisjoint(entry.roles)]
    addresses = _menu_addresses()
    here = _nearest(request.path, [addresses[entry.endpoint] for entry in entries])
    groups: dict[str, list[Line]] = defaultdict(list)
    for entry in entries:
        address = addresses[entry.endpoint]
        groups[entry.group].append((entry.label, address, entry.icon, address == here))
    return list(groups.items())


def _menu_addresses() -> dict[str, str]:
    """Return the addresses of the menu by endpoint; they depend on where we are mounted alone."""
    mounted = _here().addresses
    if request.script_root not in mounted:
        endpoints = [entry.endpoint for entry in _here().menu]
        mounted[request.script_root] = {endpoint: url_for(endpoint) for endpoint in endpoints}
    return mounted[request.script_root]


def _nearest(path: str, addresses: Sequence[str]) -> str:
    # A page below an entry belongs to it, and so does a form that came back refused.
    above = [address for address in addresses if f"{path}/".startswith(f"{address.rstrip('/')}/")]
    return max(above, key=len, default="")


def home(session: Session, person: Person) -> list[Panel]:
    """Return the cards of a person's home page, urgent ones first."""
    made = [
        panel
        for roles, make in _here().home
        if not person.roles.isdisjoint(roles) and (panel := make(session, person)) is not None
    ]
    return sorted(made, key=lambda panel: not panel.urgent)


def sections(page: str, session: Session, subject: object) -> list[Section]:
    """Return what later features add to a page about one thing."""
    made = (make(session, subject) for make in _here().sections[page])
    return [section for section in made if section is not None]


def columns(table: str, session: Session, ids: Sequence[UUID]) -> list[Column]:
    """Return what later features add to the lines of a table."""
    return [make(session, ids) for make in _here().columns[table]]


def search(session: Session, q: str) -> list[Hit]:
    """Return what every feature finds, in the order of the work."""
    return [hit for find in _here().searches for hit in find(session, q)]
