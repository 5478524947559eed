"""Certificates for machines."""

from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.certificates import queries, service
from lims.certificates.queries import Whole
from lims.documents import store
from lims.kernel import clock
from lims.kernel.words import say
from lims.settings import centre
from lims.vocabulary import Role
from lims.web.access import actor, allow, signed_in
from lims.web.api import answer, blueprint, page
from lims.web.commands import command, query
from lims.web.errors import answer as refuse
from lims.web.locale import locale
from lims.web.requests import pdf
from schemas.certificates import (
    CertificateLine,
    CertificatePage,
    CertificateSchema,
    SignBody,
    SignedBatch,
    SignedSchema,
    SupersedeBody,
    WithdrawBody,
)
from schemas.paging import SearchArgs, SearchRequest

api = blueprint("certificates", "What the centre signs")


@api.route("/certificates/sign", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(SignBody)
@api.response(201, SignedBatch)
@command()
def sign(session: Session, body: dict[str, Any]) -> ResponseReturnValue:
    """Authorise results and certify what passed, all or nothing."""
    signed = service.sign(session, body["ids"], by=actor().name)
    return answer({"items": SignedSchema().dump(signed, many=True)}, 201)


@api.route("/certificates", methods=["GET"])
@signed_in
@api.arguments(SearchArgs, location="query")
@api.response(200, CertificatePage)
@query
def listed(session: Session, args: SearchRequest) -> ResponseReturnValue:
    """List certificates, the latest first."""
    lines = queries.listed(session, q=args.q, after=args.after, limit=args.limit)
    return page(lines, CertificateLine(), args.limit)


@api.route("/certificates/<number>", methods=["GET"])
@signed_in
@api.response(200, CertificateSchema)
@query
def show(session: Session, number: str) -> ResponseReturnValue:
    """Return a certificate and how far each of its items holds."""
    return answer(CertificateSchema().dump(_said(_whole(session, number))))


@api.route("/certificates/<number>.pdf", methods=["GET"])
@signed_in
@api.response(200, content_type="application/pdf")
@query
def printed(session: Session, number: str) -> ResponseReturnValue:
    """Return the bytes as they were printed; 503 while they are being printed."""
    content = store.bytes_of(session, _whole(session, number).document)
    return _being_printed(number) if content is None else pdf(content, number)


@api.route("/certificates/<number>/withdraw", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(WithdrawBody)
@api.response(200, CertificateSchema)
@command()
def withdraw(session: Session, body: dict[str, Any], number: str) -> ResponseReturnValue:
    """Take a certificate back; its results stand."""
    certificate = queries.by_number(session, number)
    service.withdraw(session, certificate.id, by=actor().name, **body)
    session.flush()
    return answer(CertificateSchema().dump(_said(_whole(session, number))))


@api.route("/certificates/<number>/supersede", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(SupersedeBody)
@api.response(201, CertificateSchema)
@command()
def supersede(session: Session, body: dict[str, Any], number: str) -> ResponseReturnValue:
    """Replace a certificate in full by one that names it (ISO/IEC 17025:2017, 7.8.8.3)."""
    old = queries.by_number(session, number)
    new = service.supersede(session, old.id, by=actor().name, **body)
    session.flush()
    made = make_response(answer(CertificateSchema().dump(_said(_whole(session, new.number))), 201))
    made.headers["Location"] = f"{request.script_root}/api/v1/certificates/{new.number}"
    return made


def _being_printed(number: str) -> Response:
    sentence = say(
        "Certificate %(number)s is being printed: ask again in a moment.", locale(), number=number
    )
    made = make_response(refuse(503, "being-printed", sentence, {}))
    made.headers["Retry-After"] = "1"
    return made


def _whole(session: Session, number: str) -> Whole:
    return queries.whole(session, queries.by_number(session, number).id)


def _said(whole: Whole) -> dict[str, Any]:
    certificate, today = whole.certificate, clock.today()
    columns = {name: getattr(certificate, name) for name in COLUMNS}
    return columns | {
        "check_url": centre.check_url(certificate.code),
        "order": whole.order.number,
        "replaces": whole.replaces.number if whole.replaces else None,
        "replaced_by": whole.replaced_by.number if whole.replaced_by else None,
        "printed": whole.document.sha256 is not None,
        "items": [
            {
                "item_id": item.id,
                "result_id": place.result_id,
                "code": item.code,
                "name": item.description,
                "serial": item.serial,
                "valid_until": place.valid_until,
                "standing": place.standing(today),
                "ended_on": place.ended_on,
                "ended_why": say(place.ended_why, locale()),
            }
            for place, item in whole.places
        ],
    }


COLUMNS = (
    *("id", "number", "kind", "code", "order_id", "issued_on", "signed_by", "capacity"),
    *("valid_until", "withdrawn_on", "withdrawn_why"),
)
"""What the table itself tells."""
