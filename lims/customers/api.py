"""Customers and instruments for machines."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.customers import queries, service
from lims.customers.access import CONFIDANTS, ENTERING, REGISTERING
from lims.customers.commands import (
    CorrectCustomer,
    CorrectInstrument,
    EnterCustomer,
    RequestInstrument,
    entry_of,
)
from lims.customers.models import Customer, Instrument
from lims.customers.registry import service as registry
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.web import revisions
from lims.web.access import actor, allow, signed_in
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from schemas.customers import (
    CustomerBody,
    CustomerPatch,
    CustomerSchema,
    CustomersPage,
    InstrumentBody,
    InstrumentPatch,
    InstrumentSchema,
    InstrumentsPage,
)
from schemas.paging import SearchArgs, SearchRequest

api = blueprint("customers", "Customers and the registry of their instruments")


def _schema() -> CustomerSchema:
    return CustomerSchema(exclude=() if actor().has(*CONFIDANTS) else ("personal_number",))


def _customer(customer: Customer, status: int = 200) -> ResponseReturnValue:
    return answer(_schema().dump(customer), status, etag=str(customer.revision))


def _instrument(instrument: Instrument, status: int = 200) -> ResponseReturnValue:
    return answer(InstrumentSchema().dump(instrument), status, etag=str(instrument.revision))


@api.route("/customers", methods=["GET"])
@signed_in
@api.arguments(SearchArgs, location="query")
@api.response(200, CustomersPage)
@query
def customers(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List customers by name."""
    return page(
        queries.customers(session, q=args.q, after=args.after, limit=args.limit),
        _schema(),
        args.limit,
    )


@api.route("/customers", methods=["POST"])
@allow(*ENTERING)
@api.arguments(CustomerBody)
@api.response(201, CustomerSchema)
@command()
def add(session: Session, command: EnterCustomer) -> ResponseReturnValue:
    """Enter a customer."""
    return _customer(service.enter(session, command, by=actor().name), 201)


@api.route("/customers/<uuid:customer_id>", methods=["GET"])
@signed_in
@api.response(200, CustomerSchema)
@query
def show(session: Session, customer_id: UUID) -> ResponseReturnValue:
    """Show a customer."""
    return _customer(fetch(session, Customer, customer_id))


@api.route("/customers/<uuid:customer_id>", methods=["PATCH"])
@allow(*ENTERING)
@api.arguments(CustomerPatch(partial=True))
@api.response(200, CustomerSchema)
@command(edits=revisions.of(Customer))
def change(session: Session, command: CorrectCustomer, customer_id: UUID) -> ResponseReturnValue:
    """Correct a customer; what is left out stays."""
    return _customer(service.correct(session, customer_id, command, by=actor().name))


@api.route("/instruments", methods=["GET"])
@signed_in
@api.arguments(SearchArgs, location="query")
@api.response(200, InstrumentsPage)
@query
def instruments(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List instruments, the latest to be registered first."""
    return page(
        queries.instruments(session, q=args.q, after=args.after, limit=args.limit),
        InstrumentSchema(),
        args.limit,
    )


@api.route("/instruments", methods=["POST"])
@allow(*REGISTERING)
@api.arguments(InstrumentBody)
@api.response(201, InstrumentSchema)
@command()
def register(session: Session, request: RequestInstrument) -> ResponseReturnValue:
    """Enter an instrument that has not come in yet."""
    kind = queries.type_named(session, request.type)
    if kind is None:
        raise RuleBroken(
            "There is no instrument type %(code)s: look it up in the catalogue.",
            field="type",
            code=request.type,
        )
    command = entry_of(request, request.holder_id, kind.id)
    return _instrument(registry.add_instrument(session, command, by=actor().name), 201)


@api.route("/instruments/<uuid:instrument_id>", methods=["GET"])
@signed_in
@api.response(200, InstrumentSchema)
@query
def show_instrument(session: Session, instrument_id: UUID) -> ResponseReturnValue:
    """Show an instrument."""
    return _instrument(fetch(session, Instrument, instrument_id))


@api.route("/instruments/<uuid:instrument_id>", methods=["PATCH"])
@allow(*REGISTERING)
@api.arguments(InstrumentPatch(partial=True))
@api.response(200, InstrumentSchema)
@command(edits=revisions.of(Instrument))
def change_instrument(
    session: Session, command: CorrectInstrument, instrument_id: UUID
) -> ResponseReturnValue:
    """Correct what the registry says of an instrument; what is left out stays."""
    changed = registry.change_instrument(session, instrument_id, command, by=actor().name)
    return _instrument(changed)
