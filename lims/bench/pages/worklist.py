"""The technician's pages: what waits, and the sheet on which all pass except a few."""

from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import false
from sqlalchemy.orm import Session

from lims.bench import queries
from lims.bench import service as bench
from lims.bench.commands import RecordSheet
from lims.bench.queries import Batch
from lims.bench.sheets import beginning
from lims.catalogue.models import Service
from lims.disciplines import AT_BENCH, KINDS, Recording
from lims.identity.models import Competence
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import FieldRefusals, Refusals
from lims.reception.models import Item, Order
from lims.vocabulary import Act, Discipline, Field, ItemState, Place, Role
from lims.web.access import READERS, Person, actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.pages import gettext
from lims.web.requests import PAGE, asked, see
from schemas.bench import SheetForm

pages = Blueprint("bench", __name__)
"""The pages of the bench; the others stand in `measurements` and `results`."""

LOOKERS = (Role.TECHNICIAN, *READERS)
PAGES = {Recording.BALANCE: "bench.calibration", Recording.SAMPLE: "bench.testing"}
"""Where an item is written down that has a page of its own."""

LATER = ""
"""No outcome yet: the item goes on waiting."""

SUBMITTED = "Submitted: a second person checks it now."
SAVED = "Saved. Submit it when you are ready."


@pages.get("/bench")
@allow(*LOOKERS)
@query
def worklist(session: Session) -> ResponseReturnValue:
    """Show what came back and what waits; a scanned label leads straight to its sheet."""
    scan = asked("scan")
    item = queries.find_scanned_item(session, scan) if scan else None
    if item is not None:
        return redirect(_page_of(item))
    discipline, measured = asked("discipline"), asked("field")
    batches = queries.worklist(
        session,
        actor().name,
        held=held(session, actor()),
        discipline=Discipline(discipline) if discipline in AT_BENCH else None,
        measured=Field(measured) if measured in set(Field) else None,
        after=_after(request.args.get("after", "")),
        limit=PAGE,
    )
    return render_template(
        "bench/worklist.html",
        scan=scan,
        discipline=discipline,
        measured=measured,
        disciplines=options(AT_BENCH),
        fields=options(Field),
        batches=batches[:PAGE],
        next=batches[PAGE - 1].cursor if len(batches) > PAGE else None,
        came_back=queries.sent_back(session, actor().name),
    )


def held(session: Session, who: Person) -> list[Competence] | None:
    """Return what a technician is authorised for; a reader sees everything."""
    if not who.has(Role.TECHNICIAN):
        return None
    return queries.competences(session, who.name, Act.PERFORM, clock.today())


@pages.get("/bench/orders/<uuid:order_id>")
@allow(*LOOKERS)
@query
def batch(session: Session, order_id: UUID) -> ResponseReturnValue:
    """Show the sheet of a batch, filled in as far as it can be known."""
    order, me = fetch(session, Order, order_id), actor().name
    batches = queries.worklist(session, me, held=None, order_id=order_id)
    service = _chosen(batches)
    if service is None:
        return render_template("bench/batch.html", order=order, batches=[], service=None)
    kind = KINDS[service.discipline]
    rows = queries.rows_of(session, order_id, service.id, me)
    drafts = [row.draft for row in rows if row.draft is not None]
    return render_template(
        "bench/batch.html",
        order=order,
        batches=batches,
        service=service,
        one_by_one=kind.recording is not Recording.VERDICTS,
        rows=sorted(rows, key=lambda row: not (row.draft and row.draft.return_reason)),
        revision=queries.drafts_revision(drafts),
        begin=beginning.begin(session, order, service, drafts, me, clock.today()),
        outcomes=[*options(kind.outcomes), (LATER, gettext("Not yet"))],
        places=options(Place),
    )


def _sheet(session: Session, order_id: UUID) -> str:
    """Return the revision of the sheet that the address shows; it names one of several services."""
    me = actor().name
    service = _chosen(queries.worklist(session, me, held=None, order_id=order_id))
    of_it = (Item.order_id == order_id, Item.service_id == service.id) if service else (false(),)
    return queries.drafts_revision(queries.drafts_of(session, me, *of_it))


@pages.post("/bench/orders/<uuid:order_id>")
@allow(Role.TECHNICIAN)
@command(SheetForm, edits=_sheet)
def record(session: Session, form: RecordSheet, order_id: UUID) -> ResponseReturnValue:
    """Write the sheet down; a refusal stands beside the row it is about."""
    try:
        bench.record(session, order_id, form, by=actor().name)
    except Refusals as refusals:
        ids = list(form.outcomes)
        fields = {f"reason.{ids[row]}": refusal for row, refusal in refusals.rows.items()}
        raise FieldRefusals(fields) from refusals
    return see("bench.worklist", say=SUBMITTED if form.submit else SAVED)


@pages.get("/bench/items/<uuid:item_id>")
@allow(*LOOKERS)
@query
def item(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Lead to the page on which an item is worked on."""
    return redirect(_page_of(fetch(session, Item, item_id)))


def _chosen(batches: list[Batch]) -> Service | None:
    """Return the service in the address, or the first that waits."""
    for batch in batches:
        if str(batch.service.id) == request.args.get("service"):
            return batch.service
    return batches[0].service if batches else None


def _page_of(item: Item) -> str:
    if item.state not in (ItemState.RECEIVED, ItemState.RECORDED):
        return url_for("reception.item", item_id=item.id)
    page = PAGES.get(KINDS[item.discipline].recording)
    if page is not None:
        return url_for(page, item_id=item.id)
    anchor = f"item-{item.id}"
    return url_for("bench.batch", order_id=item.order_id, service=item.service_id, _anchor=anchor)


def _after(cursor: str) -> tuple[date, UUID, UUID] | None:
    """Read the place in the list; a cursor that is none begins at the start."""
    parts = cursor.split(".")
    try:
        promised_on, order_id, service_id = parts
        return date.fromisoformat(promised_on), UUID(order_id), UUID(service_id)
    except ValueError:
        return None
