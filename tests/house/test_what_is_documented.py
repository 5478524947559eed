"""What the documents promise is there, and what is there is documented."""

import re

from tests.house import tree

PROMISED = {
    *("run", "test", "setup", "check", "chaos"),
    *("migration", "docs", "lock", "bench", "browser"),
}
SETTING = re.compile(r"\bLIMS_[A-Z_]+\b")
NOT_OF_THE_CENTRE = {"LIMS_TEST_POSTGRES_URL", "LIMS_TEST_REDIS_URL", "LIMS_TEST_KILLS"}
ICON = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']""")
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


def test_every_icon_that_a_page_asks_for_is_in_the_sprite():
    drawn = set(tree.text("scripts/icons.txt").split())

    found = [
        f"{path} {name}"
        for path in tree.listed()
        if path.startswith("lims/templates/")
        for name in ICON.findall(COMMENT.sub("", tree.text(path)))
        if name not in drawn
    ]

    assert not found, "\n".join(found)
