import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from lims.bench.uncertainty.budget import Distribution
from lims.kernel import words
from lims.kernel.errors import RuleBroken
from lims.kernel.words import day, fold, instant, long_day, say, spoken, term, tidy
from lims.vocabulary import ItemState

CONTROL = "The text holds a control character: type it again."
NOT_READ = "“%(text)s” cannot be read as a number: type digits with one decimal comma or point."
CATALOGUES = sorted(Path(words.__file__).parents[1].glob("translations/vi/*.po"))


def entries(path):
    with path.open("rb") as lines:
        return [entry for entry in read_po(lines) if entry.id]


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    """Put one catalogue of our own where the centre's are."""
    monkeypatch.setattr(words, "_FOLDER", tmp_path)
    words._catalogue.cache_clear()  # noqa: SLF001 - read once in a process
    yield tmp_path / "some.po"
    monkeypatch.undo()
    words._catalogue.cache_clear()  # noqa: SLF001 - read once in a process


def test_a_message_is_said_in_vietnamese_and_in_english():
    assert say(CONTROL, "vi").startswith("Nội dung có ký tự điều khiển")
    assert say(CONTROL, "en") == CONTROL


def test_a_message_without_a_translation_is_said_in_english():
    assert say("Nobody translated this.", "vi") == "Nobody translated this."


def test_the_values_of_a_message_are_filled_in():
    assert say(NOT_READ, "vi", text="1.2.3").startswith("Không đọc được “1.2.3” thành số")


def test_values_are_written_as_the_language_writes_them():
    message = "%(when)s: %(amount)s of %(all)s, %(state)s"
    values = {"when": date(2026, 11, 2), "amount": Decimal("1234.50"), "all": 22048}

    assert say(message, "vi", **values, state="x") == "02/11/2026: 1.234,50 of 22.048, x"
    assert say(message, "en", **values, state="x") == "2 Nov 2026: 1,234.50 of 22,048, x"


def test_years_and_row_numbers_are_filled_in_as_bare_digits():
    assert say("%(share)s %% of %(year)d", "vi", share=Decimal("2.5"), year=2017) == "2,5 % of 2017"


def test_a_message_without_values_is_left_as_it_is():
    assert say("100 % of %(nothing)s", "en") == "100 % of %(nothing)s"


def test_lists_and_truth_are_spoken_too():
    assert spoken([1000, "x", Decimal("0.5")], "vi") == "1.000, x, 0,5"
    assert spoken((1, 2), "en") == "1, 2"
    assert spoken(True, "vi") == "True"  # noqa: FBT003


def test_a_word_of_a_closed_list_is_translated_under_the_name_of_its_list():
    assert term(Distribution.U_SHAPED, "vi") == "hình chữ U"
    assert say("%(one)s", "vi", one=Distribution.NORMAL) == "chuẩn"
    assert term(ItemState.NOT_PERFORMED, "en") == "not performed"


def test_an_unsure_translation_is_not_said(catalogue):
    catalogue.write_text('#, fuzzy\nmsgid "yes"\nmsgstr "không"\n', encoding="utf-8")

    assert say("yes", "vi") == "yes"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_every_translation_is_sure_and_fills_in_what_its_message_does(path):
    def places(text):
        return sorted(set(re.findall(r"%\(\w+\)[sd]", text)))

    wrong = [one.id for one in entries(path) if places(one.id) != places(one.string) or one.fuzzy]

    assert wrong == []
    assert [one.id for one in entries(path) if not one.string] == []


def test_two_catalogues_never_translate_one_message_differently():
    told = {}
    for path in CATALOGUES:
        for one in entries(path):
            told.setdefault((one.context, one.id), {})[one.string] = path.name

    assert {key: by for key, by in told.items() if len(by) > 1} == {}


def test_a_day_is_written_in_short():
    assert day(date(2026, 1, 2), "vi") == "02/01/2026"
    assert day(date(2026, 11, 22), "en") == "22 Nov 2026"


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 11, 22), "ngày 22 tháng 11 năm 2026"),
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 10), "ngày 10 tháng 3 năm 2026"),
    ],
)
def test_official_papers_pad_small_days_and_the_first_two_months(on, said):
    assert long_day(on, "vi") == said


def test_a_long_day_in_english():
    assert long_day(date(2026, 2, 5), "en") == "5 February 2026"


def test_an_instant_is_told_by_the_clock_on_the_centres_wall():
    late = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)

    assert instant(late, "vi") == "00:05 22/11/2026"
    assert say("%(at)s", "en", at=late) == "22 Nov 2026, 00:05"


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        instant(datetime(2026, 11, 22, 7, 0), "vi")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đặng Thị Điện", "dang thi dien"),
        ("ĐẮK  LẮK\t", "dak lak"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("Straße", "strasse"),
    ],
)
def test_search_knows_neither_accents_nor_case_nor_spacing(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_text_is_kept_composed_on_one_line_and_without_what_cannot_be_seen():
    assert tidy("  Nguye\u0302\u0303n\u00a0\n Văn\u200b A\ufeff ") == "Nguyễn Văn A"


@pytest.mark.parametrize("typed", ["A\x00B", "A\x1bB", "A\x0bB", "A\x85B", "A\ud800"])
def test_control_characters_are_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        tidy(typed, field="name")

    assert (refused.value.message, refused.value.field) == (CONTROL, "name")


@given(st.text())
def test_tidy_text_stays_as_it_is(text):
    try:
        once = tidy(text)
    except RuleBroken:
        return

    assert tidy(once) == once
