"""Sticker books as pages write them."""

from lims.marks.commands import HandOutBook
from lims.vocabulary import Discipline
from schemas.fields import choice, code, id_, whole
from schemas.forms import Body


class BookForm(Body):
    """A run of stickers for a person."""

    command = HandOutBook

    holder_id = id_(required=True)
    series = code(20)
    first = whole(1, 99_999_999, required=True)
    last = whole(1, 99_999_999, required=True)
    discipline = choice(Discipline, required=True)
