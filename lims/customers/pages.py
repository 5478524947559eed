"""The pages of the customer register."""

from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.customers import page_extensions as own_extensions
from lims.customers import queries, service
from lims.customers.access import CONFIDANTS, ENTERING
from lims.customers.commands import CorrectCustomer, FillInCustomer
from lims.customers.models import Customer, ParticularColumns
from lims.customers.registry import pages as instruments
from lims.kernel.db import fetch
from lims.particulars import CHARACTERISTICS, LABELS, NAMES
from lims.settings import areas
from lims.vocabulary import CustomerKind, Role
from lims.web import page_extensions, revisions
from lims.web.access import actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import FIELD_LABELS, history_lines
from lims.web.page_extensions import MenuEntry
from lims.web.pages import gettext
from lims.web.requests import PAGE, after, asked, see
from schemas.customers import CustomerForm, CustomerPatch

pages = Blueprint("customers", __name__)

FIELD_LABELS |= {
    "name": "Name",
    "kind": "Kind",
    "tax_code": "Tax code",
    "budget_code": "Code of the budget-related unit",
    "personal_number": "Personal identification number",
    "address": "Address",
    "area": "Area",
    "phone": "Telephone",
    "email": "E-mail",
    "holder_id": "Holder",
    "serial": "Serial",
    "user_name": "User",
    "place_of_use": "Place of use",
    "scrapped": "In use or not",
    **LABELS,
}

SUGGESTED = 10


def install(app: Flask) -> None:
    """Put the pages, the menu, the search and the customer's instruments on the application."""
    app.register_blueprint(pages)
    app.register_blueprint(instruments.pages)
    app.jinja_env.globals.update(
        particular_labels=LABELS,
        particular_boxes=lambda prefix: tuple(f"{prefix}{name}" for name in NAMES),
        particulars_of=_particulars_of,
    )
    registry = page_extensions.registry(app)
    registry.menu += [
        MenuEntry("Reception", "Customers", "customers.customers", "building", frozenset(Role)),
        MenuEntry("Reception", "Instruments", "instruments.instruments", "gauge", frozenset(Role)),
    ]
    registry.searches.append(own_extensions.search)
    registry.sections["customer"].append(own_extensions.of_customer)


@pages.get("/customers")
@signed_in
@query
def customers(session: Session) -> ResponseReturnValue:
    """Show the customers by name, or those a search finds."""
    rows = queries.customers(session, q=asked("q"), after=after())
    return render_template(
        "customers/customers.html",
        may=actor().has(*ENTERING),
        rows=rows[:PAGE],
        next=rows[PAGE - 1].id if len(rows) > PAGE else None,
        q=asked("q"),
        areas=areas.names(session),
    )


@pages.get("/customers/suggest")
@signed_in
@query
def suggest(session: Session) -> ResponseReturnValue:
    """Name the customers that what is typed may mean."""
    choices = [
        (
            customer.id,
            customer.name,
            " · ".join(part for part in (customer.tax_code, customer.address) if part),
        )
        for customer in service.find(session, asked("q"), SUGGESTED)
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/customers/new")
@allow(*ENTERING)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask about a new customer."""
    return _edit(session, None)


@pages.post("/customers/new")
@allow(*ENTERING)
@command(CustomerForm)
def add(session: Session, page: FillInCustomer) -> ResponseReturnValue:
    """Enter a customer, asking twice about somebody of the same name."""
    if not page.another:
        service.refuse_namesake(session, page.name)
    customer = service.enter(session, page, by=actor().name)
    return see("customers.show", say="The customer is in the register.", customer_id=customer.id)


@pages.get("/customers/<uuid:customer_id>")
@signed_in
@query
def show(session: Session, customer_id: UUID) -> ResponseReturnValue:
    """Show a customer, and what later features know of them."""
    customer = fetch(session, Customer, customer_id)
    return render_template(
        "customers/show.html",
        customer=customer,
        area=areas.names(session).get(customer.area, customer.area),
        may=actor().has(*ENTERING),
        confided=actor().has(*CONFIDANTS),
        parts=page_extensions.sections("customer", session, customer),
        history=history_lines(session, customer_id),
    )


@pages.get("/customers/<uuid:customer_id>/edit")
@allow(*ENTERING)
@query
def edit(session: Session, customer_id: UUID) -> ResponseReturnValue:
    """Ask what is to be corrected."""
    customer = fetch(session, Customer, customer_id)
    return _edit(session, customer)


@pages.post("/customers/<uuid:customer_id>/edit")
@allow(*ENTERING)
@command(CustomerPatch, edits=revisions.of(Customer))
def change(session: Session, command: CorrectCustomer, customer_id: UUID) -> ResponseReturnValue:
    """Correct a customer's particulars; issued documents stay as they were."""
    service.correct(session, customer_id, command, by=actor().name)
    return see("customers.show", say="Saved.", customer_id=customer_id)


def _edit(session: Session, customer: Customer | None) -> ResponseReturnValue:
    return render_template(
        "customers/edit.html", customer=customer, kinds=CustomerKind, areas=areas.listed(session)
    )


def _particulars_of(row: ParticularColumns) -> list[tuple[str, str | int | None]]:
    """Say the particulars as a list of details has them; characteristics need their type."""
    return [
        (gettext(label), getattr(row, name))
        for name, label in LABELS.items()
        if name != CHARACTERISTICS
    ]
