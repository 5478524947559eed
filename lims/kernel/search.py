"""Search that does not mind accents: every word asked for is somewhere in the folded text."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from lims.kernel.words import fold

MOST_WORDS = 8


def holds(folded: InstrumentedAttribute[str], q: str) -> list[ColumnElement[bool]]:
    """Return the conditions under which a folded column holds all that was asked for."""
    return [folded.contains(word, autoescape=True) for word in fold(q).split()[:MOST_WORDS]]
