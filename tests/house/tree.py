"""The project's own files, as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("lims", "schemas", "workers")


@cache
def listed() -> tuple[str, ...]:
    """Name every file that is committed or would be, relative to the project's folder."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True)
    named = sorted(set(filter(None, answer.stdout.split("\0"))))
    return tuple(one for one in named if (ROOT / one).is_file())


@cache
def text(path: str) -> str:
    """Return a file's text; bytes that are no text become marks."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def lines(path: str) -> Iterator[tuple[str, str]]:
    """Give each line of a file with its place, `path:number`."""
    for number, line in enumerate(text(path).splitlines(), start=1):
        yield f"{path}:{number}", line


def python(*folders: str) -> list[str]:
    """Name the Python files in some folders, or in the whole project."""
    wanted = tuple(f"{folder}/" for folder in folders) or ("",)
    return [one for one in listed() if one.endswith(".py") and one.startswith(wanted)]


@cache
def parsed(path: str) -> ast.Module:
    """Return a Python file as a tree."""
    return ast.parse(text(path), filename=path)
