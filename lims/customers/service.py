"""What reception does with customers and the registry of their instruments."""

from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.customers import codes, search
from lims.customers.events import CustomerAdded
from lims.customers.models import Customer
from lims.customers.registry import (
    add_instrument,
    change_instrument,
    falling_due,
    register,
    set_due,
)
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.kernel.words import tidy
from lims.vocabulary import CustomerKind

__all__ = [
    "Particulars",
    "add",
    "add_instrument",
    "change",
    "change_instrument",
    "falling_due",
    "find",
    "refuse_namesake",
    "register",
    "resolve",
    "set_due",
]


class Particulars(TypedDict, total=False):
    """What is known of a customer; only what is said is changed."""

    name: str
    kind: CustomerKind
    tax_code: str | None
    budget_code: str | None
    personal_number: str | None
    address: str
    area: str
    phone: str
    email: str


def add(
    session: Session,
    *,
    name: str,
    kind: CustomerKind,
    tax_code: str | None = None,
    budget_code: str | None = None,
    personal_number: str | None = None,
    address: str = "",
    area: str = "",
    phone: str = "",
    email: str = "",
    by: str,
) -> Customer:
    """Enter a customer; of the codes only those that are given are tested."""
    said = _tested(
        name=name, tax_code=tax_code, budget_code=budget_code, personal_number=personal_number
    )
    customer = Customer(
        **said,
        folded=search.key(said["name"]),
        kind=kind,
        address=address,
        area=area,
        phone=phone,
        email=email,
    )
    _refuse_known_tax_code(session, customer.tax_code)
    session.add(customer)
    session.flush()
    told = CustomerAdded(customer_id=customer.id, kind=kind, on=clock.today())
    log.append(session, told, by=by)
    return customer


def change(
    session: Session, customer_id: UUID, *, by: str, **said: Unpack[Particulars]
) -> Customer:
    """Correct a customer's particulars; issued documents keep what they print."""
    customer = fetch(session, Customer, customer_id, hold=True)
    tested = _tested(**said)
    news = {key: value for key, value in tested.items() if getattr(customer, key) != value}
    if not news:
        return customer
    _refuse_known_tax_code(session, news.get("tax_code"))
    told = customer.change(on=clock.today(), **news)
    customer.folded = search.key(customer.name)
    log.append(session, told, by=by)
    return customer


def refuse_namesake(session: Session, name: str, *, field: str = "name") -> None:
    """Stop before a customer of the same name is entered again, accents and case aside."""
    query = select(Customer).where(Customer.folded == search.key(name)).limit(1)
    there = session.scalar(query)
    if there is not None:
        raise RuleBroken(
            "%(name)s is in the register already (%(address)s): choose it, or tick that this is"
            " another customer of the same name.",
            field=field,
            name=there.name,
            address=there.address,
        )


def resolve(session: Session, customer_id: UUID | None, text: str, *, field: str) -> Customer:
    """Return the customer who was picked from the list, or whose name or tax code was typed."""
    if customer_id is not None:
        return fetch(session, Customer, customer_id)
    code = _as_tax_code(text)
    meant = Customer.tax_code == code if code else Customer.folded == search.key(text)
    found = session.scalars(select(Customer).where(meant).limit(2)).all()
    if not found:
        raise RuleBroken(
            "No customer is called “%(text)s”: choose one from the list, or add it first.",
            field=field,
            text=text,
        )
    if len(found) > 1:
        raise RuleBroken(
            "Several customers are called “%(text)s”: choose one from the list.",
            field=field,
            text=text,
        )
    return found[0]


def find(session: Session, q: str, limit: int = 20) -> list[Customer]:
    """Look for customers by the beginnings of words, a code or a telephone number."""
    return list(session.scalars(search.found(q, limit))) if q.strip() else []


def _tested(**said: Any) -> dict[str, Any]:  # noqa: ANN401 - columns
    """Return what was said with its name tidied and its codes as the state prints them."""
    if "name" in said:
        said["name"] = tidy(said["name"], field="name")
    if "name" in said and not said["name"]:
        raise RuleBroken("A customer needs a name.", field="name")
    for name, test in _TESTS.items():
        if name in said:
            said[name] = test(said[name]) if said[name] else None
    return said


_TESTS = {
    "tax_code": codes.tax_code,
    "budget_code": codes.budget_code,
    "personal_number": codes.personal_number,
}


def _refuse_known_tax_code(session: Session, tax_code: str | None) -> None:
    if tax_code is None:
        return
    there = session.scalar(select(Customer).where(Customer.tax_code == tax_code))
    if there is not None:
        raise RuleBroken(
            "Tax code %(code)s belongs to %(name)s, who is in the register already: choose it.",
            field="tax_code",
            code=tax_code,
            name=there.name,
        )


def _as_tax_code(text: str) -> str | None:
    try:
        return codes.tax_code(text)
    except RuleBroken:
        return None
