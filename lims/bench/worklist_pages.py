"""The technician's pages: what waits, and the sheet on which all pass except a few."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import queries, service, stickers
from lims.bench.queries import Batch
from lims.catalogue.models import Service
from lims.disciplines import AT_BENCH, KINDS, Recording
from lims.identity.models import Competence
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import FieldRefusals, Refusals
from lims.reception.models import Item, Order
from lims.vocabulary import Act, Discipline, Field, ItemState, Outcome, Place, Role
from lims.web.access import READERS, Person, actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.pages import gettext, word
from lims.web.requests import PAGE, asked, see
from schemas.bench import SheetForm

pages = Blueprint("bench", __name__)
"""The pages of the bench; the others stand in `measuring` and `routes`."""

LOOKERS = (Role.TECHNICIAN, *READERS)
SUBMIT = "submit"
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
    item = queries.scanned(session, scan) if scan else None
    if item is not None:
        return redirect(_page_of(item))
    discipline, measured = asked("discipline"), asked("field")
    found = queries.worklist(
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
        disciplines=[(one.value, _capital(word(one))) for one in AT_BENCH],
        fields=options(Field),
        batches=found[:PAGE],
        next=found[PAGE - 1].cursor if len(found) > PAGE else None,
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
    what = _chosen(batches)
    if what is None:
        return render_template("bench/batch.html", order=order, batches=[], service=None)
    kind = KINDS[what.discipline]
    rows = queries.rows(session, order_id, what.id, me)
    drafts = [row.draft for row in rows if row.draft is not None]
    return render_template(
        "bench/batch.html",
        order=order,
        batches=batches,
        service=what,
        one_by_one=kind.recording is not Recording.VERDICTS,
        rows=sorted(rows, key=lambda row: not (row.draft and row.draft.sent_back)),
        begin=queries.beginning(session, order, what, drafts, me, clock.today()),
        outcomes=[*outcomes(*kind.outcomes), (LATER, gettext("Not yet"))],
        places=options(Place),
    )


@pages.post("/bench/orders/<uuid:order_id>")
@allow(Role.TECHNICIAN)
@command(SheetForm)
def record(session: Session, form: dict[str, Any], order_id: UUID) -> ResponseReturnValue:
    """Write the sheet down, and submit it in the same act if asked."""
    ids = list(form["outcomes"])
    by = actor().name
    try:
        sheet = service.record(
            session, order_id, **said(form), item_ids=ids, exceptions=_exceptions(form), by=by
        )
    except Refusals as refusals:
        raise _beside_the_rows(refusals, ids) from refusals
    if form["act"] == SUBMIT:
        service.submit(session, service.drafts_of(session, sheet.id, ids), by=by)
    return see("bench.worklist", say=SUBMITTED if form["act"] == SUBMIT else SAVED)


@pages.get("/bench/items/<uuid:item_id>")
@allow(*LOOKERS)
@query
def item(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Lead to the page on which an item is worked on."""
    return redirect(_page_of(fetch(session, Item, item_id)))


def said(form: dict[str, Any]) -> dict[str, Any]:
    """Name what a form says of the whole sheet as `service.record` does."""
    return {
        "method_id": form["method_id"],
        "standard_ids": form["standards"],
        "performed_on": form["performed_on"],
        "place": form["place"],
        "environment": environment(form),
        "default": Outcome.PASS,
        "sticker_first": form["sticker"] or stickers.NONE,
    }


def environment(form: dict[str, Any]) -> dict[str, str]:
    """Return the conditions that were typed."""
    return {name: form[name] for name in ("temperature", "humidity", "pressure") if form[name]}


def outcomes(*kinds: Outcome) -> list[tuple[str, str]]:
    """Write outcomes out, to choose from."""
    return [(one.value, _capital(word(one))) for one in kinds]


def _exceptions(form: dict[str, Any]) -> dict[UUID, tuple[Outcome, str]]:
    return {
        item_id: (outcome, form["reasons"].get(item_id, ""))
        for item_id, outcome in form["outcomes"].items()
        if outcome is not Outcome.PASS
    }


def _beside_the_rows(refusals: Refusals, ids: list[UUID]) -> FieldRefusals:
    """Put each refusal beside the row of the page it is about."""
    return FieldRefusals({f"reason.{ids[row]}": refusal for row, refusal in refusals.rows.items()})


def _chosen(batches: list[Batch]) -> Service | None:
    """Return the service in the address, or the first that waits."""
    for one in batches:
        if str(one.service.id) == request.args.get("service"):
            return one.service
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


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
