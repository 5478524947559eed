"""The pages of what is measured, not judged: the calibration of a balance, the test of a sample."""

from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import queries
from lims.bench import service as bench
from lims.bench.commands import RecordCalibration, RecordTest
from lims.bench.models import Result
from lims.bench.pages.worklist import LOOKERS, SAVED, SUBMITTED, pages
from lims.bench.readings.testing import limit_text
from lims.bench.sheets import beginning
from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.disciplines import KINDS, Recording
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.reception.models import Item, Order
from lims.vocabulary import Place, Role
from lims.web.access import actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.requests import see
from schemas.bench import POINTS, BalanceForm, SampleForm

UNITS = ("g", "mg", "kg")
SHOWN = 5
"""Loads shown at once; the others unfold."""

TEMPLATES = {Recording.BALANCE: "bench/calibration.html", Recording.SAMPLE: "bench/testing.html"}


@pages.get("/bench/items/<uuid:item_id>/calibration")
@allow(*LOOKERS)
@query
def calibration(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Ask for the readings of a balance."""
    return _page(session, item_id, Recording.BALANCE)


def _draft(session: Session, item_id: UUID) -> str:
    drafts = queries.drafts_of(session, actor().name, Item.id == item_id)
    return queries.drafts_revision(drafts)


@pages.post("/bench/items/<uuid:item_id>/calibration")
@allow(Role.TECHNICIAN)
@command(BalanceForm, edits=_draft)
def record_calibration(
    session: Session, form: RecordCalibration, item_id: UUID
) -> ResponseReturnValue:
    """Evaluate the calibration, and show every step of it."""
    result = bench.record_calibration(session, item_id, form, by=actor().name)
    return _see_result(result, submitted=form.submit)


@pages.get("/bench/items/<uuid:item_id>/testing")
@allow(*LOOKERS)
@query
def testing(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Ask for the values of a sample, each beside its limit."""
    return _page(session, item_id, Recording.SAMPLE)


@pages.post("/bench/items/<uuid:item_id>/testing")
@allow(Role.TECHNICIAN)
@command(SampleForm, edits=_draft)
def record_test(session: Session, form: RecordTest, item_id: UUID) -> ResponseReturnValue:
    """Keep the values of a sample."""
    result = bench.record_test(session, item_id, form, by=actor().name)
    return _see_result(result, submitted=form.submit)


def _see_result(result: Result, *, submitted: bool) -> ResponseReturnValue:
    return see("bench.result", say=SUBMITTED if submitted else SAVED, result_id=result.id)


def _page(session: Session, item_id: UUID, recording: Recording) -> ResponseReturnValue:
    item, me = fetch(session, Item, item_id), actor().name
    kind = KINDS[item.discipline]
    if kind.recording is not recording:
        return redirect(url_for("bench.item", item_id=item_id))
    order, service = fetch(session, Order, item.order_id), fetch(session, Service, item.service_id)
    draft = queries.draft_of(session, item_id, me)
    drafts = [draft] if draft else []
    return render_template(
        TEMPLATES[recording],
        item=item,
        order=order,
        service=service,
        draft=draft,
        revision=queries.drafts_revision(drafts),
        kept=draft.readings if draft else {},
        begin=beginning.begin(session, order, service, drafts, me, clock.today()),
        places=options(Place),
        outcomes=options(kind.outcomes),
        limit_text=limit_text,
        parameters=catalogue.tested(session, item.service_id),
        units=UNITS,
        shown=SHOWN,
        most=POINTS,
    )
