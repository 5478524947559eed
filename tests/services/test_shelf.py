"""The same bytes stand on the shelf once, whoever they are about."""

from sqlalchemy import func, select

from lims.documents import store
from lims.documents.store import Document, StoredFile
from lims.kernel.db import new_id
from tests.factories import TODAY


def frozen(session, number):
    said = {"kind": "slip", "template": "slip@1", "number": number, "content": {"number": number}}
    document = store.freeze(session, new_id(), on=TODAY, by="lan", **said)
    session.flush()
    return document


def test_two_papers_of_the_same_bytes_share_them(session):
    first, second = frozen(session, "N26-00001"), frozen(session, "N26-00002")

    store.keep(session, first.id, b"%PDF-1", by="worker")
    store.keep(session, second.id, b"%PDF-1", by="worker")

    assert session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert store.bytes_of(session, second) == b"%PDF-1"


def test_a_paper_is_printed_once(session):
    document = frozen(session, "N26-00001")
    assert store.bytes_of(session, document) is None

    store.keep(session, document.id, b"%PDF-1", by="worker")
    store.keep(session, document.id, b"%PDF-2", by="worker")

    assert store.bytes_of(session, document) == b"%PDF-1"
    assert session.scalars(select(Document)).all() == [document]
