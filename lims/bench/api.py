"""Results for machines: recorded, submitted, checked and authorised in batches."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import batches, reviewing, service
from lims.bench.models import Result
from lims.vocabulary import Role
from lims.web.access import READERS, actor, allow
from lims.web.api import answer, blueprint
from lims.web.commands import command, query
from schemas.bench import (
    ChosenBody,
    ResultBody,
    ResultSchema,
    ResultsSchema,
    WholeResultSchema,
)
from schemas.forms import ReasonBody

api = blueprint("bench", "The work on items: results from the bench to the signature")

LOOKERS = (
    Role.RECEPTION,
    Role.TECHNICIAN,
    Role.CHECKER,
    Role.SIGNATORY,
    Role.ACCOUNTANT,
    *READERS,
)
RESULT, WHOLE = ResultSchema(), WholeResultSchema()


@api.route("/results", methods=["POST"])
@allow(Role.TECHNICIAN)
@api.arguments(ResultBody(many=True))
@api.response(201, ResultsSchema)
@command()
def record(session: Session, rows: list[dict[str, Any]]) -> ResponseReturnValue:
    """Record up to a thousand results; rows that agree in all but the item share a sheet."""
    return _answer(batches.record(session, rows, by=actor().name), 201)


@api.route("/results/submit", methods=["POST"])
@allow(Role.TECHNICIAN)
@api.arguments(ChosenBody)
@api.response(200, ResultsSchema)
@command()
def submit(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Stand by results."""
    return _answer(service.submit(session, body["ids"], by=actor().name))


@api.route("/results/check", methods=["POST"])
@allow(Role.CHECKER)
@api.arguments(ChosenBody)
@api.response(200, ResultsSchema)
@command()
def check(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Agree with results as a second person."""
    return _answer(service.check(session, body["ids"], by=actor().name))


@api.route("/results/authorise", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(ChosenBody)
@api.response(200, ResultsSchema)
@command()
def authorise(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Answer for results in the name of the centre; signing certificates does this too."""
    return _answer(service.authorise(session, body["ids"], by=actor().name))


@api.route("/results/<uuid:result_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, WholeResultSchema)
@query
def result(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Show a result with all it stands on."""
    whole = reviewing.whole(session, result_id)
    said: dict[str, Any] = RESULT.dump(whole.result)
    more = WHOLE.dump(
        {
            "readings": whole.result.readings,
            "order_id": whole.order.id,
            "item_code": whole.item.code,
            "discipline": whole.item.discipline,
            "method": whole.method.cited,
            "place": whole.sheet.place,
            "environment": whole.sheet.environment,
            "standards": whole.standards,
            "sticker": whole.sticker,
            "minutes": whole.minutes.number if whole.minutes else "",
        }
    )
    return answer(said | more)


@api.route("/results/<uuid:result_id>/send-back", methods=["POST"])
@allow(Role.CHECKER, Role.SIGNATORY)
@api.arguments(ReasonBody)
@api.response(200, ResultSchema)
@command()
def send_back(session: Session, body: dict[str, Any], result_id: UUID) -> ResponseReturnValue:
    """Ask the author of a result to look again."""
    return answer(RESULT.dump(service.send_back(session, result_id, by=actor().name, **body)))


@api.route("/results/<uuid:result_id>/withdraw", methods=["POST"])
@allow(Role.SIGNATORY, Role.QUALITY)
@api.arguments(ReasonBody)
@api.response(200, ResultSchema)
@command()
def withdraw(session: Session, body: dict[str, Any], result_id: UUID) -> ResponseReturnValue:
    """Take an authorised result back."""
    return answer(RESULT.dump(service.withdraw(session, result_id, by=actor().name, **body)))


def _answer(results: Sequence[Result], status: int = 200) -> ResponseReturnValue:
    return answer({"items": RESULT.dump(results, many=True)}, status)
