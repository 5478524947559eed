"""Certificates for machines."""

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.certificates import queries, service
from lims.certificates.commands import GiveReason, SignCertificates, SupersedeCertificate
from lims.certificates.queries import CertificateDetails
from lims.documents import store
from lims.kernel import clock
from lims.kernel.words import say
from lims.settings import centre
from lims.vocabulary import Role
from lims.web.access import actor, allow, signed_in
from lims.web.api import Shown, answer, blueprint, page
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
def sign(session: Session, command: SignCertificates) -> ResponseReturnValue:
    """Authorise results and certify what passed, all or nothing."""
    signed = service.sign(session, command.ids, by=actor().name)
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
    return answer(CertificateSchema().dump(_shown(_details(session, number))))


@api.route("/certificates/<number>.pdf", methods=["GET"])
@signed_in
@api.response(200, content_type="application/pdf")
@query
def printed(session: Session, number: str) -> ResponseReturnValue:
    """Return the bytes as they were printed; 503 while they are being printed."""
    content = store.bytes_of(session, _details(session, number).document)
    return _being_printed(number) if content is None else pdf(content, number)


@api.route("/certificates/<number>/withdraw", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(WithdrawBody)
@api.response(200, CertificateSchema)
@command()
def withdraw(session: Session, command: GiveReason, number: str) -> ResponseReturnValue:
    """Take a certificate back; its results stand."""
    certificate = queries.by_number(session, number)
    service.withdraw(session, certificate.id, reason=command.reason, by=actor().name)
    session.flush()
    return answer(CertificateSchema().dump(_shown(_details(session, number))))


@api.route("/certificates/<number>/supersede", methods=["POST"])
@allow(Role.SIGNATORY)
@api.arguments(SupersedeBody)
@api.response(201, CertificateSchema)
@command()
def supersede(session: Session, command: SupersedeCertificate, number: str) -> ResponseReturnValue:
    """Replace a certificate in full by one that names it (ISO/IEC 17025:2017, 7.8.8.3)."""
    old = queries.by_number(session, number)
    new = service.supersede(session, old.id, command, by=actor().name)
    session.flush()
    made = make_response(
        answer(CertificateSchema().dump(_shown(_details(session, new.number))), 201)
    )
    made.headers["Location"] = f"{request.script_root}/api/v1/certificates/{new.number}"
    return made


def _being_printed(number: str) -> Response:
    sentence = say(
        "Certificate %(number)s is being printed: ask again in a moment.", locale(), number=number
    )
    made = make_response(refuse(503, "being-printed", sentence, {}))
    made.headers["Retry-After"] = "1"
    return made


def _details(session: Session, number: str) -> CertificateDetails:
    return queries.details(session, queries.by_number(session, number).id)


def _shown(details: CertificateDetails) -> Shown:
    today = clock.today()
    return Shown(
        details.certificate,
        check_url=centre.check_url(details.certificate.code),
        order=details.order.number,
        replaces=details.replaces.number if details.replaces else None,
        replaced_by=details.replaced_by.number if details.replaced_by else None,
        printed=details.document.sha256 is not None,
        items=[
            Shown(
                place,
                code=item.code,
                name=item.description,
                serial=item.serial,
                standing=place.standing(today),
                ended_why=say(place.ended_why, locale()),
            )
            for place, item in details.places
        ],
    )
