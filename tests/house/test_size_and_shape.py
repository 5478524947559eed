"""A function fits a glance, a module a sitting, and every vertical looks like its neighbours."""

import ast
from collections.abc import Iterator
from statistics import median, quantiles

from tests.house import tree

Function = ast.FunctionDef | ast.AsyncFunctionDef

LONGEST_FUNCTION = 40
LONGEST_MODULE = 299
MEDIAN_FUNCTION = 8
NINE_IN_TEN = 20

GLOSSARY = "lims/vocabulary.py"
"""A list of words with the terms of the law, looked things up in, not read through."""


def functions(path: str) -> Iterator[Function]:
    return (node for node in ast.walk(tree.parsed(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    return function.end_lineno - function.lineno + 1


def test_no_function_is_longer_than_a_glance():
    found = [
        f"{path}:{function.lineno} {function.name}: {length(function)} lines"
        for path in tree.python(*tree.CODE)
        for function in functions(path)
        if length(function) > LONGEST_FUNCTION
    ]

    assert not found, "\n".join(found)


def test_most_functions_are_much_shorter():
    lengths = [length(function) for path in tree.python(*tree.CODE) for function in functions(path)]

    middle, ninth = median(lengths), quantiles(lengths, n=10)[-1]

    print(f"{len(lengths)} functions: median {middle} lines, p90 {ninth}")  # noqa: T201
    assert middle <= MEDIAN_FUNCTION
    assert ninth < NINE_IN_TEN


def test_no_module_is_longer_than_a_sitting():
    sizes = {path: tree.text(path).count("\n") for path in tree.python(*tree.CODE)}
    del sizes[GLOSSARY]

    found = [f"{path}: {size} lines" for path, size in sizes.items() if size > LONGEST_MODULE]

    assert not found, "\n".join(found)


def test_every_package_of_the_centre_says_in_one_sentence_what_it_is_for():
    packages = {path.split("/")[1] for path in tree.python("lims") if path.count("/") > 1}

    found = [name for name in sorted(packages) if not _one_sentence(f"lims/{name}/__init__.py")]

    assert not found, "\n".join(found)


def _one_sentence(path: str) -> bool:
    """Tell whether a module is a docstring of one sentence, and no code."""
    if path not in tree.listed():
        return False
    module = tree.parsed(path)
    said = " ".join((ast.get_docstring(module) or "").split())
    return len(module.body) == 1 and said.endswith(".") and ". " not in said


def test_nothing_is_imported_inside_a_function():
    found = [
        f"{path}:{node.lineno}"
        for path in tree.python()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert not found, "\n".join(found)
