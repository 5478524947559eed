"""Real objects first, and nothing left out without a word."""

import ast
from collections.abc import Iterator

from tests.house import tree


def calls(path: str) -> Iterator[tuple[str, ast.Call]]:
    """Give every call of a file with the dotted name of what it calls."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def imports(path: str) -> set[str]:
    """Name what a file imports, with the module it comes from."""
    nodes = list(ast.walk(tree.parsed(path)))
    plain = {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    chosen = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return plain | {f"{node.module}.{one.name}" for node in chosen for one in node.names}


def test_nothing_of_ours_is_mocked():
    found = [
        path
        for path in tree.python("tests")
        if any(name.startswith(("mock", "pytest_mock", "unittest.mock")) for name in imports(path))
        or any(name.startswith("mocker.") for name, _ in calls(path))
    ]

    assert not found, "\n".join(found)


def test_every_test_that_is_left_out_says_why():
    found = [
        f"{path}:{call.lineno}"
        for path in tree.python("tests")
        for name, call in calls(path)
        if name.endswith(("pytest.skip", "mark.skip", "mark.skipif", "mark.xfail"))
        and not _says_why(name, call)
    ]
    found += [
        place
        for path in tree.python("tests")
        for place, line in tree.lines(path)
        if line.strip() in {"@pytest.mark.skip", "@pytest.mark.xfail"}
    ]

    assert not found, "\n".join(found)


def _says_why(name: str, call: ast.Call) -> bool:
    given = [one.value for one in call.keywords if one.arg == "reason"]
    if not name.endswith(("skipif", "xfail")):
        given += call.args
    return any(not isinstance(one, ast.Constant) or str(one.value).strip() for one in given)
