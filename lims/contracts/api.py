"""Contracts for machines."""

from typing import Any
from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.contracts import queries, service
from lims.contracts.access import READING, SIGNING, WRITING
from lims.contracts.models import Deliverable
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.contracts import (
    AcceptBody,
    ContractBody,
    ContractLineSchema,
    ContractSchema,
    ContractsPage,
    DeliverableBody,
    DeliverableSchema,
    WholeContractSchema,
)
from schemas.paging import SearchArgs, SearchRequest

api = blueprint("contracts", "Contracts and what is delivered under them")


def _whole(session: Session, contract_id: UUID, status: int = 200) -> ResponseReturnValue:
    whole = queries.whole(session, contract_id)
    said = ContractSchema().dump(whole.contract) | {
        "amount": whole.amount,
        "lines": ContractLineSchema(many=True).dump(whole.lines),
        "deliverables": DeliverableSchema(many=True).dump(whole.deliverables),
    }
    return answer(said, status, etag=str(whole.contract.revision))


@api.route("/contracts", methods=["GET"])
@allow(*READING)
@api.arguments(SearchArgs, location="query")
@api.response(200, ContractsPage)
@query
def contracts(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List contracts, the latest first."""
    found = [
        row.Contract
        for row in queries.contracts(session, q=args.q, after=args.after, limit=args.limit)
    ]
    return page(found, ContractSchema(), args.limit)


@api.route("/contracts", methods=["POST"])
@allow(*WRITING)
@api.arguments(ContractBody)
@api.response(201, WholeContractSchema)
@command()
def draft(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Draw a contract up; it gets its number when it is signed."""
    body["lines"] = [_line(session, at, said) for at, said in enumerate(body["lines"])]
    made = service.draft(session, by=actor().name, **body)
    return _whole(session, made.id, 201)


def _line(session: Session, at: int, said: dict[str, Any]) -> dict[str, Any]:
    code = said.pop("service")
    found = queries.service_named(session, code)
    if found is None:
        raise RuleBroken(
            "There is no service %(code)s: look it up in the tariff.",
            field=f"lines.{at}.service",
            code=code,
        )
    return said | {"service_id": found.id}


@api.route("/contracts/<uuid:contract_id>", methods=["GET"])
@allow(*READING)
@api.response(200, WholeContractSchema)
@query
def show(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Show a contract with its lines and deliverables."""
    return _whole(session, contract_id)


@api.route("/contracts/<uuid:contract_id>/deliverables", methods=["POST"])
@allow(*WRITING)
@api.arguments(DeliverableBody)
@api.response(201, WholeContractSchema)
@command()
def add_deliverable(
    session: Session, body: dict[str, Any], contract_id: UUID
) -> ResponseReturnValue:
    """Add to a draft what technical service has to produce."""
    service.add_deliverable(session, contract_id, by=actor().name, **body)
    session.flush()
    return _whole(session, contract_id, 201)


@api.route("/contracts/<uuid:contract_id>/sign", methods=["POST"])
@allow(*SIGNING)
@api.response(200, WholeContractSchema)
@command()
def sign(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Note that both parties have signed; the contract gets its number."""
    service.sign(session, contract_id, by=actor().name)
    return _whole(session, contract_id)


@api.route("/contracts/<uuid:contract_id>/accept", methods=["POST"])
@allow(*WRITING)
@api.arguments(AcceptBody)
@api.response(200, WholeContractSchema)
@command()
def accept(session: Session, body: dict[str, Any], contract_id: UUID) -> ResponseReturnValue:
    """Note that the customer has accepted a deliverable; it is counted and charged."""
    deliverable = fetch(session, Deliverable, body["deliverable_id"])
    if deliverable.contract_id != contract_id:
        raise RuleBroken(
            "This deliverable belongs to another contract: read the contract again.",
            field="deliverable_id",
        )
    service.accept(session, deliverable.id, minutes=body["minutes"], by=actor().name)
    return _whole(session, contract_id)


@api.route("/contracts/<uuid:contract_id>/close", methods=["POST"])
@allow(*SIGNING)
@api.response(200, WholeContractSchema)
@command()
def close(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Note that both parties have ended the contract."""
    service.close(session, contract_id, by=actor().name)
    return _whole(session, contract_id)
