"""Every sentence the project says, and every sentence its catalogues know."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel.messages.pofile import read_po
from jinja2 import Environment

from tests.house import tree

CATALOGUES = "lims/translations/vi/"
TEMPLATES = "lims/templates/"
REFUSALS = {"LabError"}
SAID_BY = {"_", "gettext", "say", "Said", "ValidationError"}
"""What is called with a sentence first; refusals are too."""

SHOWN_BY = {"ngettext": ("", ""), "MenuEntry": ("group", "label"), "Panel": ("title",)}
"""What is called with sentences first, each of which may also be named."""

NAMED = {"say", "sentence"}
"""What a sentence is called wherever it is handed on by name."""

LABEL_AND_ADDRESS = 2


@dataclass(frozen=True)
class Said:
    """One sentence, where it stands, and the names its caller fills in (None: not to be seen)."""

    message: str
    place: str
    filled: frozenset[str] | None = None
    context: str | None = None


@dataclass(frozen=True)
class Known:
    """One entry of a catalogue."""

    message: str
    translation: str
    place: str
    context: str | None
    fuzzy: bool


@cache
def said() -> tuple[Said, ...]:
    """Gather what must be translated: templates, calls in Python, words of the closed lists."""
    return (*in_templates(), *in_python(), *in_vocabulary())


def in_templates() -> Iterator[Said]:
    """Give what stands in the templates as `_("…")` or between trans and endtrans."""
    reader = Environment(
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        autoescape=True,
    )
    for path in tree.listed():
        if path.startswith(TEMPLATES):
            for line, _, message in reader.extract_translations(tree.text(path)):
                yield from (Said(one, f"{path}:{line}") for one in _texts(message))


def in_python() -> Iterator[Said]:
    """Give what refusals, `_("…")`, the menu and the cards of the home page say in Python."""
    for path in tree.python(*tree.CODE):
        for node in _speaking(tree.parsed(path)):
            place, filled = f"{path}:{node.lineno}", _filled(node)
            yield from (Said(one, place, filled) for one in _literals(node.args[0]))
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.Call):
                yield from (Said(one, f"{path}:{node.lineno}") for one in _shown(node))


def in_vocabulary() -> Iterator[Said]:
    """Give the label of every word of a closed list."""
    for path, node, word in _words_of_lists():
        if path == "lims/vocabulary.py":
            yield Said(word, f"{path}:{node.lineno}", context=node.name)


@cache
def refusals() -> frozenset[str]:
    """Name the classes that carry a message: LabError and all that come of it."""
    known = set(REFUSALS)
    classes = [
        node
        for path in tree.python("lims")
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ClassDef)
    ]
    while more := {one.name for one in classes if known & set(map(_name, one.bases))} - known:
        known |= more
    return frozenset(known)


@cache
def fields_of_refusals() -> dict[str, list[str]]:
    """Give each sentence of a refusal with the fields it may be about; "*" if a variable says."""
    fields: dict[str, set[str]] = {}
    for path in tree.python("lims"):
        for node in _speaking(tree.parsed(path)):
            if _name(node.func) in refusals() or ast.unparse(node.func) == "super().__init__":
                for message in _literals(node.args[0]):
                    fields.setdefault(message, set()).add(_field(node))
    return {message: sorted(names) for message, names in sorted(fields.items())}


@cache
def strings() -> frozenset[str]:
    """Gather every string of the code: what a catalogue may know because a variable says it."""
    constants = {
        node.value
        for path in tree.python(*tree.CODE)
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return frozenset(constants | {word for _, _, word in _words_of_lists()})


@cache
def known() -> tuple[Known, ...]:
    """Read the Vietnamese catalogues."""
    return tuple(
        Known(str(one.id), str(one.string or ""), f"{path}:{one.lineno}", one.context, one.fuzzy)
        for path in catalogues()
        for one in _entries(path)
        if one.id
    )


def obsolete() -> list[str]:
    """Name the entries that a tool has commented out."""
    return [
        place
        for path in catalogues()
        for place, line in tree.lines(path)
        if line.startswith("#~ msgid")
    ]


def catalogues() -> list[str]:
    """Name the catalogues."""
    return [one for one in tree.listed() if one.startswith(CATALOGUES) and one.endswith(".po")]


def _entries(path):
    with (tree.ROOT / path).open("rb") as file:
        return list(read_po(file, abort_invalid=True))


def _words_of_lists() -> Iterator[tuple[str, ast.ClassDef, str]]:
    for path in tree.python("lims"):
        for node in ast.walk(tree.parsed(path)):
            if isinstance(node, ast.ClassDef) and "StrEnum" in map(_name, node.bases):
                values = (one.value for one in node.body if isinstance(one, ast.Assign))
                for value in values:
                    yield from ((path, node, one.replace("_", " ")) for one in _literals(value))


def _speaking(module: ast.Module) -> Iterator[ast.Call]:
    """Give the calls whose first argument is a sentence."""
    speakers = SAID_BY | refusals()
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in speakers:
            yield node
        if isinstance(node, ast.ClassDef) and node.name in refusals():
            calls = (one for one in ast.walk(node) if isinstance(one, ast.Call) and one.args)
            yield from (one for one in calls if ast.unparse(one.func) == "super().__init__")


def _shown(call: ast.Call) -> Iterator[str]:
    """Give the sentences that a call is handed in other places than the first."""
    names = SHOWN_BY.get(_name(call.func), ())
    for place in call.args[: len(names)]:
        yield from _literals(place)
    for given in call.keywords:
        if given.arg in NAMED or given.arg in names:
            yield from _literals(given.value)
    if _name(call.func) == "Panel":
        pairs = [one for one in ast.walk(call) if isinstance(one, ast.Tuple)]
        labels = [one.elts[0] for one in pairs if len(one.elts) == LABEL_AND_ADDRESS]
        yield from (label for one in labels for label in _literals(one))


def _name(node: ast.expr) -> str:
    return ast.unparse(node).split(".")[-1]


def _literals(node: ast.expr) -> list[str]:
    """Return the string a call is given, or both of a choice between two."""
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def _field(call: ast.Call) -> str:
    given = {one.arg: one.value for one in call.keywords}
    if "field" not in given:
        return "*" if None in given else ""
    return given["field"].value if isinstance(given["field"], ast.Constant) else "*"


def _filled(call: ast.Call) -> frozenset[str] | None:
    """Return the values a call fills in; `_("…")` without any only marks a sentence."""
    names = [one.arg for one in call.keywords]
    if None in names or (not names and _name(call.func) in SAID_BY):
        return None
    return frozenset(names)


def _texts(message) -> list[str]:
    parts = message if isinstance(message, tuple) else (message,)
    return [one for one in parts if one]
