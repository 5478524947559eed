"""The catalogue for machines: types with cycles, methods, the tariff with its prices."""

from uuid import UUID

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.catalogue import queries, service
from lims.catalogue.access import KEEPERS, PRICERS
from lims.catalogue.commands import (
    AddMethod,
    AddService,
    AddType,
    CorrectMethod,
    CorrectService,
    CorrectType,
    SetCycle,
    SetPrice,
)
from lims.catalogue.models import InstrumentType, Method, Service
from lims.catalogue.queries import Listed, Offered
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.web import revisions
from lims.web.access import actor, allow, signed_in
from lims.web.api import Shown, answer, blueprint, page
from lims.web.commands import command, query
from schemas.catalogue import (
    CycleBody,
    CycleSchema,
    MethodBody,
    MethodPage,
    MethodPatch,
    MethodSchema,
    TypeBody,
    TypePage,
    TypePatch,
    TypeSchema,
)
from schemas.paging import SearchArgs, SearchRequest
from schemas.tariff import (
    PriceBody,
    PriceSchema,
    ServiceBody,
    ServiceDetailsSchema,
    ServicePage,
    ServicePatch,
    ServiceSchema,
)

api = blueprint("catalogue", "Instrument types, methods and the tariff")


@api.route("/instrument-types", methods=["GET"])
@signed_in
@api.arguments(SearchArgs, location="query")
@api.response(200, TypePage)
@query
def types(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List instrument types in the order of the law."""
    rows = queries.types(session, clock.today(), q=args.q, after=args.after, limit=args.limit)
    return page([_typed(row) for row in rows], TypeSchema(), args.limit)


@api.route("/instrument-types", methods=["POST"])
@allow(*KEEPERS)
@api.arguments(TypeBody)
@api.response(201, TypeSchema)
@command()
def add_type(session: Session, command: AddType) -> ResponseReturnValue:
    """Add an instrument type."""
    entry = service.add_type(session, command, by=actor().name)
    return answer(TypeSchema().dump(_typed(Listed(entry, None))), 201, etag="1")


@api.route("/instrument-types/<uuid:type_id>", methods=["GET"])
@signed_in
@api.response(200, TypeSchema)
@query
def show_type(session: Session, type_id: UUID) -> ResponseReturnValue:
    """Show an instrument type with the cycle in force."""
    return _type(session, fetch(session, InstrumentType, type_id))


@api.route("/instrument-types/<uuid:type_id>", methods=["PATCH"])
@allow(*KEEPERS)
@api.arguments(TypePatch(partial=True))
@api.response(200, TypeSchema)
@command(edits=revisions.of(InstrumentType))
def change_type(session: Session, command: CorrectType, type_id: UUID) -> ResponseReturnValue:
    """Change what is said of an instrument type."""
    return _type(session, service.change_type(session, type_id, command, by=actor().name))


@api.route("/instrument-types/<uuid:type_id>/cycles", methods=["POST"])
@allow(*KEEPERS)
@api.arguments(CycleBody)
@api.response(201, CycleSchema)
@command()
def set_cycle(session: Session, command: SetCycle, type_id: UUID) -> ResponseReturnValue:
    """Enter a legal cycle from a day on."""
    cycle = service.set_cycle(session, type_id, command, by=actor().name)
    return answer(CycleSchema().dump(cycle), 201)


@api.route("/methods", methods=["GET"])
@signed_in
@api.arguments(SearchArgs, location="query")
@api.response(200, MethodPage)
@query
def methods(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List methods with their editions."""
    return page(
        queries.methods(session, q=args.q, after=args.after, limit=args.limit),
        MethodSchema(),
        args.limit,
    )


@api.route("/methods", methods=["POST"])
@allow(*KEEPERS)
@api.arguments(MethodBody)
@api.response(201, MethodSchema)
@command()
def add_method(session: Session, command: AddMethod) -> ResponseReturnValue:
    """Add an edition of a method."""
    entry = service.add_method(session, command, by=actor().name)
    return answer(MethodSchema().dump(entry), 201, etag="1")


@api.route("/methods/<uuid:method_id>", methods=["GET"])
@signed_in
@api.response(200, MethodSchema)
@query
def show_method(session: Session, method_id: UUID) -> ResponseReturnValue:
    """Show an edition of a method."""
    method = fetch(session, Method, method_id)
    return answer(MethodSchema().dump(method), etag=str(method.revision))


@api.route("/methods/<uuid:method_id>", methods=["PATCH"])
@allow(*KEEPERS)
@api.arguments(MethodPatch(partial=True))
@api.response(200, MethodSchema)
@command(edits=revisions.of(Method))
def change_method(session: Session, command: CorrectMethod, method_id: UUID) -> ResponseReturnValue:
    """Change a method's title, type or last day."""
    changed = service.change_method(session, method_id, command, by=actor().name)
    return answer(MethodSchema().dump(changed), etag=str(changed.revision))


@api.route("/services", methods=["GET"])
@signed_in
@api.arguments(SearchArgs, location="query")
@api.response(200, ServicePage)
@query
def services(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List the tariff with the prices in force."""
    rows = queries.tariff(session, clock.today(), q=args.q, after=args.after, limit=args.limit)
    return page([_offered(row) for row in rows], ServiceSchema(), args.limit)


@api.route("/services", methods=["POST"])
@allow(*PRICERS)
@api.arguments(ServiceBody)
@api.response(201, ServiceSchema)
@command()
def add_service(session: Session, command: AddService) -> ResponseReturnValue:
    """Add a line to the tariff; its price is sent next."""
    entry = service.add_service(session, command, by=actor().name)
    return answer(ServiceSchema().dump(_offered(Offered(entry, None))), 201, etag="1")


@api.route("/services/<uuid:service_id>", methods=["GET"])
@signed_in
@api.response(200, ServiceDetailsSchema)
@query
def show_service(session: Session, service_id: UUID) -> ResponseReturnValue:
    """Show a service with its price and what is tested for it."""
    return _service(session, fetch(session, Service, service_id))


@api.route("/services/<uuid:service_id>", methods=["PATCH"])
@allow(*PRICERS)
@api.arguments(ServicePatch(partial=True))
@api.response(200, ServiceDetailsSchema)
@command(edits=revisions.of(Service))
def change_service(
    session: Session, command: CorrectService, service_id: UUID
) -> ResponseReturnValue:
    """Change what is said of a service."""
    return _service(session, service.change_service(session, service_id, command, by=actor().name))


@api.route("/services/<uuid:service_id>/prices", methods=["POST"])
@allow(*PRICERS)
@api.arguments(PriceBody)
@api.response(201, PriceSchema)
@command()
def set_price(session: Session, command: SetPrice, service_id: UUID) -> ResponseReturnValue:
    """Decide a price from a day on."""
    price = service.set_price(session, service_id, command, by=actor().name)
    return answer(PriceSchema().dump(price), 201)


def _typed(row: Listed) -> object:
    return Shown(row.type, cycle=row.cycle)


def _offered(row: Offered) -> object:
    return Shown(row.service, price=row.price)


def _type(session: Session, kind: InstrumentType) -> ResponseReturnValue:
    cycle = service.cycle_of(session, kind.id, clock.today())
    body = TypeSchema().dump(_typed(Listed(kind, cycle)))
    return answer(body, etag=str(kind.revision))


def _service(session: Session, line: Service) -> ResponseReturnValue:
    price = service.prices_of(session, [line.id], clock.today()).get(line.id)
    details = Shown(line, price=price, parameters=service.tested(session, line.id))
    return answer(ServiceDetailsSchema().dump(details), etag=str(line.revision))
