"""What is done with the register of customers; that of instruments is `registry`."""

from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.customers.commands import CorrectCustomer, EnterCustomer
from lims.customers.events import CustomerAdded
from lims.customers.identification import codes, search
from lims.customers.models import Customer, search_key
from lims.eventlog import log
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.kernel.words import tidy
from lims.vocabulary import Unset

C = TypeVar("C", EnterCustomer, CorrectCustomer)


def enter(session: Session, command: EnterCustomer, *, by: str) -> Customer:
    """Enter a customer; of the codes only those that are given are tested."""
    tested = _tested(command)
    customer = Customer(
        name=tested.name,
        folded=search_key(tested.name),
        kind=tested.kind,
        tax_code=tested.tax_code,
        budget_code=tested.budget_code,
        personal_number=tested.personal_number,
        address=tested.address,
        area=tested.area,
        phone=tested.phone,
        email=tested.email,
    )
    _refuse_known_tax_code(session, customer.tax_code)
    session.add(customer)
    session.flush()
    entered = CustomerAdded(customer_id=customer.id, kind=customer.kind, on=clock.today())
    log.append(session, entered, by=by)
    return customer


def correct(session: Session, customer_id: UUID, command: CorrectCustomer, *, by: str) -> Customer:
    """Correct a customer's particulars; issued documents keep what they print."""
    customer = fetch(session, Customer, customer_id, hold=True)
    tested = _tested(command)
    if not customer.differs(tested):
        return customer
    if tested.tax_code != customer.tax_code and not isinstance(tested.tax_code, Unset):
        _refuse_known_tax_code(session, tested.tax_code)
    log.append(session, customer.correct(tested, on=clock.today()), by=by)
    return customer


def refuse_namesake(session: Session, name: str, *, field: str = "name") -> None:
    """Stop before a customer of the same name is entered again, accents and case aside."""
    query = select(Customer).where(Customer.folded == search_key(name)).limit(1)
    namesake = session.scalar(query)
    if namesake is not None:
        raise RuleBroken(
            "%(name)s is in the register already (%(address)s): choose it, or tick that this is"
            " another customer of the same name.",
            field=field,
            name=namesake.name,
            address=namesake.address,
        )


def resolve(session: Session, customer_id: UUID | None, text: str, *, field: str) -> Customer:
    """Return the customer who was picked from the list, or whose name or tax code was typed."""
    if customer_id is not None:
        return fetch(session, Customer, customer_id)
    code = _as_tax_code(text)
    match = Customer.tax_code == code if code else Customer.folded == search_key(text)
    matches = session.scalars(select(Customer).where(match).limit(2)).all()
    if not matches:
        raise RuleBroken(
            "No customer is called “%(text)s”: choose one from the list, or add it first.",
            field=field,
            text=text,
        )
    if len(matches) > 1:
        raise RuleBroken(
            "Several customers are called “%(text)s”: choose one from the list.",
            field=field,
            text=text,
        )
    return matches[0]


def find(session: Session, q: str, limit: int = 20) -> list[Customer]:
    """Look for customers by the beginnings of words, a code or a telephone number."""
    return list(session.scalars(search.best_matches(q, limit))) if q.strip() else []


def _tested(command: C) -> C:
    """Return the command with its name tidied and its codes as the state prints them."""
    if not isinstance(command.name, Unset):
        command = replace(command, name=_tidied(command.name))
    if command.tax_code and not isinstance(command.tax_code, Unset):
        command = replace(command, tax_code=codes.tax_code(command.tax_code))
    if command.budget_code and not isinstance(command.budget_code, Unset):
        command = replace(command, budget_code=codes.budget_code(command.budget_code))
    if command.personal_number and not isinstance(command.personal_number, Unset):
        command = replace(command, personal_number=codes.personal_number(command.personal_number))
    return replace(
        command,
        tax_code=command.tax_code or None,
        budget_code=command.budget_code or None,
        personal_number=command.personal_number or None,
    )


def _tidied(name: str) -> str:
    tidied = tidy(name, field="name")
    if not tidied:
        raise RuleBroken("A customer needs a name.", field="name")
    return tidied


def _refuse_known_tax_code(session: Session, tax_code: str | None) -> None:
    if tax_code is None:
        return
    namesake = session.scalar(select(Customer).where(Customer.tax_code == tax_code))
    if namesake is not None:
        raise RuleBroken(
            "Tax code %(code)s belongs to %(name)s, who is in the register already: choose it.",
            field="tax_code",
            code=tax_code,
            name=namesake.name,
        )


def _as_tax_code(text: str) -> str | None:
    try:
        return codes.tax_code(text)
    except RuleBroken:
        return None
