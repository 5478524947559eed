"""Names are the field's words and plain English; edges are typed; rooms are few."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

import pytest
from jinja2 import Environment, nodes

from tests.house import tree

RETIRED = {"found", "known", "one", "said", "some", "there", "told", "what", "whole"}
"""Words that say nothing of what they hold; the list grows."""

FOR_EVER = {("lims/catalogue/events.py", "what"), ("lims/identity/events.py", "what")}
"""Fields of facts: the log knows them by these names."""

MAKERS = {("schemas/fields.py", "whole")}
"""A whole number, which is what the field reads."""

LOOSE = re.compile(r"\b(dict|Mapping)\[str, (Any|object)\]")
JSON_EDGES = ("lims/eventlog/", "lims/documents/", "lims/kernel/", "lims/web/commands.py")
"""Where JSON comes in and goes out; everywhere else an edge has a type."""

MOST_MODULES = 9
KERNEL = {"lims/eventlog", "lims/kernel", "lims/web"}
"""No features: each module is a tool of its own."""

PYTHON = tree.python(*tree.CODE)
TEMPLATES = [path for path in tree.listed() if path.startswith("lims/templates/")]
READER = Environment(
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True
)


def names(path: str) -> Iterator[tuple[str, int]]:
    """Give what a module names: variables, parameters, fields, functions."""
    for node in ast.walk(tree.parsed(path)):
        match node:
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.Name(id=name, ctx=ast.Store()):
                yield name, node.lineno


def names_in_template(path: str) -> Iterator[tuple[str, int]]:
    """Give what a template names: of loops, macros and `set`."""
    for node in READER.parse(tree.text(path)).find_all(nodes.Name | nodes.Macro):
        if isinstance(node, nodes.Macro) or node.ctx in ("store", "param"):
            yield node.name, node.lineno


def signatures(path: str) -> Iterator[tuple[str, int]]:
    """Give what a function takes and returns, as it is written."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = [*node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            hints = [arg.annotation for arg in arguments if arg and arg.annotation]
            if node.args.kwarg and node.args.kwarg.annotation:
                yield f"**: {ast.unparse(node.args.kwarg.annotation)}", node.lineno
            for hint in [*hints, *([node.returns] if node.returns else [])]:
                yield ast.unparse(hint), node.lineno


def aliases(path: str) -> Iterator[tuple[str, int]]:
    for node in tree.parsed(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield ast.unparse(node.value), node.lineno


@pytest.mark.parametrize("path", [*PYTHON, *TEMPLATES])
def test_no_name_is_a_retired_word(path):
    found = [
        f"{path}:{line} {name}"
        for name, line in (names if path.endswith(".py") else names_in_template)(path)
        if name in RETIRED and (path, name) not in FOR_EVER | MAKERS
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", PYTHON)
def test_no_dictionary_of_anything_crosses_an_edge(path):
    if path.startswith(JSON_EDGES):
        return
    found = [
        f"{path}:{line} {hint}"
        for hint, line in [*signatures(path), *aliases(path)]
        if LOOSE.fullmatch(hint) or LOOSE.search(hint) or hint == "**: Any"
    ]

    assert not [place for place in found if "**: Any" not in place or "web/api" not in place]


def test_a_room_holds_nine_modules_at_the_most():
    rooms = Counter(
        str(PurePath(path).parent) for path in tree.python("lims") if "__init__" not in path
    )

    crowded = [
        f"{room}: {count} modules"
        for room, count in rooms.items()
        if count > MOST_MODULES and room not in KERNEL and room != "lims"
    ]

    assert not crowded, "\n".join(crowded)


def test_every_command_is_held_to_know_the_vocabulary_alone():
    contracts = tree.text("pyproject.toml")
    commands = [path for path in tree.python("lims") if path.endswith("/commands.py")]
    modules = {path.removesuffix(".py").replace("/", ".") for path in commands}

    assert all(f'"{module}"' in contracts for module in modules - {"lims.web.commands"})
