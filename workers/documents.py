"""Print what was frozen."""

from sqlalchemy.orm import Session

from lims.documents import rendering, store
from lims.documents.store import Document, DocumentFrozen
from lims.kernel.db import fetch
from workers.handler import WORKER, on


@on(DocumentFrozen, name="documents.PrintPaper")
class PrintDocument:
    """Make the paper; the slow half holds no lock."""

    def prepare(self, reader: Session, fact: DocumentFrozen) -> bytes:
        """Render what was frozen, and nothing else."""
        document = fetch(reader, Document, fact.paper_id)
        return rendering.render(document.template, document.content(), created=document.on)

    def settle(self, session: Session, fact: DocumentFrozen, prepared: bytes) -> None:
        """Put the bytes on the shelf."""
        store.keep(session, fact.paper_id, prepared, by=WORKER)
