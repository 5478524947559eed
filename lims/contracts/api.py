"""Contracts for machines."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.contracts import queries, service
from lims.contracts.access import READING, SIGNING, WRITING
from lims.contracts.commands import (
    AcceptDeliverable,
    DraftContract,
    NewDeliverable,
    NewLine,
    RequestContract,
    RequestedLine,
)
from lims.contracts.models import Deliverable
from lims.kernel.batch import each
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.web.access import actor, allow
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.contracts import (
    AcceptBody,
    ContractBody,
    ContractDetailsSchema,
    ContractLineSchema,
    ContractSchema,
    ContractsPage,
    DeliverableBody,
    DeliverableSchema,
)
from schemas.paging import SearchArgs, SearchRequest

api = blueprint("contracts", "Contracts and what is delivered under them")


def _details(session: Session, contract_id: UUID, status: int = 200) -> ResponseReturnValue:
    details = queries.contract_details(session, contract_id)
    body = ContractSchema().dump(details.contract) | {
        "amount": details.amount,
        "lines": ContractLineSchema(many=True).dump(details.lines),
        "deliverables": DeliverableSchema(many=True).dump(details.deliverables),
    }
    return answer(body, status, etag=str(details.contract.revision))


@api.route("/contracts", methods=["GET"])
@allow(*READING)
@api.arguments(SearchArgs, location="query")
@api.response(200, ContractsPage)
@query
def contracts(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List contracts, the latest first."""
    rows = queries.contracts(session, q=args.q, after=args.after, limit=args.limit)
    return page([row.Contract for row in rows], ContractSchema(), args.limit)


@api.route("/contracts", methods=["POST"])
@allow(*WRITING)
@api.arguments(ContractBody)
@api.response(201, ContractDetailsSchema)
@command()
def draft(session: Session, request: RequestContract) -> ResponseReturnValue:
    """Draw a contract up; it gets its number when it is signed."""
    command = DraftContract(
        customer_id=request.customer_id,
        kind=request.kind,
        funding=request.funding,
        subject=request.subject,
        on_credit=request.on_credit,
        valid_to=request.valid_to,
        lines=each(request.lines, lambda line: _line(session, line), batch="lines"),
        deliverables=request.deliverables,
    )
    contract = service.draft(session, command, by=actor().name)
    return _details(session, contract.id, 201)


def _line(session: Session, line: RequestedLine) -> NewLine:
    asked = queries.service_named(session, line.service)
    if asked is None:
        raise RuleBroken(
            "There is no service %(code)s: look it up in the tariff.",
            field="service",
            code=line.service,
        )
    return NewLine(
        service_id=asked.id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
    )


@api.route("/contracts/<uuid:contract_id>", methods=["GET"])
@allow(*READING)
@api.response(200, ContractDetailsSchema)
@query
def show(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Show a contract with its lines and deliverables."""
    return _details(session, contract_id)


@api.route("/contracts/<uuid:contract_id>/deliverables", methods=["POST"])
@allow(*WRITING)
@api.arguments(DeliverableBody)
@api.response(201, ContractDetailsSchema)
@command()
def add_deliverable(
    session: Session, command: NewDeliverable, contract_id: UUID
) -> ResponseReturnValue:
    """Add to a draft what technical service has to produce."""
    service.add_deliverable(session, contract_id, command, by=actor().name)
    session.flush()
    return _details(session, contract_id, 201)


@api.route("/contracts/<uuid:contract_id>/sign", methods=["POST"])
@allow(*SIGNING)
@api.response(200, ContractDetailsSchema)
@command()
def sign(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Note that both parties have signed; the contract gets its number."""
    service.sign(session, contract_id, by=actor().name)
    return _details(session, contract_id)


@api.route("/contracts/<uuid:contract_id>/accept", methods=["POST"])
@allow(*WRITING)
@api.arguments(AcceptBody)
@api.response(200, ContractDetailsSchema)
@command()
def accept(session: Session, command: AcceptDeliverable, contract_id: UUID) -> ResponseReturnValue:
    """Note that the customer has accepted a deliverable; it is counted and charged."""
    deliverable = fetch(session, Deliverable, command.deliverable_id)
    if deliverable.contract_id != contract_id:
        raise RuleBroken(
            "This deliverable belongs to another contract: read the contract again.",
            field="deliverable_id",
        )
    service.accept(session, deliverable.id, minutes=command.minutes, by=actor().name)
    return _details(session, contract_id)


@api.route("/contracts/<uuid:contract_id>/close", methods=["POST"])
@allow(*SIGNING)
@api.response(200, ContractDetailsSchema)
@command()
def close(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Note that both parties have ended the contract."""
    service.close(session, contract_id, by=actor().name)
    return _details(session, contract_id)
