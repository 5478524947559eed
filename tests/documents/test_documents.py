"""The papers say everything, say it twice the same, and refuse what they cannot say."""

import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

import pypdfium2
import pytest
import zxingcpp

from lims.disciplines import AT_BENCH
from lims.documents import rendering
from lims.documents.content import texts
from lims.documents.glyphs import FontsMissing, faces
from lims.documents.rendering import ContentWrong, render, version
from lims.documents.types import DOCUMENT_TYPES
from lims.kernel.errors import RuleBroken
from tests.documents.samples import SAMPLES, slip

DAY = date(2017, 11, 22)
ROOT = Path(__file__).resolve().parents[2]
EVERY = pytest.mark.parametrize("document", sorted(SAMPLES))
# What steers a template, is drawn as a code, or is written out in words; and what the head of
# the slips, minutes and accounts leaves out.
STEERING = r"kind|\w+_url|.*\.(outcome|result|meets)|issued_on"
STATE_HEAD = r"|centre\.(name_en|designation)"
NOT_AS_TYPED = {
    "slip": STATE_HEAD + r"|centre\.city|items\.\d+\.label",
    "minutes": STATE_HEAD + r"|centre\.city",
    "receipt": STATE_HEAD + "|received_on",
    "hand-over": STATE_HEAD + "|handed_over_on",
    "invoice": r"|centre\.(?!name$).*",
}


@cache
def printed(document):
    return render(document, SAMPLES[document](), created=DAY)


