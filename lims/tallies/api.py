"""The counts and the plan for machines."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.kernel.errors import RuleBroken
from lims.tallies import queries, service
from lims.tallies.commands import PlanYear, SumCounts
from lims.tallies.queries import DIMENSIONS, Period, Where
from lims.vocabulary import Role
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
def tallies(session: Session, asked: SumCounts) -> ResponseReturnValue:
    """Sum the counts of a period by the dimensions asked for."""
    by = [name.strip() for name in asked.by.split(",") if name.strip()]
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown or not by:
        raise RuleBroken(
            "Sum by some of: %(dimensions)s.", field="query.by", dimensions=", ".join(DIMENSIONS)
        )
    where = Where(period=Period(first=asked.first, last=asked.last))
    rows = [row._mapping for row in queries.sums(session, where, by)]  # noqa: SLF001 - as a mapping
    return answer({"items": TallyRow().dump(rows, many=True)})


@api.route("/plans/<int(min=1990,max=2100):year>", methods=["PUT"])
@allow(Role.DIRECTOR)
@api.arguments(PlanBody)
@api.response(200, PlanBody)
@command()
def put_plan(session: Session, command: PlanYear, year: int) -> ResponseReturnValue:
    """Enter the plan of a year."""
    rows = service.set_plan(session, year, command.quantities, by=actor().name)
    items = [
        {"measure": row.measure, "discipline": row.discipline, "quantity": row.quantity}
        for row in rows
    ]
    return answer({"items": items})
