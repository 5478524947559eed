"""Whatever command a document shows can be given."""

import re
from collections.abc import Iterator
from functools import reduce

import click

from lims.cli import lims
from tests.house import tree

FENCE = re.compile(r"^```(?:sh|bash|console|shell)\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`((?:make|lims|\.venv/bin/lims)(?: [^`\n]*)?)`")
END_OF_COMMAND = re.compile(r"\s+(?:#|&&|\||>|<).*$")


def test_every_command_in_the_documents_exists():
    found = [f"{path}: {command}" for path, command in commands() if not exists(command)]

    assert not found, "\n".join(found)


def commands() -> Iterator[tuple[str, str]]:
    """Give the `make` and `lims` commands that the documents show."""
    for path in tree.listed():
        if path.endswith(".md"):
            text = tree.text(path)
            shown = [line for block in FENCE.findall(text) for line in block.splitlines()]
            for line in [*shown, *INLINE.findall(FENCE.sub("", text))]:
                command = END_OF_COMMAND.sub("", line.strip().removeprefix("$ "))
                command = re.sub(r"^(?:[A-Z_]+=\S* )+", "", command)
                command = command.removeprefix(".venv/bin/")
                if command.startswith(("make ", "lims ")):
                    yield path, command


def exists(command: str) -> bool:
    """Tell whether a command as a document shows it can be given."""
    program, *words = command.split()
    if program == "make":
        targets = set(re.findall(r"^([a-z]+):", tree.text("Makefile"), re.MULTILINE))
        return all("=" in word or word in targets for word in words[:1])
    options = {word.split("=")[0] for word in words if word.startswith("--")}
    named, known = reduce(_deeper, words, (lims, _options(lims)))
    return not isinstance(named, click.Group) and options <= known | {"--help"}


def _deeper(at: tuple[click.Command, set[str]], word: str) -> tuple[click.Command, set[str]]:
    """Follow one word of a command line into the group it names a command of."""
    command, known = at
    inner = command.commands.get(word) if isinstance(command, click.Group) else None
    return (inner, known | _options(inner)) if inner else at


def _options(command: click.Command) -> set[str]:
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
