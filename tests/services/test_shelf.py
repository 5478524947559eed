"""The same bytes stand on the shelf once, whoever they are about."""

from sqlalchemy import func, select

from lims.kernel import shelf
from lims.kernel.db import new_id
from lims.kernel.shelf import Kept, Paper
from tests.factories import TODAY


def frozen(session, number):
    said = {"kind": "slip", "template": "slip@1", "number": number, "content": {"number": number}}
    paper = shelf.freeze(session, new_id(), on=TODAY, by="lan", **said)
    session.flush()
    return paper


def test_two_papers_of_the_same_bytes_share_them(session):
    first, second = frozen(session, "N26-00001"), frozen(session, "N26-00002")

    shelf.keep(session, first.id, b"%PDF-1", by="worker")
    shelf.keep(session, second.id, b"%PDF-1", by="worker")

    assert session.scalar(select(func.count()).select_from(Kept)) == 1
    assert shelf.bytes_of(session, second) == b"%PDF-1"


def test_a_paper_is_printed_once(session):
    paper = frozen(session, "N26-00001")
    assert shelf.bytes_of(session, paper) is None

    shelf.keep(session, paper.id, b"%PDF-1", by="worker")
    shelf.keep(session, paper.id, b"%PDF-2", by="worker")

    assert shelf.bytes_of(session, paper) == b"%PDF-1"
    assert session.scalars(select(Paper)).all() == [paper]
