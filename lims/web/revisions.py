"""Nothing is overwritten unseen: a change says for which state of a thing it was made.

A machine sends the ETag it read. The form of a page carries the revision and what its boxes held
(`_was.NAME`), so that whoever comes second gets the page again with three states in hand: what
stood when they began, what stands now, and what they typed. A box they left alone follows what
stands; in a box that both changed their words stay, with what stands beside it, to be taken or not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, request
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.kernel.db import Base, fetch
from lims.kernel.errors import LabError

REVISION, WAS = "_revision", "_was."

Current = Callable[..., object]
"""Holds a thing and returns its revision; called with the session and the ids of the address."""


class Overtaken(LabError):  # noqa: N818
    """Somebody else changed the thing while a form of it was being filled in."""

    code = "overtaken"


class Changed(LabError):  # noqa: N818
    """Somebody else changed the thing since a machine read it."""

    code = "precondition-failed"


class Unconditional(LabError):  # noqa: N818
    """A machine did not say which state of the thing a change was made for."""

    code = "precondition-required"


@dataclass(frozen=True)
class Meanwhile:
    """What became of a box while somebody typed."""

    before: str
    now: str
    is_theirs: bool
    """Only the other changed it, so that the box holds what stands now."""

    words: Mapping[str, str]
    """What values are called that are not read as they are."""

    @property
    def before_words(self) -> str:
        """Return what stood there when the form was made."""
        return self.words.get(self.before, self.before)

    @property
    def now_words(self) -> str:
        """Return what stands there now."""
        return self.words.get(self.now, self.now)


def install(app: Flask) -> None:
    """Give the form kit what it asks of every box."""
    app.jinja_env.globals.update(
        begin_editing=_begin,
        end_editing=_end,
        box_was=_was,
        box_holds=_held,
        box_meanwhile=_meanwhile,
    )


def of(model: type[Base]) -> Current:
    """Look at the `revision` of a row that the address names by its id."""

    def current(session: Session, key: UUID) -> object:
        row: Any = fetch(session, model, key, hold=True)
        return row.revision

    return current


def require(revision: object) -> None:
    """Refuse a change made for another state of the thing than the one that stands."""
    if request.path.startswith("/api/"):
        _require_etag(str(revision))
    elif request.form.get(REVISION) != str(revision):
        g.overtaken = True
        raise Overtaken(
            "Somebody changed this while you typed; nothing is saved yet. What you typed is still "
            "here: look at what is marked, then save again."
        )


def _require_etag(revision: str) -> None:
    etags = request.if_match
    if not etags.as_set() and not etags.star_tag:
        raise Unconditional("Send the ETag you read in an If-Match header.", field="If-Match")
    if not etags.contains(revision):
        raise Changed("Somebody changed this since you read it: read it again.", field="If-Match")


def _begin(revision: object) -> Markup:
    """Begin a form that edits: each of its boxes says what it held."""
    if revision is None:
        return Markup()
    g.editing = True
    return _hidden(REVISION, _sent(REVISION) if _is_refused() else str(revision))


def _end() -> str:
    g.editing = False
    return ""


def _hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def _was(name: str, value: object, option: str | None = None) -> Markup:
    """Remember what a box held when its form was made."""
    if not g.get("editing"):
        return Markup()
    return _hidden(WAS + name, _sent(WAS + name, option) if _is_refused() else _text(value))


def _is_refused() -> bool:
    """Tell a page that comes back for a slip: its form is still made for the state of before."""
    return REVISION in _typed() and not g.get("overtaken")


def _held(name: str, value: object, option: str | None = None) -> str:
    """Return what a box holds: what was typed, or else what stands.

    A tick is a box of its own: it holds its `option` or nothing.
    """
    if not _typed():
        return _text(value)
    mine = _sent(name, option)
    is_left_alone = g.get("overtaken") and mine == _sent(WAS + name, option)
    return _text(value) if is_left_alone else mine


def _meanwhile(
    name: str, value: object, option: str | None = None, options: Iterable[Sequence[object]] = ()
) -> Meanwhile | None:
    """Tell what others made of a box; None where there is nothing to decide."""
    if not g.get("overtaken"):
        return None
    before, mine, now = _sent(WAS + name, option), _sent(name, option), _text(value)
    if now in (before, mine):
        return None
    words = {str(key): str(word) for key, word, *_ in options}
    return Meanwhile(before, now, is_theirs=mine == before, words=words)


def _typed() -> MultiDict[str, str]:
    typed: MultiDict[str, str] = g.get("typed", MultiDict())
    return typed


def _sent(name: str, option: str | None = None) -> str:
    if option is None:
        return _text(_typed().get(name))
    return option if option in _typed().getlist(name) else ""


def _text(value: object) -> str:
    return "" if value is None or value is False else str(value).replace("\r\n", "\n")
