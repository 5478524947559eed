"""Every template keeps to the page kit, so that nothing typed is lost and nothing is blocked."""

import re
from collections.abc import Iterator

from tests.house import tree

COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
KIT = re.compile(r"""\{%-?\s*from\s+["']_(?:forms|tables|icons)\.html["']\s+import\s+[^%]*?%\}""")
POST = re.compile(r"<form\b[^>]*method=.post.[^>]*>.*?</form>", re.DOTALL | re.IGNORECASE)
INLINE = re.compile(r"""<script\b(?![^>]*\bsrc=)|<style\b|\sstyle=["']|\son[a-z]+=["']|\bhx-on""")
WITHOUT_A_KEY = ("/language", "/logout", "{{ kept.path }}", "{{ request.full_path }}")
"""The last two send again what was typed, its key among it."""


def templates() -> Iterator[tuple[str, str]]:
    for path in tree.listed():
        if path.startswith("lims/templates/"):
            yield path, COMMENT.sub("", tree.text(path))


def test_the_kit_is_imported_with_context_so_that_what_was_typed_comes_back():
    found = [
        f"{path}: {said}"
        for path, text in templates()
        for said in KIT.findall(text)
        if "with context" not in said
    ]

    assert not found, "\n".join(found)


def test_no_template_holds_what_the_content_security_policy_blocks():
    found = [
        f"{path}: {said}"
        for path, text in templates()
        for said in INLINE.findall(text)
        if not path.endswith(".svg")
    ]

    assert not found, "\n".join(found)


def test_every_form_that_posts_carries_a_key():
    found = [
        f"{path}: {form[:80]}"
        for path, text in templates()
        for form in POST.findall(text)
        if "_key" not in form and not any(f'action="{one}"' in form for one in WITHOUT_A_KEY)
    ]

    assert not found, "\n".join(found)


def test_the_script_of_the_pages_stays_small():
    assert tree.text("lims/static/lims.js").count("\n") <= 300
