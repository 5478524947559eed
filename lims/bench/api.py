"""Results for machines: recorded, submitted, checked and authorised in batches."""

from collections.abc import Sequence
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import service
from lims.bench.commands import ChooseResults, GiveReason, ResultRow
from lims.bench.models import Result
from lims.bench.review import details
from lims.bench.sheets import batches
from lims.vocabulary import Role
from lims.web.access import READERS, actor, allow
from lims.web.api import answer, blueprint
from lims.web.commands import command, query
from schemas.bench import (
    ChosenBody,
    DetailsSchema,
    ResultBody,
    ResultDetailsSchema,
    ResultReasonBody,
    ResultSchema,
    ResultsSchema,
)

api = blueprint("bench", "The work on items: results from the bench to the signature")

LOOKERS = (
    Role.RECEPTION,
    Role.TECHNICIAN,
    Role.CHECKER,
    Role.SIGNATORY,
    Role.ACCOUNTANT,
    *READERS,
)
RESULT, DETAILS = ResultSchema(), DetailsSchema()


@api.route("/results", methods=["POST"])
@allow(Role.TECHNICIAN)
@api.arguments(ResultBody(many=True))
@api.response(201, ResultsSchema)
@command()
def record(session: Session, rows: list[ResultRow]) -> ResponseReturnValue:
    """Record up to a thousand results; rows that agree in all but the item share a sheet."""
    return _answer(batches.record(session, rows, by=actor().name), 201)


@api.route("/results/submit", methods=["POST"])
@allow(Role.TECHNICIAN)
@api.arguments(ChosenBody)
@api.response(200, ResultsSchema)
@command()
def submit(session: Session, command: ChooseResults) -> ResponseReturnValue:
    """Stand by results."""
    return _answer(service.submit(session, command.ids, by=actor().name))


@api.route("/results/check", methods=["POST"])
@allow(Role.CHECKER)
@api.arguments(ChosenBody)
@api.response(200, ResultsSchema)
@command()
def check(session: Session, command: ChooseResults) -> ResponseReturnValue:
    """Agree with results as a second person."""
    return _answer(service.check(session, command.ids, by=actor().name))


@api.route("/results/authorise", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(ChosenBody)
@api.response(200, ResultsSchema)
@command()
def authorise(session: Session, command: ChooseResults) -> ResponseReturnValue:
    """Answer for results in the name of the centre; signing certificates does this too."""
    return _answer(service.authorise(session, command.ids, by=actor().name))


@api.route("/results/<uuid:result_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, ResultDetailsSchema)
@query
def result(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Show a result with all it stands on."""
    shown = details.details_of(session, result_id)
    return answer(RESULT.dump(shown.result) | DETAILS.dump(shown))


@api.route("/results/<uuid:result_id>/send-back", methods=["POST"])
@allow(Role.CHECKER, Role.SIGNATORY)
@api.arguments(ResultReasonBody)
@api.response(200, ResultSchema)
@command()
def send_back(session: Session, command: GiveReason, result_id: UUID) -> ResponseReturnValue:
    """Ask the author of a result to look again."""
    return answer(
        RESULT.dump(service.send_back(session, result_id, reason=command.reason, by=actor().name))
    )


@api.route("/results/<uuid:result_id>/withdraw", methods=["POST"])
@allow(Role.SIGNATORY, Role.QUALITY)
@api.arguments(ResultReasonBody)
@api.response(200, ResultSchema)
@command()
def withdraw(session: Session, command: GiveReason, result_id: UUID) -> ResponseReturnValue:
    """Take an authorised result back."""
    return answer(
        RESULT.dump(service.withdraw(session, result_id, reason=command.reason, by=actor().name))
    )


def _answer(results: Sequence[Result], status: int = 200) -> ResponseReturnValue:
    return answer({"items": RESULT.dump(results, many=True)}, status)
