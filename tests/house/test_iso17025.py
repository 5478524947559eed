"""The table of ISO/IEC 17025 in the documents names what exists, and loses no row."""

import ast
import re

from tests.house import tree

TABLE = "docs/iso17025.md"
NAMED = re.compile(r"`([^`]+)`")
ROWS = 76


def rows():
    """Give each row of the table: number, clause, what is asked, where, proof."""
    for _, line in tree.lines(TABLE):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0].isdecimal():
            yield int(cells[0]), *cells[1:]


def proven_in(path):
    """Name the tests of a file."""
    nodes = ast.walk(tree.parsed(path))
    return {one.name for one in nodes if isinstance(one, ast.FunctionDef)}


def test_every_requirement_stands_in_the_table_once():
    assert [number for number, *_ in rows()] == list(range(1, ROWS + 1))
    assert all(len(row) == 5 for row in rows()), "a row has five cells"


def test_a_row_is_met_or_in_part_or_open_and_says_what_is_missing():
    for number, _, _, where, proof in rows():
        state = re.match(r"(met|in part|open)\b", where)
        assert state, f"row {number}"
        assert (state[1] == "open") is (proof == ""), f"row {number}: open has no proof, else one"
        assert (state[1] == "in part") is ("Missing: " in where), f"row {number}"
        assert (state[1] == "open") is (not NAMED.search(where)), f"row {number}: name the file"


def test_every_file_and_every_test_that_proves_a_row_exists():
    listed = set(tree.listed())
    for number, _, _, where, proof in rows():
        for name in NAMED.findall(where):
            assert name in listed or name.startswith("make "), f"row {number}: {name}"
        for name in NAMED.findall(proof):
            path, _, test = name.partition("::")
            assert path in listed, f"row {number}: {path}"
            assert test.startswith("test_"), f"row {number}: {name}"
            assert test in proven_in(path), f"row {number}: {name}"
