"""Print what was frozen."""

from sqlalchemy.orm import Session

from lims.kernel import documents, shelf
from lims.kernel.db import fetch
from lims.kernel.shelf import Paper, PaperFrozen
from workers.handler import WORKER, on


@on(PaperFrozen)
class PrintPaper:
    """Make the paper; the slow half holds no lock."""

    def prepare(self, reader: Session, fact: PaperFrozen) -> bytes:
        """Render what was frozen, and nothing else."""
        paper = fetch(reader, Paper, fact.paper_id)
        return documents.render(paper.template, paper.content(), created=paper.on)

    def settle(self, session: Session, fact: PaperFrozen, prepared: bytes) -> None:
        """Put the bytes on the shelf."""
        shelf.keep(session, fact.paper_id, prepared, by=WORKER)
