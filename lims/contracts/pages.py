"""The pages of contracts."""

from uuid import UUID

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.contracts import page_extensions, queries, service
from lims.contracts.access import READING, SIGNING, WRITING
from lims.contracts.commands import GiveMinutes
from lims.contracts.drafting.pages import pages
from lims.contracts.models import Deliverable
from lims.kernel.db import fetch
from lims.vocabulary import ContractState, Role
from lims.web import page_extensions as shown
from lims.web.access import actor, allow
from lims.web.choices import chosen
from lims.web.commands import command, query
from lims.web.history import history_lines
from lims.web.page_extensions import MenuEntry
from lims.web.requests import PAGE, after, asked, see
from schemas.contracts import AcceptForm


def install(app: Flask) -> None:
    """Put the pages, the menu, the home page's card and the search on the application."""
    app.register_blueprint(pages)
    registry = shown.registry(app)
    registry.menu.append(
        MenuEntry("Reception", "Contracts", "contracts.contracts", "contract", frozenset(READING))
    )
    registry.home.append((frozenset({Role.ACCOUNTANT, Role.DIRECTOR}), page_extensions.drafts))
    registry.sections["customer"].append(page_extensions.of_customer)
    registry.searches.append(page_extensions.search)


@pages.get("/contracts")
@allow(*READING)
@query
def contracts(session: Session) -> ResponseReturnValue:
    """Show the contracts, by state, or what a search finds."""
    state = chosen(ContractState, asked("state"))
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


@pages.get("/contracts/<uuid:contract_id>")
@allow(*READING)
@query
def show(session: Session, contract_id: UUID) -> ResponseReturnValue:
    """Show a contract, and what later features know of it."""
    details = queries.contract_details(session, contract_id)
    return render_template(
        "contracts/show.html",
        contract=details.contract,
        customer=details.customer,
        lines=zip(details.lines, details.services, strict=True) if details.lines else (),
        deliverables=details.deliverables,
        amount=details.amount,
        may_write=actor().has(*WRITING),
        may_sign=actor().has(*SIGNING),
        parts=shown.sections("contract", session, details.contract),
        history=history_lines(session, contract_id),
    )


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
    deliverable = fetch(session, Deliverable, deliverable_id)
    return render_template("contracts/accept.html", deliverable=deliverable)


@pages.post("/contracts/deliverables/<uuid:deliverable_id>/accept")
@allow(*WRITING)
@command(AcceptForm)
def accept(session: Session, command: GiveMinutes, deliverable_id: UUID) -> ResponseReturnValue:
    """Note that the customer has accepted."""
    accepted = service.accept(session, deliverable_id, minutes=command.minutes, by=actor().name)
    return see("contracts.show", say="The acceptance is noted.", contract_id=accepted.contract_id)
