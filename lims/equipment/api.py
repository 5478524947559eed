"""The centre's standards for machines."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.equipment import queries, service
from lims.equipment.commands import AddStandard, CalibrationCertificate, CorrectStandard, TakeOut
from lims.equipment.models import Standard
from lims.equipment.page_extensions import KEEPERS, LOOKERS
from lims.kernel.db import fetch
from lims.web import revisions
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.equipment import (
    CertificateBody,
    StandardBody,
    StandardPage,
    StandardPatch,
    StandardSchema,
    TakeOutBody,
)
from schemas.paging import SearchArgs, SearchRequest

api = blueprint("equipment", "The centre's own standards")


@api.route("/equipment", methods=["GET"])
@allow(*LOOKERS)
@api.arguments(SearchArgs, location="query")
@api.response(200, StandardPage)
@query
def standards(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List the standards, the one that falls due first at the top."""
    return page(
        queries.listed(session, q=args.q, after=args.after, limit=args.limit),
        StandardSchema(),
        args.limit,
    )


@api.route("/equipment", methods=["POST"])
@allow(*KEEPERS)
@api.arguments(StandardBody)
@api.response(201, StandardSchema)
@command()
def add(session: Session, command: AddStandard) -> ResponseReturnValue:
    """Enter a standard with its certificate."""
    return _shown(service.add(session, command, by=actor().name), 201)


@api.route("/equipment/<uuid:standard_id>", methods=["GET"])
@allow(*LOOKERS)
@api.response(200, StandardSchema)
@query
def show(session: Session, standard_id: UUID) -> ResponseReturnValue:
    """Show a standard."""
    return _shown(fetch(session, Standard, standard_id))


@api.route("/equipment/<uuid:standard_id>", methods=["PATCH"])
@allow(*KEEPERS)
@api.arguments(StandardPatch(partial=True))
@api.response(200, StandardSchema)
@command(edits=revisions.of(Standard))
def change(session: Session, command: CorrectStandard, standard_id: UUID) -> ResponseReturnValue:
    """Change what is said of a standard."""
    return _shown(service.change(session, standard_id, command, by=actor().name))


@api.route("/equipment/<uuid:standard_id>/calibrations", methods=["POST"])
@allow(*KEEPERS)
@api.arguments(CertificateBody)
@api.response(200, StandardSchema)
@command()
def calibrate(
    session: Session, command: CalibrationCertificate, standard_id: UUID
) -> ResponseReturnValue:
    """Enter a standard's new certificate; it is in service again."""
    return _shown(service.calibrate(session, standard_id, command, by=actor().name))


@api.route("/equipment/<uuid:standard_id>/take-out", methods=["POST"])
@allow(*KEEPERS)
@api.arguments(TakeOutBody)
@api.response(200, StandardSchema)
@command()
def take_out(session: Session, command: TakeOut, standard_id: UUID) -> ResponseReturnValue:
    """Take a standard out of service."""
    return _shown(service.take_out(session, standard_id, reason=command.reason, by=actor().name))


def _shown(standard: Standard, status: int = 200) -> ResponseReturnValue:
    return answer(StandardSchema().dump(standard), status, etag=str(standard.revision))
