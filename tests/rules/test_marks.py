"""Stickers are taken in order, each once, without a database."""

from datetime import date

import pytest

from lims.kernel.db import new_id
from lims.kernel.errors import RuleBroken
from lims.marks.models import Book, Sticker
from lims.vocabulary import Discipline, StickerState

TODAY = date(2026, 3, 3)


def book(first=1, last=10):
    return Book(
        series="26V",
        first=first,
        last=last,
        next=first,
        discipline=Discipline.VERIFICATION,
        holder_id=new_id(),
        handed_out_on=TODAY,
    )


def test_numbers_are_taken_one_after_the_other():
    mine = book()

    assert list(mine.take(3)) == [1, 2, 3]
    assert list(mine.take(2, first=7)) == [7, 8]
    assert (mine.next, mine.left) == (9, 2)


@pytest.mark.parametrize(("count", "first"), [(11, None), (1, 3), (2, 10)])
def test_a_number_that_is_not_free_is_refused(count, first):
    mine = book()
    mine.take(5)

    with pytest.raises(RuleBroken, match="not free") as refusal:
        mine.take(count, first=first)

    assert refusal.value.field == "sticker"
    assert mine.next == 6


def test_a_sticker_comes_into_force_and_is_spoiled_for_ever():
    sticker = Sticker(book_id=new_id(), series="26V", number=7, result_id=new_id())

    activated = sticker.activate(on=TODAY)
    spoiled = sticker.spoil(reason="rách", on=TODAY)

    assert (activated.sticker, activated.result_id) == ("26V-00007", sticker.result_id)
    assert (spoiled.sticker_id, spoiled.reason) == (sticker.id, "rách")
    assert sticker.state is StickerState.SPOILED
