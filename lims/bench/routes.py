"""What a second person does: the review; and the page of one result with every way back."""

from typing import Any
from uuid import UUID

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import calibration_pages, page_extensions, queries, reviewing, service
from lims.bench.minutes import environment_said
from lims.bench.uncertainty import Distribution
from lims.bench.worklist_pages import LOOKERS, SUBMITTED, pages
from lims.kernel import clock
from lims.kernel.errors import FieldRefusals, Refusals
from lims.vocabulary import Act, Role
from lims.web import page_extensions as shown
from lims.web.access import READERS, actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.page_extensions import Entry
from lims.web.requests import after, see
from schemas.bench import BackForm, ChosenForm

__all__ = ["calibration_pages", "install", "pages"]

CHECKERS = (Role.CHECKER, *READERS)
SENDERS = (Role.CHECKER, Role.SIGNATORY)
WITHDRAWERS = (Role.SIGNATORY, Role.QUALITY)


def install(app: Flask) -> None:
    """Put the pages, the menu, the home page's cards and the item's section on the application."""
    app.register_blueprint(pages)
    app.jinja_env.filters["figure"] = page_extensions.figure
    app.jinja_env.globals.update(environment_said=environment_said, Distribution=Distribution)
    registry = shown.registry(app)
    registry.menu += [
        Entry("Laboratory", "Bench", "bench.worklist", "tool", frozenset(LOOKERS)),
        Entry("Laboratory", "Review", "bench.review", "checklist", frozenset(CHECKERS)),
    ]
    registry.home += [
        (frozenset({Role.TECHNICIAN}), page_extensions.came_back),
        (frozenset({Role.TECHNICIAN}), page_extensions.waiting),
        (frozenset({Role.CHECKER}), page_extensions.to_check),
    ]
    registry.sections["item"].append(page_extensions.results_of)
    registry.sections["standard"].append(page_extensions.uses_of)


@pages.get("/review")
@allow(*CHECKERS)
@query
def review(session: Session) -> ResponseReturnValue:
    """Show what waits for a check: the exceptions first, then the rest by sheet."""
    me = actor().name
    held = queries.competences(session, me, Act.CHECK, clock.today())
    groups, following = reviewing.waiting(session, me, held, after=after())
    return render_template(
        "bench/review.html",
        groups=groups,
        exceptions=[(group, line) for group in groups for line in group.exceptions],
        next=following,
        most=reviewing.MOST,
    )


@pages.post("/review")
@allow(Role.CHECKER)
@command(ChosenForm)
def check(session: Session, form: dict[str, Any]) -> ResponseReturnValue:
    """Agree with everything that is ticked, in one act."""
    ids = form["ids"]
    try:
        service.check(session, ids, by=actor().name)
    except Refusals as refusals:
        fields = {str(ids[row]): refusal for row, refusal in refusals.rows.items()}
        raise FieldRefusals(fields) from refusals
    return see("bench.review", say="Checked: the results go to the signatory.")


@pages.get("/bench/results/<uuid:result_id>")
@signed_in
@query
def result(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Show one result: readings, budget, standards, conditions, history."""
    whole = reviewing.whole(session, result_id)
    return render_template(
        "bench/result.html",
        whole=whole,
        history=history_lines(session, result_id),
        **_ways(whole),
    )


def _ways(whole: reviewing.Whole) -> dict[str, bool]:
    """Say what this person can do with a result as it stands."""
    who, state = actor(), whole.result.state.value
    mine = whole.result.performed_by == who.name
    return {
        "can_submit": mine and state == "draft",
        "can_check": not mine and state == "submitted" and who.has(Role.CHECKER),
        "can_send_back": state in ("submitted", "checked") and who.has(*SENDERS),
        "can_withdraw": state == "authorised" and who.has(*WITHDRAWERS),
    }


@pages.post("/bench/results/<uuid:result_id>/submit")
@allow(Role.TECHNICIAN)
@command()
def submit(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Stand by one result."""
    service.submit(session, [result_id], by=actor().name)
    return see("bench.worklist", say=SUBMITTED)


@pages.post("/bench/results/<uuid:result_id>/check")
@allow(Role.CHECKER)
@command()
def check_one(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Agree with one result."""
    service.check(session, [result_id], by=actor().name)
    return see("bench.review", say="Checked: the results go to the signatory.")


@pages.get("/bench/results/<uuid:result_id>/send-back")
@allow(*SENDERS)
@query
def ask_to_send_back(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Ask what the author has to look at."""
    whole = reviewing.whole(session, result_id)
    return render_template("bench/reason.html", whole=whole, withdrawing=False)


@pages.post("/bench/results/<uuid:result_id>/send-back")
@allow(*SENDERS)
@command(BackForm)
def send_back(session: Session, form: dict[str, Any], result_id: UUID) -> ResponseReturnValue:
    """Send one result back; the others of its sheet go on."""
    service.send_back(session, result_id, by=actor().name, **form)
    if actor().has(Role.CHECKER):
        return see("bench.review", say="Sent back: its author sees your remark first.")
    return see(
        "bench.result", say="Sent back: its author sees your remark first.", result_id=result_id
    )


@pages.get("/bench/results/<uuid:result_id>/withdraw")
@allow(*WITHDRAWERS)
@query
def ask_to_withdraw(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Ask why a result is withdrawn, and say what follows."""
    whole = reviewing.whole(session, result_id)
    return render_template("bench/reason.html", whole=whole, withdrawing=True)


@pages.post("/bench/results/<uuid:result_id>/withdraw")
@allow(*WITHDRAWERS)
@command(BackForm)
def withdraw(session: Session, form: dict[str, Any], result_id: UUID) -> ResponseReturnValue:
    """Take an authorised result back."""
    service.withdraw(session, result_id, by=actor().name, **form)
    return see(
        "bench.result",
        say="Withdrawn: its certificate, charge and count follow.",
        result_id=result_id,
    )
