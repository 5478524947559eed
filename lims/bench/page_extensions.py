"""What waits at the bench and for a second person, on the home page."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from lims.bench import queries
from lims.bench.queries import Batch
from lims.bench.review import details, waiting
from lims.bench.review.waiting import Group
from lims.disciplines import KINDS, Recording
from lims.equipment.models import Standard
from lims.identity.loader import name_of
from lims.kernel import clock, numerals
from lims.kernel.words import day
from lims.reception.models import Item
from lims.vocabulary import Act
from lims.web.access import Person
from lims.web.history import history_lines
from lims.web.locale import locale
from lims.web.page_extensions import Column, Panel, Section
from lims.web.pages import gettext, ngettext

SHOWN = 8
LOOKED_AT = 50


def waiting_work(session: Session, person: Person) -> Panel:
    """Show the work that waits, by order: each line opens its sheet."""
    held = queries.competences(session, person.name, Act.PERFORM, clock.today())
    batches = queries.worklist(session, person.name, held=held, limit=LOOKED_AT)[:LOOKED_AT]
    return Panel(
        title="Waiting at the bench",
        count=sum(batch.waiting + batch.drafts for batch in batches),
        href="/bench",
        icon="tool",
        rows=[(_batch(batch), address(batch), _promise(batch)) for batch in batches[:SHOWN]],
        actions=[("Open the worklist", "/bench")],
    )


def address(batch: Batch) -> str:
    """Return the page of a batch."""
    return f"/bench/orders/{batch.order.id}?{urlencode({'service': str(batch.service.id)})}"


def came_back(session: Session, person: Person) -> Panel | None:
    """Show what was sent back, with the reason; nothing where nothing was."""
    returned = queries.sent_back(session, person.name)
    if not returned:
        return None
    return Panel(
        title="Sent back to you",
        count=len(returned),
        href="/bench",
        icon="arrow-back-up",
        urgent=True,
        rows=[
            (item.code, sheet_of(item), result.return_reason)
            for result, item, _ in returned[:SHOWN]
        ],
    )


def sheet_of(item: Item) -> str:
    """Return the page on which an item is written down again."""
    if KINDS[item.discipline].recording is Recording.VERDICTS:
        return f"/bench/orders/{item.order_id}?{urlencode({'service': str(item.service_id)})}"
    return f"/bench/items/{item.id}"


def to_check(session: Session, person: Person) -> Panel:
    """Show what waits for a second person, with the exceptions."""
    held = queries.competences(session, person.name, Act.CHECK, clock.today())
    groups, _ = waiting.waiting(session, person.name, held)
    return Panel(
        title="Waiting for a check",
        count=sum(1 for group in groups for line in group.lines if line.open),
        href="/review",
        icon="checklist",
        rows=[
            (_group(group), f"/review#sheet-{group.sheet.id}", _exceptions(group))
            for group in groups[:SHOWN]
        ],
        actions=[("Open the review", "/review")],
    )


def results_of(session: Session, subject: object) -> Section | None:
    """Show the results of an item on its page."""
    results = details.results_of_item(session, subject.id) if isinstance(subject, Item) else []
    if not results:
        return None
    history = history_lines(session, *(shown.result.id for shown in results))
    return Section("bench/_item.html", {"results": results, "history": history})


def results_of_items(session: Session, item_ids: Sequence[UUID]) -> Column:
    """Show beside the state of items what the work on them came to: a fail is no pass."""
    findings = queries.outcomes(session, item_ids)
    return Column(
        gettext("Result"), {item_id: finding.shown for item_id, finding in findings.items()}
    )


def uses_of(session: Session, subject: object) -> Section | None:
    """Show on a standard's page what it was used for, should it prove to be wrong (7.10)."""
    uses = details.uses_of_standard(session, subject.id) if isinstance(subject, Standard) else []
    return Section("bench/_uses.html", {"uses": uses}) if uses else None


def figure(text: str) -> str:
    """Write a reading, kept with a decimal point, as the asker's language does."""
    return numerals.figure(text, locale())


def _batch(batch: Batch) -> str:
    name = batch.service.name_vi if locale() == "vi" else batch.service.name_en
    return f"{batch.order.number} · {name} ({batch.waiting + batch.drafts})"


def _promise(batch: Batch) -> str:
    return day(batch.order.promised_on, locale())


def _group(group: Group) -> str:
    return f"{group.order.number} · {name_of(group.sheet.performed_by)} ({len(group.lines)})"


def _exceptions(group: Group) -> str:
    n = len(group.exceptions)
    return ngettext("%(n)s exception", "%(n)s exceptions", n) if n else ""
