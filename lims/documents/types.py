"""The types of document that the features issue: each registers the shape of what it prints.

Everything printed is a string already in the words of the office (dates as dd/mm/yyyy, numbers
with the decimal comma); legal sentences and titles live in the templates, in Vietnamese with
English. A key that a shape does not name is refused.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DocumentType:
    """The shape of a template's content, and the texts in it that are drawn as QR codes."""

    content: type
    codes: tuple[str, ...] = ()


DOCUMENT_TYPES: dict[str, DocumentType] = {}
"""By the name of the template."""


def register(name: str, content: type, *, codes: tuple[str, ...] = ()) -> None:
    """Let a template of this name be printed from content of this shape."""
    if name in DOCUMENT_TYPES:
        raise TypeError(f"Two types of document are called {name}.")
    DOCUMENT_TYPES[name] = DocumentType(content=content, codes=codes)
