"""A template that cannot be set says so; nothing half-printed is kept."""

from datetime import UTC, datetime

import pytest

from lims.documents import rendering
from lims.documents.content import texts_at
from lims.documents.rendering import PrintingFailed
from tests.documents.test_documents import pages, printed

AT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("template", "said"),
    [("#nobody", "unknown variable"), ('#set text(font: "No Such Font")\nA', "font")],
    ids=["an error", "a warning"],
)
def test_a_template_with_a_fault_is_named_and_prints_nothing(tmp_path, template, said):
    source = tmp_path / "broken.typ"
    source.write_text(template, encoding="utf-8")

    with pytest.raises(PrintingFailed, match=rf"broken\.typ: .*{said}"):
        rendering._compile(source, {}, AT)  # noqa: SLF001 - every paper of ours is sound


def test_codes_are_found_inside_lists_and_what_is_no_text_is_none():
    content = {"items": [{"code": "A"}, {"code": 7}, {"serial": "x"}], "number": "N26"}

    assert list(texts_at(content, "items.code")) == [("items.0.code", "A")]


@pytest.mark.parametrize("document", ["calibration", "test-report"])
def test_a_report_speaks_of_its_items_only_and_is_copied_as_a_whole(document):
    said = " ".join("".join(pages(printed(document))).split())

    assert "chỉ có giá trị đối với" in said
    assert "The results relate only to the items named above" in said
    assert "shall not be reproduced except in full" in said
