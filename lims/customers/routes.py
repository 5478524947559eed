"""The pages of the customer register."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.customers import instruments, queries, service
from lims.customers.access import CONFIDANTS, ENTERING
from lims.customers.models import Customer
from lims.kernel.db import fetch
from lims.settings import areas
from lims.vocabulary import CustomerKind, Role
from lims.web import page_extensions
from lims.web.access import actor, allow, signed_in
from lims.web.commands import command, query
from lims.web.history import FIELD_LABELS, history_lines
from lims.web.page_extensions import Entry, Hit
from lims.web.requests import PAGE, after, asked, see
from schemas.customers import CustomerForm

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
}

SUGGESTED = 10
SHOWN = 8


def install(app: Flask) -> None:
    """Put the pages, the menu, the search and the customer's instruments on the application."""
    app.register_blueprint(pages)
    app.register_blueprint(instruments.pages)
    registry = page_extensions.registry(app)
    registry.menu += [
        Entry("Reception", "Customers", "customers.customers", "building", frozenset(Role)),
        Entry("Reception", "Instruments", "instruments.instruments", "gauge", frozenset(Role)),
    ]
    registry.searches.append(_search)
    registry.sections["customer"].append(instruments.of_customer)


def _search(session: Session, q: str) -> list[Hit]:
    found = queries.known(session, queries.instruments(session, q=q, limit=SHOWN)[:SHOWN])
    return [
        Hit(
            "Instrument",
            f"{one.instrument.serial} · {instruments.named(one.type)}",
            f"/instruments/{one.id}",
            one.holder.name,
        )
        for one in found
    ]


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
        (one.id, one.name, " · ".join(part for part in (one.tax_code, one.address) if part))
        for one in service.find(session, asked("q"), SUGGESTED)
    ]
    return render_template("_suggestions.html", choices=choices)


@pages.get("/customers/new")
@allow(*ENTERING)
@query
def new(session: Session) -> ResponseReturnValue:
    """Ask about a new customer."""
    return render_template("customers/edit.html", customer=None, **_lists(session))


@pages.post("/customers/new")
@allow(*ENTERING)
@command(CustomerForm)
def add(session: Session, form: dict[str, Any]) -> ResponseReturnValue:
    """Enter a customer, asking twice about somebody of the same name."""
    if not form.pop("another"):
        service.refuse_namesake(session, form["name"])
    customer = service.add(session, by=actor().name, **form)
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
    return render_template("customers/edit.html", customer=customer, **_lists(session))


@pages.post("/customers/<uuid:customer_id>/edit")
@allow(*ENTERING)
@command(CustomerForm)
def change(session: Session, form: dict[str, Any], customer_id: UUID) -> ResponseReturnValue:
    """Correct a customer's particulars; issued documents stay as they were."""
    form.pop("another")
    service.change(session, customer_id, by=actor().name, **form)
    return see("customers.show", say="Saved.", customer_id=customer_id)


def _lists(session: Session) -> dict[str, Any]:
    return {"kinds": CustomerKind, "areas": areas.listed(session)}
