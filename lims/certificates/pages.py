"""The signatory's page, and the pages about certificates."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.bench import service as bench
from lims.bench.models import Result
from lims.certificates import page_extensions, queries, service
from lims.certificates.commands import GiveReason, SignCertificates, SupersedeCertificate
from lims.certificates.public import pages as public
from lims.certificates.signing import replacing
from lims.certificates.signing import waiting as waiting_for
from lims.kernel.db import fetch
from lims.reception.models import Item
from lims.vocabulary import Role
from lims.web import page_extensions as shown
from lims.web.access import READERS, actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.page_extensions import MenuEntry
from lims.web.pages import gettext
from lims.web.requests import PAGE, after, as_id, asked, see
from schemas.certificates import SignBody, SupersedeForm, WithdrawBody

pages = Blueprint("certificates", __name__)

SIGNATORY = frozenset({Role.SIGNATORY})
CHANGE = "changes."


def install(app: Flask) -> None:
    """Put the pages, the menu, the signatory's panel and the sections on the application."""
    app.register_blueprint(pages)
    app.register_blueprint(public.pages)
    registry = shown.registry(app)
    registry.menu += [
        MenuEntry("Certificates", "Signature", "certificates.waiting", "signature", SIGNATORY),
        MenuEntry(
            "Certificates", "Certificates", "certificates.listed", "certificate", frozenset(Role)
        ),
    ]
    registry.home.append((SIGNATORY, page_extensions.to_sign))
    registry.sections["item"].append(page_extensions.of_item)
    registry.sections["order"].append(page_extensions.of_order)
    registry.sections["instrument"].append(page_extensions.of_instrument)
    registry.searches.append(page_extensions.search)


@pages.get("/certificates")
@signed_in
@query
def listed(session: Session) -> ResponseReturnValue:
    """Show certificates, the latest first, or what a search finds."""
    lines = queries.listed(session, q=asked("q"), after=after())
    following = lines[PAGE - 1].id if len(lines) > PAGE else None
    return render_template(
        "certificates/listed.html", lines=lines[:PAGE], next=following, q=asked("q")
    )


@pages.get("/certificates/sign")
@allow(Role.SIGNATORY, *READERS)
@query
def waiting(session: Session) -> ResponseReturnValue:
    """Show what waits for the signature, and what signing it will issue."""
    groups, following = waiting_for.groups(session, after=after(), order_id=as_id(asked("order")))
    return render_template("certificates/waiting.html", groups=groups, next=following)


@pages.post("/certificates/sign")
@allow(Role.SIGNATORY)
@command(SignBody)
def sign(session: Session, command: SignCertificates) -> ResponseReturnValue:
    """Sign the batch in one act."""
    signed = service.sign(session, command.ids, by=actor().name)
    if not signed:
        return see("certificates.waiting", say="Authorised: what failed has minutes only.")
    first, last = signed[0].id, signed[-1].id
    return see("certificates.signed", say="Signed.", first=first, last=last)


@pages.get("/certificates/signed")
@allow(Role.SIGNATORY)
@query
def signed(session: Session) -> ResponseReturnValue:
    """Show what one act of signing issued, and how far it is printed."""
    first, last = as_id(asked("first")), as_id(asked("last"))
    lines = queries.signed_together(session, first, last, by=actor().name) if first and last else []
    printed = sum(line.printed for line in lines)
    return render_template("certificates/signed.html", lines=lines, printed=printed)


@pages.get("/certificates/sign/<uuid:result_id>/back")
@allow(Role.SIGNATORY)
@query
def ask_why(session: Session, result_id: UUID) -> ResponseReturnValue:
    """Ask why a result is sent back."""
    result = fetch(session, Result, result_id)
    item = fetch(session, Item, result.item_id)
    return render_template("certificates/back.html", result=result, item=item)


@pages.post("/certificates/sign/<uuid:result_id>/back")
@allow(Role.SIGNATORY)
@command(WithdrawBody)
def send_back(session: Session, command: GiveReason, result_id: UUID) -> ResponseReturnValue:
    """Send a result back to its author."""
    bench.send_back(session, result_id, reason=command.reason, by=actor().name)
    return see("certificates.waiting", say="The result went back to its author.")


@pages.get("/certificates/<uuid:certificate_id>")
@signed_in
@query
def show(session: Session, certificate_id: UUID) -> ResponseReturnValue:
    """Show a certificate: its items, how far each holds, its paper and its history."""
    return render_template(
        "certificates/show.html",
        record=queries.details(session, certificate_id),
        history=history_lines(session, certificate_id),
        why=gettext,
    )


@pages.get("/certificates/<uuid:certificate_id>/withdraw")
@allow(Role.SIGNATORY)
@query
def ask_to_withdraw(session: Session, certificate_id: UUID) -> ResponseReturnValue:
    """Ask why a certificate is taken back."""
    details = queries.details(session, certificate_id)
    return render_template("certificates/withdraw.html", record=details)


@pages.post("/certificates/<uuid:certificate_id>/withdraw")
@allow(Role.SIGNATORY)
@command(WithdrawBody)
def withdraw(session: Session, command: GiveReason, certificate_id: UUID) -> ResponseReturnValue:
    """Take a certificate back."""
    service.withdraw(session, certificate_id, reason=command.reason, by=actor().name)
    return see(
        "certificates.show", say="The certificate is withdrawn.", certificate_id=certificate_id
    )


@pages.get("/certificates/<uuid:certificate_id>/supersede")
@allow(Role.SIGNATORY)
@query
def ask_to_supersede(session: Session, certificate_id: UUID) -> ResponseReturnValue:
    """Ask what another certificate should say instead, and why."""
    details = queries.details(session, certificate_id)
    parts = replacing.parts(details.document.content())
    return render_template(
        "certificates/supersede.html", record=details, parts=parts, prefix=CHANGE
    )


@pages.post("/certificates/<uuid:certificate_id>/supersede")
@allow(Role.SIGNATORY)
@command(SupersedeForm)
def supersede(
    session: Session, command: SupersedeCertificate, certificate_id: UUID
) -> ResponseReturnValue:
    """Replace a certificate by another that names it."""
    new = service.supersede(session, certificate_id, command, by=actor().name)
    return see("certificates.show", say="The new certificate is signed.", certificate_id=new.id)
