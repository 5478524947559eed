"""What a second person does: the review; and the page of one result with every way back."""

from dataclasses import dataclass
from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import queries, service
from lims.bench.commands import ChooseResults, GiveReason
from lims.bench.pages.worklist import SUBMITTED, pages
from lims.bench.review import waiting
from lims.bench.review.details import ResultDetails, details_of
from lims.kernel import clock
from lims.kernel.errors import FieldRefusals, Refusals
from lims.vocabulary import Act, ResultState, Role
from lims.web.access import READERS, actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.requests import after, see
from schemas.bench import ChosenForm, ResultReasonBody

CHECKERS = (Role.CHECKER, *READERS)
SENDERS = (Role.CHECKER, Role.SIGNATORY)
WITHDRAWERS = (Role.SIGNATORY, Role.QUALITY)


@pages.get("/review")
@allow(*CHECKERS)
@query
def review(session: Session) -> ResponseReturnValue:
    """Show what waits for a check: the exceptions first, then the rest by sheet."""
    me = actor().name
    held = queries.competences(session, me, Act.CHECK, clock.today())
    groups, following = waiting.waiting(session, me, held, after=after())
    return render_template(
        "bench/review.html",
        groups=groups,
        exceptions=[(group, line) for group in groups for line in group.exceptions],
        next=following,
        most=waiting.MOST,
    )


@pages.post("/review")
@allow(Role.CHECKER)
@command(ChosenForm)
def check(session: Session, form: ChooseResults) -> ResponseReturnValue:
    """Agree with everything that is ticked, in one act."""
    try:
        service.check(session, form.ids, by=actor().name)
    except Refusals as refusals:
        fields = {str(form.ids[row]): refusal for row, refusal in refusals.rows.items()}
        raise FieldRefusals(fields) from refusals
    return see("bench.review", say="Checked: the results go to the signatory.")


@pages.get("/bench/results/<uuid:result_id>")
@signed_in
@query
def result(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Show one result: readings, budget, standards, conditions, history."""
    shown = details_of(session, result_id)
    return render_template(
        "bench/result.html",
        shown=shown,
        history=history_lines(session, result_id),
        may=_permissions(shown),
    )


@dataclass(frozen=True)
class Permissions:
    """What a person can do with a result as it stands."""

    submit: bool
    check: bool
    send_back: bool
    withdraw: bool


def _permissions(shown: ResultDetails) -> Permissions:
    person, state = actor(), shown.result.state
    mine = shown.result.performed_by == person.name
    return Permissions(
        submit=mine and state is ResultState.DRAFT,
        check=not mine and state is ResultState.SUBMITTED and person.has(Role.CHECKER),
        send_back=state in (ResultState.SUBMITTED, ResultState.CHECKED) and person.has(*SENDERS),
        withdraw=state is ResultState.AUTHORISED and person.has(*WITHDRAWERS),
    )


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
    shown = details_of(session, result_id)
    return render_template("bench/reason.html", shown=shown, withdrawing=False)


@pages.post("/bench/results/<uuid:result_id>/send-back")
@allow(*SENDERS)
@command(ResultReasonBody)
def send_back(session: Session, form: GiveReason, result_id: UUID) -> ResponseReturnValue:
    """Send one result back; the others of its sheet go on."""
    service.send_back(session, result_id, reason=form.reason, by=actor().name)
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
    shown = details_of(session, result_id)
    return render_template("bench/reason.html", shown=shown, withdrawing=True)


@pages.post("/bench/results/<uuid:result_id>/withdraw")
@allow(*WITHDRAWERS)
@command(ResultReasonBody)
def withdraw(session: Session, form: GiveReason, result_id: UUID) -> ResponseReturnValue:
    """Take an authorised result back."""
    service.withdraw(session, result_id, reason=form.reason, by=actor().name)
    return see(
        "bench.result",
        say="Withdrawn: its certificate, charge and count follow.",
        result_id=result_id,
    )
