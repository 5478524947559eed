"""Which part of a list is asked for, keyset by keyset."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from marshmallow import EXCLUDE, Schema, fields

from schemas.fields import Id, id_, text, whole
from schemas.forms import Body

MOST = 500


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """So many rows after the one of this id."""

    limit: int = 50
    after: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class SearchRequest(PageRequest):
    """The same of the rows that match."""

    q: str = ""


class PageArgs(Body):
    """Which part of a list."""

    command: ClassVar[type | None] = PageRequest

    class Meta:
        """Let other words of the address pass."""

        unknown = EXCLUDE

    limit = whole(1, MOST, load_default=50)
    after = id_(load_default=None)


class SearchArgs(PageArgs):
    """Which part of a list, and what to look for."""

    command: ClassVar[type | None] = SearchRequest

    q = text(200)


def page_of(row: type[Schema], name: str) -> type[Schema]:
    """Make the schema of one page of rows, and the id after which the next one begins."""
    return Schema.from_dict(
        {"items": fields.List(fields.Nested(row)), "next": Id(allow_none=True)}, name=name
    )
