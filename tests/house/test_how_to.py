"""A recipe leads to a change that works: a copy of the project follows it."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import tree

DIFF = re.compile(r"^```diff\n(.*?)^```", re.DOTALL | re.MULTILINE)
COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
CHANGED = re.compile(r"^\+\+\+ b/(\S+)$", re.MULTILINE)
NEEDED = (
    "lims/",
    "schemas/",
    "workers/",
    "tests/",
    "docs/",
    "migrations/",
    "scripts/",
    "pyproject.toml",
)
UNTIMED = "-p no:tests.budget"
"""Beside other tests: that they are slow then says nothing of the recipe."""

ASSETS = "lims/static/vendor"
BY_HAND = {"add-a-field": 6, "add-a-counted-fact": 6, "add-a-kind-of-service": 10}
"""Files that a recipe may touch; what a command writes is not counted."""

PROGRAMS = {
    ".venv/bin/python": [sys.executable],
    ".venv/bin/lims": [sys.executable, "-c", "from lims.cli import lims; lims()"],
}


@pytest.fixture
def copy(tmp_path):
    for path in tree.listed():
        if path.startswith(NEEDED):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(tree.ROOT / path, target)
    (tmp_path / ASSETS).symlink_to(tree.ROOT / ASSETS)
    run(["git", "init", "--quiet"], tmp_path)  # the house tests ask git what is there
    return tmp_path


def run(arguments: list[str], folder: Path, text: str | None = None) -> None:
    command = ["env", f"PYTHONPATH={folder}", f"PYTEST_ADDOPTS={UNTIMED}", *arguments]
    answer = subprocess.run(
        command, cwd=folder, input=text, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, f"{arguments}\n{answer.stdout}{answer.stderr}"


def test_every_recipe_is_replayed():
    written = {Path(path).stem for path in tree.listed() if path.startswith("docs/how-to/")}

    assert written == set(BY_HAND)


@pytest.mark.slow
@pytest.mark.parametrize("recipe", BY_HAND)
def test_a_recipe_is_short_and_what_it_says_works(recipe, copy):
    text = tree.text(f"docs/how-to/{recipe}.md")
    diffs = DIFF.findall(text)

    for diff in diffs:
        run(["git", "apply", "--recount", "-"], copy, diff)
    for block in COMMANDS.findall(text):
        for line in block.splitlines():
            program, *arguments = shlex.split(line)
            run([*PROGRAMS[program], *arguments], copy)

    assert len({path for diff in diffs for path in CHANGED.findall(diff)}) <= BY_HAND[recipe]
