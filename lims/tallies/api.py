"""The counts and the plan for machines."""

from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.kernel.errors import RuleBroken
from lims.tallies import queries, service
from lims.tallies.queries import DIMENSIONS, Period, Where
from lims.vocabulary import Discipline, Measure, Role
from lims.web.access import COUNTING, actor, allow
from lims.web.api import answer, blueprint
from lims.web.commands import command, query
from schemas.tallies import PlanBody, Tallies, TallyArgs, TallyRow

api = blueprint("tallies", "The month in numbers")


@api.route("/tallies", methods=["GET"])
@allow(*COUNTING)
@api.arguments(TallyArgs, location="query")
@api.response(200, Tallies)
@query
def tallies(session: Session, args: dict[str, Any]) -> ResponseReturnValue:
    """Sum the counts of a period by the dimensions asked for."""
    by = [name.strip() for name in args["by"].split(",") if name.strip()]
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown or not by:
        raise RuleBroken(
            "Sum by some of: %(known)s.", field="query.by", known=", ".join(DIMENSIONS)
        )
    where = Where(period=Period(first=args["first"], last=args["last"]))
    rows = [row._mapping for row in queries.sums(session, where, by)]  # noqa: SLF001 - as a mapping
    return answer({"items": TallyRow().dump(rows, many=True)})


@api.route("/plans/<int(min=1990,max=2100):year>", methods=["PUT"])
@allow(Role.DIRECTOR)
@api.arguments(PlanBody)
@api.response(200, PlanBody)
@command()
def put_plan(session: Session, body: dict[str, Any], year: int) -> ResponseReturnValue:
    """Enter the plan of a year."""
    wanted: dict[tuple[Measure, Discipline], int] = {
        (row["measure"], row["discipline"]): row["quantity"] for row in body["items"]
    }
    made = service.set_plan(session, year, wanted, by=actor().name)
    items = [
        {"measure": one.measure, "discipline": one.discipline, "quantity": one.quantity}
        for one in made
    ]
    return answer({"items": items})
