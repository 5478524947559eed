"""Vietnamese first and complete: every sentence the centre says has its translation."""

import json
import re
from collections import defaultdict

from tests.golden.__main__ import REFUSALS
from tests.house import messages

PLACE = re.compile(r"%\((\w+)\)[sd]")
IN_SCRIPT = re.compile(r"\{(\w+)\}")


def test_every_sentence_is_translated():
    known = {(one.context, one.message) for one in messages.known() if one.translation}

    missing = [
        f"{one.place} {one.context or '-'} {one.message!r}"
        for one in messages.said()
        if not {(one.context, one.message), (None, one.message)} & known
    ]

    assert not missing, "\n".join(missing)


def test_no_translation_outlives_its_sentence():
    used = {one.message for one in messages.said()} | messages.strings()

    stale = [f"{one.place} {one.message!r}" for one in messages.known() if one.message not in used]

    found = stale + messages.obsolete()

    assert not found, "\n".join(found)


def test_no_translation_is_a_guess():
    found = [one.place for one in messages.known() if one.fuzzy or not one.translation]

    assert not found, "\n".join(found)


def test_both_languages_fill_in_the_same_values():
    found = [
        f"{one.place} {one.message!r}"
        for one in messages.known()
        for kind in (PLACE, IN_SCRIPT)
        if set(kind.findall(one.message)) != set(kind.findall(one.translation))
    ]

    assert not found, "\n".join(found)


def test_no_sentence_has_two_translations():
    by_message = defaultdict(set)
    for one in messages.known():
        by_message[one.context, one.message].add(one.translation)

    found = {message: both for (_, message), both in by_message.items() if len(both) > 1}

    assert found == {}


def test_whoever_says_a_sentence_fills_in_its_values():
    found = [
        f"{one.place} {one.message!r}"
        for one in messages.said()
        if one.filled is not None and not set(PLACE.findall(one.message)) <= one.filled
    ]

    assert not found, "\n".join(found)


def test_the_list_of_refusals_does_not_lag():
    listed = json.loads(REFUSALS.read_text(encoding="utf-8"))

    assert listed == messages.fields_of_refusals(), "run `python -m tests.golden` and commit it"
