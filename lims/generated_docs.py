"""Documents that are made from the code, so that they cannot lag."""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

from flask import Flask

from lims import features
from lims.eventlog.events import REGISTRY, Event
from lims.eventlog.private import private_fields
from lims.web.access import who_may

__all__ = ["features", "write"]


def write(folder: Path, app: Flask, *, check: bool = False) -> list[str]:
    """Write each document; return the names of those that lagged."""
    lagging = []
    for name, text in (("events.md", events()), ("access.md", access(app))):
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            lagging.append(str(path))
            if not check:
                path.write_text(text, encoding="utf-8")
    return lagging


def events() -> str:
    """Describe every fact: its stored name, what it says, and its fields."""
    kinds = sorted(
        (kind for kind in REGISTRY.values() if kind.__module__.startswith("lims.")),
        key=lambda kind: kind.name,
    )
    return "\n".join(
        [
            "# Facts",
            "",
            "Made by `make docs` from the code. A fact's name and fields are for ever; it only",
            "gains fields, with defaults. Every fact also has `on`, the laboratory's day, and in",
            "the log its position, id, actor, instant and hash.",
            "",
            *(line for kind in kinds for line in _event(kind)),
        ]
    )


def access(app: Flask) -> str:
    """Say who may use which route: one table, which a test compares with what the routes do."""
    with app.app_context():
        rows = sorted(
            (rule.rule, method, who_may(rule.endpoint))
            for rule in app.url_map.iter_rules()
            if rule.endpoint != "static"
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        )
    head = [
        "# Who may do what",
        "",
        "Made by `make docs` from the routes. A route that says nothing is closed to everybody.",
        "",
        "| route | method | roles |",
        "|---|---|---|",
    ]
    return "\n".join(
        [*head, *(f"| `{rule}` | {method} | {who} |" for rule, method, who in rows), ""]
    )


def _event(kind: type[Event]) -> Iterator[str]:
    hints = get_type_hints(kind)
    yield f"## `{kind.name}`"
    yield ""
    yield inspect.cleandoc(kind.__doc__ or "")
    yield ""
    yield "| field | type |"
    yield "|---|---|"
    for field in fields(kind):
        if field.name != "on":
            mark = " (subject)" if field.name == kind.about else ""
            private = " (kept outside the log)" if field.name in private_fields(kind.name) else ""
            yield f"| `{field.name}`{mark} | {_spelled(hints[field.name])}{private} |"
    yield ""


def _spelled(hint: object) -> str:
    return (
        hint.__name__
        if isinstance(hint, type)
        else str(hint)
        .replace("uuid.", "")
        .replace("datetime.", "")
        .replace("lims.vocabulary.", "")
        .replace("|", "or")
    )
