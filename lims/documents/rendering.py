"""Papers: a template and its content become the same PDF/A-3b bytes, every time.

Typst compiles in the process that prints; it must never compile before a fork, because a forked
child of a process that has compiled once hangs for ever. Nothing is compiled at import.
"""

import json
import os
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import typst

from lims.documents.codes import qr_svg
from lims.documents.content import faults, texts, texts_at
from lims.documents.glyphs import FONTS, as_printed, faces, unprintable
from lims.documents.types import DOCUMENT_TYPES
from lims.kernel.errors import RuleBroken

EDITIONS = Path(__file__).resolve().parent / "editions"


class ContentWrong(ValueError):  # noqa: N818 - a sentence about the content
    """The content does not have the shape its template prints."""


class PrintingFailed(RuntimeError):  # noqa: N818
    """Typst could not set the paper: a fault of a template, not of its content."""


def version(template: str) -> str:
    """Name the edition a template would be printed in now: `verification@1`."""
    name, _, edition = template.partition("@")
    if name not in DOCUMENT_TYPES:
        raise ContentWrong(
            f"There is no paper called {name!r}; there are {', '.join(DOCUMENT_TYPES)}."
        )
    newest = edition or max(_editions(name), key=int, default="")
    if newest not in _editions(name):
        raise ContentWrong(f"There is no edition {newest!r} of {name!r}.")
    return f"{name}@{newest}"


def check(template: str, content: Mapping[str, object]) -> None:
    """Refuse content that could not be printed. Call it before freezing what will be."""
    name = version(template).partition("@")[0]
    if deviations := list(faults(content, DOCUMENT_TYPES[name].content)):
        raise ContentWrong(f"{name}: {'; '.join(deviations)}")
    for place, text in texts(content):
        if letters := unprintable(as_printed(text)):
            raise RuleBroken(
                "“%(character)s” (%(code)s) cannot be printed: write it in letters.",
                field=place,
                character=letters[0] if letters[0].isprintable() else "�",
                code=f"U+{ord(letters[0]):04X}",
            )


def render(template: str, content: Mapping[str, object], *, created: date) -> bytes:
    """Print a paper as PDF/A-3b; the same content and day give the same bytes.

    `template` is a name (`verification`) or a name in an edition (`verification@1`).
    """
    check(template, content)
    name, edition = version(template).split("@")
    codes = {
        place: qr_svg(text)
        for code in DOCUMENT_TYPES[name].codes
        for place, text in texts_at(content, code)
    }
    return _compile(
        EDITIONS / edition / f"{name}.typ",
        {
            "content": json.dumps(_printed(content)),
            "codes": json.dumps(codes),
        },
        datetime.combine(created, time(), UTC),
    )


@cache
def _editions(name: str) -> tuple[str, ...]:
    """Name the editions of a template: looking in the folder costs as much as a statement."""
    return tuple(template.parent.name for template in EDITIONS.glob(f"*/{name}.typ"))


def _printed(content: object) -> object:
    if isinstance(content, str):
        return as_printed(content)
    if isinstance(content, Mapping):
        return {key: _printed(element) for key, element in content.items()}
    if isinstance(content, list | tuple):
        return [_printed(element) for element in content]
    return content


def _compile(source: Path, inputs: dict[str, str], at: datetime) -> bytes:
    _forbid_after_fork()
    try:
        pdf, warnings = _compiler().compile_with_warnings(
            input=source,
            root=source.parent,
            sys_inputs=inputs,
            pdf_standards="a-3b",
            timestamp=at,
            pdf_tags=False,
        )
    except typst.TypstError as fault:
        raise PrintingFailed(f"{source.name}: {fault.message}") from fault
    if warnings:
        raise PrintingFailed(f"{source.name}: {'; '.join(warning.message for warning in warnings)}")
    if not isinstance(pdf, bytes):
        raise PrintingFailed(f"{source.name}: no PDF came out")
    return pdf


class _PerThread(threading.local):
    """One compiler for each thread: a shared one says "Already borrowed"."""

    compiler: typst.Compiler | None = None


_per_thread = _PerThread()
_first_compiled_in: list[int] = []


def _compiler() -> typst.Compiler:
    if _per_thread.compiler is None:
        _per_thread.compiler = typst.Compiler(font_paths=_fonts(), ignore_system_fonts=True)
    return _per_thread.compiler


@cache
def _fonts() -> typst.Fonts:
    faces()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _forbid_after_fork() -> None:
    """Fail at once where typst would hang for ever: in the child of a process that printed."""
    if not _first_compiled_in:
        _first_compiled_in.append(os.getpid())
    if _first_compiled_in[0] != os.getpid():
        raise PrintingFailed("This process was forked from one that had printed: spawn it instead.")