def pages(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def codes(pdf, dpi=150):
    """Read every QR code of every page from its picture, as a telephone would."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [sorted(one.text for one in _codes_of(page, dpi)) for page in document]


def _codes_of(page, dpi):
    picture = page.render(scale=dpi / 72, grayscale=True)
    rows = memoryview(bytes(picture.buffer)).cast("B", (picture.height, picture.stride))
    return zxingcpp.read_barcodes(rows)


def bare(text):
    """Leave out what a line break may change."""
    return re.sub(r"[\s\x02\ufffe-]", "", unicodedata.normalize("NFC", text)).casefold()


def changed(document, **fields):
    return {**SAMPLES[document](), **fields}


@EVERY
def test_every_field_can_be_read_back_from_the_paper(document):
    on_paper = bare("".join(pages(printed(document))))

    left = re.compile(STEERING + NOT_AS_TYPED.get(document, ""))
    missing = [
        (at, text)
        for at, text in texts(SAMPLES[document]())
        if bare(text) not in on_paper and not left.fullmatch(at)
    ]

    assert missing == []


@EVERY
def test_the_day_of_issue_is_written_out(document):
    on_paper = bare("".join(pages(printed(document))))

    if {"issued_on", "issued_at"} & set(SAMPLES[document]()) or document == "receipt":
        assert re.search(r"ngày\d\dtháng11năm20(17|26)", on_paper)


@EVERY
def test_every_page_bears_the_number_and_its_place_and_the_last_the_end_mark(document):
    content = SAMPLES[document]()

    said = [page for page in pages(printed(document)) if "Trang" in page]

    assert [re.findall(r"Trang (\d+)/(\d+)", page)[-1] for page in said] == [
        (str(rank), str(len(said))) for rank in range(1, len(said) + 1)
    ]
    assert all(content["number"] in page for page in said)
    assert ["HẾT" in page for page in said] == [False] * (len(said) - 1) + [True]


@EVERY
def test_a_paper_is_pdf_a_3b_with_every_font_inside(document):
    pdf = printed(document)

    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"/OutputIntents" in pdf
    assert pdf.count(b"/FontDescriptor ") == len(re.findall(rb"/FontFile[23]? ", pdf)) > 0
    assert b"/Encrypt" not in pdf


@EVERY
def test_the_same_content_gives_the_same_bytes(document):
    with ThreadPoolExecutor(1) as another_thread:
        again = another_thread.submit(render, document, SAMPLES[document](), created=DAY).result()

    assert again == printed(document)


@EVERY
def test_the_code_on_a_paper_leads_to_its_public_page(document):
    content = SAMPLES[document]()
    wanted = [content[key] for key in ("check_url", "order_url") if key in content]

    assert codes(printed(document))[0] == wanted


@EVERY
def test_the_edition_of_a_paper_is_named_and_prints_the_same(document):
    edition = version(document)

    assert re.fullmatch(rf"{document}@\d+", edition)
    assert render(edition, SAMPLES[document](), created=DAY) == printed(document)


def test_every_template_has_its_content_and_every_content_its_template():
    templates = {one.stem for one in rendering.EDITIONS.glob("*/*.typ")} - {"house"}

    assert templates == set(DOCUMENT_TYPES) == set(SAMPLES)


@pytest.mark.parametrize("count", [1, 40, pytest.param(500, marks=pytest.mark.slow)])
def test_every_item_of_an_order_gets_a_label_that_can_be_read(count):
    content = slip(count)

    read = codes(render("slip", content, created=DAY))

    labels = sorted(code for page in read for code in page if not code.startswith("https"))
    assert labels == [item["code"] for item in content["items"]]
    assert len([page for page in read[1:] if page]) == -(-count // 40)


NASTY = '#panic("x") $sum$ *b* _i_ "q" \\n `r` @end <end> // /* = [x] {y} #{1/0} Đặng Ngọc Ẩn'


@EVERY
def test_what_is_typed_is_printed_and_never_obeyed(document):
    content = spoiled(SAMPLES[document](), NASTY)

    on_paper = bare("".join(pages(render(document, content, created=DAY))))

    assert bare(NASTY) in on_paper


LONG = "Công ty TNHH Một thành viên " * 7 + "W" * 60


@EVERY
def test_a_long_name_stays_on_the_page(document):
    content = spoiled(SAMPLES[document](), LONG)

    with pypdfium2.PdfDocument(render(document, content, created=DAY)) as pdf:
        over = [n for n, page in enumerate(pdf) if _right_edge(page) > _limit(page)]

    assert over == []


def _right_edge(page):
    said = page.get_textpage()
    return max((said.get_rect(n)[2] for n in range(said.count_rects())), default=0)


def _limit(page):
    """Give the right edge of text in points: labels go further, a last blank hangs over."""
    margin = 14 if "Trang" in page.get_textpage().get_text_bounded() else 3
    return (210 - margin) / 25.4 * 72


def spoiled(content, text):
    """Put one text wherever people type freely."""
    typed = {"name", "user", "requester", "place", "place_of_use", "serial", "reason", "remarks"}

    def of(value, key=""):
        if isinstance(value, dict):
            return {one: of(inner, one) for one, inner in value.items()}
        if isinstance(value, list):
            return [of(inner, key) for inner in value]
        return text if key in typed else value

    return {**of(content), "centre": content["centre"]}


def test_a_character_that_no_font_has_is_refused_by_name_and_place():
    content = slip(3)
    content["items"][1]["name"] = "Cân ✓ điện tử"

    with pytest.raises(RuleBroken, match=r"“✓” \(U\+2713\) cannot be printed") as refused:
        rendering.check("slip", content)

    assert refused.value.field == "items.1.name"


@pytest.mark.parametrize("strange", ["\x00", "\x1b", "\ud800", "\ue000", "😀", "中", "\u0b95"])
def test_nothing_unprintable_reaches_the_printer(strange):
    with pytest.raises(RuleBroken, match=r"U\+"):
        render("verification", changed("verification", name=f"Cân{strange}"), created=DAY)


def test_invisible_marks_are_dropped_and_letters_composed():
    typed = unicodedata.normalize("NFD", "Nguyễn\u200b Thị\u202e Sương\ufeff\u00ad")

    page = pages(render("verification", changed("verification", user=typed), created=DAY))[0]

    assert "Nguyễn Thị Sương" in page


def test_a_calibration_certificate_has_no_place_for_a_due_date():
    with pytest.raises(ContentWrong, match="valid_until: unknown"):
        render("calibration", changed("calibration", valid_until="30/11/2018"), created=DAY)

    said = "".join(pages(printed("calibration"))).casefold()
    assert "có giá trị đến" not in said
    assert "đạt yêu cầu" not in said


def test_a_verification_certificate_says_the_fixed_words_of_the_law():
    for document in ("verification", "verification-list"):
        assert "Đạt yêu cầu kỹ thuật đo lường" in pages(printed(document))[0]


def test_the_front_page_of_a_calibration_names_the_page_where_the_results_stand():
    content = spoiled(SAMPLES["calibration"](), LONG)

    said = pages(render("calibration", content, created=DAY))

    (named,) = re.findall(r"Xem kết quả tại trang (\d+)", "".join(said))
    assert int(named) > 2
    assert said[int(named) - 1].startswith("1. Chuẩn đo lường sử dụng")


@pytest.mark.parametrize("count", range(8, 20))
def test_no_page_holds_signatures_alone(count):
    content = slip(count)

    signed = next(page for page in pages(render("slip", content, created=DAY)) if "HẾT" in page)

    assert content["items"][-1]["code"] in signed
    assert content["items"][-2]["code"] in signed
    assert "Serial No." in signed


def test_the_consumer_who_gives_nothing_is_named_so():
    content = changed("invoice", buyer={"consumer": True}, kind="sales", form="2")

    (page,) = pages(render("invoice", content, created=DAY))

    assert "Bán cho người tiêu dùng" in page
    assert "HÓA ĐƠN BÁN HÀNG" in page
    assert "GTGT" not in page


def test_a_draft_says_so_across_the_page():
    content = changed("verification", draft=True, issued_on="")

    assert "NHÁP" in "".join(pages(render("verification", content, created=DAY)))
    assert "NHÁP" not in "".join(pages(printed("verification")))


def test_the_minutes_count_their_outcomes():
    assert bare("Đạt (Pass): 6; Không đạt (Fail): 1; Không thực hiện (Not performed): 1") in bare(
        "".join(pages(printed("minutes")))
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"serial": 7}, "serial: int instead of str"),
        ({"characteristics": "Max"}, "characteristics: str instead of list"),
        ({"inspector": {"name": "An"}}, "inspector.card: missing"),
        ({"inspector": "An"}, "inspector: str instead of Inspector"),
        ({"characteristics": ["Max", None]}, "characteristics.1: NoneType instead of str"),
    ],
)
def test_content_of_another_shape_is_named_before_it_is_printed(fields, fault):
    with pytest.raises(ContentWrong, match=re.escape(fault)):
        rendering.check("verification", changed("verification", **fields))


def test_a_word_outside_a_closed_list_is_named():
    (first, *others) = SAMPLES["minutes"]()["items"]
    wrong = [first | {"outcome": "repaired"}, *others]

    with pytest.raises(ContentWrong, match=r"items.0.outcome: 'repaired' is not one of pass, fail"):
        rendering.check("minutes", changed("minutes", items=wrong))


@pytest.mark.parametrize("discipline", AT_BENCH)
def test_whatever_is_done_at_the_bench_has_its_minutes(discipline):
    content = changed("minutes", kind=discipline.value)

    rendering.check("minutes", content)

    assert render("minutes", content, created=DAY).startswith(b"%PDF")


@pytest.mark.parametrize("name", ["verifikation", "verification@99", "../app"])
def test_a_paper_that_does_not_exist_is_refused(name):
    with pytest.raises(ContentWrong, match="There is no"):
        render(name, {}, created=DAY)


def test_without_fonts_the_machine_says_what_to_do(tmp_path):
    with pytest.raises(FontsMissing, match=r"holds 0 of the 4 Tinos fonts. Run `make setup`"):
        faces(tmp_path)


AFTER_A_FORK = """
import os
from datetime import date
from lims.disciplines import AT_BENCH
from lims.documents import rendering
from tests.documents.samples import SAMPLES

def printed():
    try:
        return rendering.render("receipt", SAMPLES["receipt"](), created=date(2017, 11, 22))
    except rendering.PrintingFailed as refused:
        print(refused, flush=True)

assert not rendering._first_compiled_in, "something was printed at import"
printed()
if os.fork() == 0:
    printed()
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system does not fork.")
def test_a_forked_child_is_told_instead_of_hanging():
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AFTER_A_FORK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )

    assert "spawn it instead" in told.stdout


def test_every_paper_and_every_key_is_documented():
    document = (ROOT / "docs/papers.md").read_text(encoding="utf-8")

    def keys(shape):
        for key, hint in get_type_hints(shape).items():
            yield key
            for inner in (hint, *get_args(hint)):
                if hasattr(inner, "__required_keys__"):
                    yield from keys(inner)

    wanted = {f"`{name}`" for name in DOCUMENT_TYPES}
    wanted |= {
        f"| `{key}` |" for document in DOCUMENT_TYPES.values() for key in keys(document.content)
    }
    assert [one for one in sorted(wanted) if one not in document] == []
