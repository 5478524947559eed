"""The pages on which a contract is drafted, and written again until it is signed."""

from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.catalogue import service as catalogue
from lims.contracts import queries, service
from lims.contracts.access import WRITING
from lims.contracts.commands import FillInContract
from lims.contracts.drafting import form
from lims.contracts.models import Contract
from lims.kernel import clock
from lims.vocabulary import ContractKind, DeliverableKind, Funding
from lims.web import revisions
from lims.web.access import actor, allow
from lims.web.choices import options
from lims.web.commands import command, query
from lims.web.requests import asked, asked_number, see
from schemas.contracts import ContractForm

pages = Blueprint("contracts", __name__)
"""The pages of contracts; the others stand in `contracts.pages`."""

MORE, MOST = 5, 190
"""Rows that come with one click; where the first of them may stand at the latest."""


@pages.get("/contracts/new")
@allow(*WRITING)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask what was agreed."""
    return _edit(session, None)


@pages.post("/contracts/new")
@allow(*WRITING)
@command(ContractForm)
def draft(session: Session, page: FillInContract) -> ResponseReturnValue:
    """Write a contract down."""
    with form.addressed(page):
        contract = service.draft(session, form.resolve(session, page), by=actor().name)
    return see("contracts.show", say="The contract is drafted.", contract_id=contract.id)


@pages.get("/contracts/rows")
@allow(*WRITING)
def rows() -> ResponseReturnValue:
    """Give some more rows to fill in."""
    at = min(asked_number("from"), MOST)
    part = "deliverables" if asked("part") == "deliverables" else "lines"
    return render_template(
        "contracts/_more_rows.html",
        part=part,
        rows=range(at, at + MORE),
        deliverable_kinds=options(DeliverableKind),
    )


@pages.get("/contracts/price")
@allow(*WRITING)
@query
def price(session: Session) -> ResponseReturnValue:
    """Propose the tariff's price of the service that was picked for a line."""
    name, picked = next(iter(request.args.items()), ("", ""))
    try:
        key = UUID(picked)
    except ValueError:
        return "", 204
    tariff = catalogue.prices_of(session, [key], clock.today()).get(key)
    at = name.split(".")[1] if name.startswith("lines.") else "0"
    return render_template("contracts/_price.html", at=at, price=tariff)


@pages.get("/contracts/<uuid:contract_id>/edit")
@allow(*WRITING)
@query
def edit(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Ask what is to be written otherwise."""
    return _edit(session, queries.contract_details(session, contract_id))


@pages.post("/contracts/<uuid:contract_id>/edit")
@allow(*WRITING)
@command(ContractForm, edits=revisions.of(Contract))
def rewrite(session: Session, page: FillInContract, contract_id: UUID) -> ResponseReturnValue:
    """Write a draft again."""
    with form.addressed(page):
        draft = form.resolve(session, page)
        service.rewrite(session, contract_id, draft, by=actor().name)
    return see("contracts.show", say="Saved.", contract_id=contract_id)


def _edit(session: Session, contract: queries.ContractDetails | None) -> ResponseReturnValue:
    return render_template(
        "contracts/edit.html",
        page=form.page(session, g.get("typed", MultiDict()), contract),
        kinds=options(ContractKind),
        fundings=options(Funding),
        deliverable_kinds=options(DeliverableKind),
    )
