"""The pages of what is measured, not judged: the calibration of a balance, the test of a sample."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import queries, service
from lims.bench.models import Result
from lims.bench.readings import TypedBalance, TypedPoint, limit_said
from lims.bench.sheets import Conditions
from lims.bench.worklist_pages import (
    LOOKERS,
    SAVED,
    SUBMIT,
    SUBMITTED,
    environment,
    outcomes,
    pages,
)
from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.disciplines import KINDS, Recording
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import Refusals
from lims.reception.models import Item, Order
from lims.vocabulary import Outcome, Place, ResultState, Role
from lims.web.access import actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.requests import see
from schemas.bench import POINTS, BalanceForm, SampleForm

UNITS = ("g", "mg", "kg")
SHOWN = 5
"""Loads shown at once; the others unfold."""

EACH = ("nominal", "readings", "standard_error", "standard_U", "standard_k")


@pages.get("/bench/items/<uuid:item_id>/calibration")
@allow(*LOOKERS)
@query
def calibration(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Ask for the readings of a balance."""
    return _page(
        session,
        item_id,
        Recording.BALANCE,
        "bench/calibration.html",
        units=UNITS,
        shown=SHOWN,
        most=POINTS,
    )


@pages.post("/bench/items/<uuid:item_id>/calibration")
@allow(Role.TECHNICIAN)
@command(BalanceForm)
def record_calibration(
    session: Session, form: dict[str, Any], item_id: UUID
) -> ResponseReturnValue:
    """Evaluate the calibration, and show every step of it."""

    def measured(on: Conditions) -> Result:
        typed = _balance(form)
        return service.record_calibration(
            session, item_id, on=on, balance=typed, sticker=form["sticker"], by=actor().name
        )

    return _recorded(session, form, item_id, measured)


@pages.get("/bench/items/<uuid:item_id>/testing")
@allow(*LOOKERS)
@query
def testing(session: Session, item_id: UUID) -> ResponseReturnValue:
    """Ask for the values of a sample, each beside its limit."""
    item = fetch(session, Item, item_id)
    parameters = catalogue.tested(session, item.service_id)
    return _page(session, item_id, Recording.SAMPLE, "bench/testing.html", parameters=parameters)


@pages.post("/bench/items/<uuid:item_id>/testing")
@allow(Role.TECHNICIAN)
@command(SampleForm)
def record_test(session: Session, form: dict[str, Any], item_id: UUID) -> ResponseReturnValue:
    """Keep the values of a sample."""

    def measured(on: Conditions) -> Result:
        return service.record_test(session, item_id, on=on, values=form["values"], by=actor().name)

    return _recorded(session, form, item_id, measured)


def _page(
    session: Session, item_id: UUID, recording: Recording, template: str, **more: object
) -> ResponseReturnValue:
    item, me = fetch(session, Item, item_id), actor().name
    if KINDS[item.discipline].recording is not recording:
        return redirect(url_for("bench.item", item_id=item_id))
    order, what = fetch(session, Order, item.order_id), fetch(session, Service, item.service_id)
    draft = _draft(session, item_id, me)
    drafts = [draft] if draft else []
    return render_template(
        template,
        item=item,
        order=order,
        service=what,
        draft=draft,
        kept=draft.readings if draft else {},
        begin=queries.beginning(session, order, what, drafts, me, clock.today()),
        places=options(Place),
        outcomes=outcomes(Outcome.MEASURED, Outcome.NOT_PERFORMED),
        limit_said=limit_said,
        **more,
    )


def _draft(session: Session, item_id: UUID, login: str) -> Result | None:
    query = select(Result).where(
        Result.item_id == item_id,
        Result.state == ResultState.DRAFT,
        Result.performed_by == login,
    )
    return session.scalars(query).first()


def _recorded(
    session: Session, form: dict[str, Any], item_id: UUID, measured: Callable[[Conditions], Result]
) -> ResponseReturnValue:
    """Write it down or say why it was not performed; a refusal stands beside its field."""
    on = Conditions(
        method_id=form["method_id"],
        standard_ids=form["standards"],
        performed_on=form["performed_on"],
        place=form["place"],
        environment=environment(form),
    )
    try:
        if form["outcome"] is Outcome.MEASURED:
            result = measured(on)
        else:
            result = service.record_not_performed(
                session, item_id, on=on, reason=form["reason"], by=actor().name
            )
    except Refusals as refusals:
        raise next(iter(refusals.rows.values())) from refusals
    if form["act"] == SUBMIT:
        service.submit(session, [result.id], by=actor().name)
    said = SUBMITTED if form["act"] == SUBMIT else SAVED
    return see("bench.result", say=said, result_id=result.id)


def _balance(form: dict[str, Any]) -> TypedBalance:
    points = [TypedPoint(**{name: form[f"{name}_{row}"] for name in EACH}) for row in range(POINTS)]
    return TypedBalance(
        unit=form["unit"],
        resolution=form["resolution"],
        repeatability=form["repeatability"],
        eccentricity=form["eccentricity"],
        eccentricity_load=form["eccentricity_load"],
        points=points,
    )
