"""What the documents promise is there, and what is there is documented."""

import ast
import re
from collections.abc import Iterator

from tests.house import tree

PROMISED = {
    *("run", "test", "setup", "check", "chaos"),
    *("migration", "docs", "lock", "bench", "browser"),
}
SETTING = re.compile(r"\bLIMS_[A-Z_]+\b")
NOT_OF_THE_CENTRE = {"LIMS_TEST_POSTGRES_URL", "LIMS_TEST_REDIS_URL", "LIMS_TEST_KILLS"}
ICON = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")
ICON_OF_AN_ENTRY = 3
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)


def settings(path: str) -> set[str]:
    return set(SETTING.findall(tree.text(path))) - NOT_OF_THE_CENTRE


def test_every_setting_is_documented_and_every_documented_setting_is_read():
    assert settings(".env.example") == settings("lims/config.py")


def test_no_document_names_a_setting_that_is_not_read():
    read = settings("lims/config.py")

    found = [
        f"{path} {name}"
        for path in tree.listed()
        if path.endswith((".md", "Makefile", "Procfile", ".ci/run", ".sh"))
        for name in settings(path) - read
    ]

    assert not found, "\n".join(found)


def test_make_has_every_target_that_was_promised_and_explains_it():
    explained = set(re.findall(r"^([a-z]+):.*## ", tree.text("Makefile"), re.MULTILINE))

    assert PROMISED - explained == set()


def icons() -> Iterator[tuple[str, str]]:
    """Give the icons that templates, the menu and the cards of the home page ask for."""
    for path in tree.listed():
        if path.startswith("lims/templates/"):
            yield from ((path, name) for name in ICON.findall(COMMENT.sub("", tree.text(path))))
    for path in tree.python("lims"):
        calls = (one for one in ast.walk(tree.parsed(path)) if isinstance(one, ast.Call))
        yield from ((path, name) for call in calls for name in icon_of(call))


def icon_of(call: ast.Call) -> list[str]:
    """Return the icon of a line of the menu or a card, where it is written out."""
    if ast.unparse(call.func) not in {"Entry", "Panel", "panels.Entry", "panels.Panel"}:
        return []
    named = [one.value for one in call.keywords if one.arg == "icon"]
    placed = call.args[ICON_OF_AN_ENTRY : ICON_OF_AN_ENTRY + 1]
    return [str(one.value) for one in named + placed if isinstance(one, ast.Constant)]


def test_every_icon_that_a_page_asks_for_is_in_the_sprite():
    drawn = set(tree.text("scripts/icons.txt").split())

    found = [f"{path} {name}" for path, name in icons() if name not in drawn]

    assert not found, "\n".join(found)
