"""The pages of contracts."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.catalogue import service as catalogue
from lims.contracts import drawing, page_extensions, queries, service
from lims.contracts.access import READING, SIGNING, WRITING
from lims.contracts.drawing import named
from lims.contracts.models import Deliverable
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding, Role
from lims.web import page_extensions as shown
from lims.web.access import actor, allow
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.page_extensions import Entry
from lims.web.requests import PAGE, after, asked, see
from schemas.contracts import AcceptForm, ContractForm

pages = Blueprint("contracts", __name__)

MORE, MOST = 5, 190
"""Rows that come with one click; where the first of them may stand at the latest."""

LONGEST_INDEX = 3


def install(app: Flask) -> None:
    """Put the pages, the menu, the home page's card and the search on the application."""
    app.register_blueprint(pages)
    registry = shown.registry(app)
    registry.menu.append(
        Entry("Reception", "Contracts", "contracts.contracts", "contract", frozenset(READING))
    )
    registry.home.append((frozenset({Role.ACCOUNTANT, Role.DIRECTOR}), page_extensions.drafts))
    registry.sections["customer"].append(page_extensions.of_customer)
    registry.searches.append(page_extensions.search)


@pages.get("/contracts")
@allow(*READING)
@query
def contracts(session: Session) -> ResponseReturnValue:
    """Show the contracts, by state, or what a search finds."""
    state = ContractState(asked("state")) if asked("state") in set(ContractState) else None
    rows = queries.contracts(session, state=state, q=asked("q"), after=after())
    return render_template(
        "contracts/contracts.html",
        rows=rows[:PAGE],
        next=rows[PAGE - 1].Contract.id if len(rows) > PAGE else None,
        q=asked("q"),
        state=state,
        states=ContractState,
        may=actor().has(*WRITING),
    )


@pages.get("/contracts/new")
@allow(*WRITING)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask what was agreed."""
    page = drawing.page(session, g.get("typed", MultiDict()))
    return render_template("contracts/edit.html", page=page, **_lists())


@pages.post("/contracts/new")
@allow(*WRITING)
@command(ContractForm)
def draft(session: Session, form: dict[str, Any]) -> ResponseReturnValue:
    """Write a contract down."""
    made = service.draft(session, by=actor().name, **drawing.said(session, form))
    return see("contracts.show", say="The contract is drafted.", contract_id=made.id)


@pages.get("/contracts/rows")
@allow(*WRITING)
def rows() -> ResponseReturnValue:
    """Give some more rows to fill in."""
    start = asked("from")
    at = int(start) if start.isdecimal() and len(start) <= LONGEST_INDEX else MOST
    part = "deliverables" if asked("part") == "deliverables" else "lines"
    return render_template(
        "contracts/_more_rows.html", part=part, rows=range(min(at, MOST), at + MORE), **_lists()
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
    found = catalogue.prices_of(session, [key], clock.today()).get(key)
    at = name.split(".")[1] if name.startswith("lines.") else "0"
    return render_template("contracts/_price.html", at=at, price=found)


@pages.get("/contracts/<uuid:contract_id>")
@allow(*READING)
@query
def show(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Show a contract, and what later features know of it."""
    whole = queries.whole(session, contract_id)
    return render_template(
        "contracts/show.html",
        whole=whole,
        contract=whole.contract,
        named=named,
        may_write=actor().has(*WRITING),
        may_sign=actor().has(*SIGNING),
        parts=shown.sections("contract", session, whole.contract),
        history=history_lines(session, contract_id),
    )


@pages.get("/contracts/<uuid:contract_id>/edit")
@allow(*WRITING)
@query
def edit(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Ask what is to be written otherwise."""
    whole = queries.whole(session, contract_id)
    page = drawing.page(session, g.get("typed", MultiDict()), whole)
    return render_template("contracts/edit.html", page=page, **_lists())


@pages.post("/contracts/<uuid:contract_id>/edit")
@allow(*WRITING)
@command(ContractForm)
def rewrite(session: Session, form: dict[str, Any], contract_id: UUID) -> ResponseReturnValue:
    """Write a draft again."""
    said = drawing.said(session, form)
    service.rewrite(session, contract_id, by=actor().name, **said)
    return see("contracts.show", say="Saved.", contract_id=contract_id)


@pages.post("/contracts/<uuid:contract_id>/sign")
@allow(*SIGNING)
@command()
def sign(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Note that both parties have signed."""
    service.sign(session, contract_id, by=actor().name)
    return see("contracts.show", say="The contract is signed.", contract_id=contract_id)


@pages.post("/contracts/<uuid:contract_id>/close")
@allow(*SIGNING)
@command()
def close(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Note that both parties have ended the contract."""
    service.close(session, contract_id, by=actor().name)
    return see("contracts.show", say="The contract is closed.", contract_id=contract_id)


@pages.get("/contracts/deliverables/<uuid:deliverable_id>/accept")
@allow(*WRITING)
@query
def ask_to_accept(session: Session, deliverable_id: UUID) -> ResponseReturnValue:
    """Ask for the minutes of acceptance."""
    found = fetch(session, Deliverable, deliverable_id)
    return render_template("contracts/accept.html", deliverable=found)


@pages.post("/contracts/deliverables/<uuid:deliverable_id>/accept")
@allow(*WRITING)
@command(AcceptForm)
def accept(session: Session, form: dict[str, Any], deliverable_id: UUID) -> ResponseReturnValue:
    """Note that the customer has accepted."""
    done = service.accept(session, deliverable_id, by=actor().name, **form)
    return see("contracts.show", say="The acceptance is noted.", contract_id=done.contract_id)


def _lists() -> dict[str, Any]:
    return {
        "kinds": ContractKind,
        "fundings": Funding,
        "deliverable_kinds": DeliverableKind,
        "named": named,
    }
