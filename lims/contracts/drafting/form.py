"""The page on which a contract is drafted: what it shows, and the command it becomes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.contracts import queries
from lims.contracts.commands import DraftContract, FilledLine, FillInContract, NewLine
from lims.contracts.queries import ContractDetails
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.kernel.batch import each
from lims.kernel.db import fetch
from lims.kernel.errors import Refusals, RuleBroken
from lims.web.requests import as_id, asked
from schemas.forms import is_filled, numbered, unflatten

ROWS = 4
"""Rows on a fresh page."""

PRESET = ("kind", "quantity")
"""What a deliverable's row holds before anything is typed."""


@dataclass(frozen=True)
class Page:
    """What the boxes hold before anything is typed."""

    customer: Customer | None
    contract: ContractDetails | None
    lines: range
    deliverables: range


def page(
    session: Session, typed: MultiDict[str, str], contract: ContractDetails | None = None
) -> Page:
    """Say how many rows are shown, and for whom."""
    lines = max(_filled(typed, "lines"), len(contract.lines) if contract else 0) + 1
    owed = max(_filled(typed, "deliverables"), len(contract.deliverables) if contract else 0) + 1
    customer = contract.customer if contract else _asked_for(session)
    return Page(customer, contract, range(max(lines, ROWS)), range(owed))


@contextmanager
def addressed(page: FillInContract) -> Iterator[None]:
    """Name the row of the page that a refusal is about: it may have empty rows before it."""
    try:
        yield
    except Refusals as refusals:
        numbers = list(page.lines)
        rows = {numbers[place]: refusal for place, refusal in refusals.rows.items()}
        raise Refusals(rows, batch=refusals.batch) from refusals


def resolve(session: Session, page: FillInContract) -> DraftContract:
    """Find the customer and the services that a page names."""
    customer = customers.resolve(
        session, page.customer_id, page.customer_id_text, field="customer_id"
    )
    return DraftContract(
        customer_id=customer.id,
        kind=page.kind,
        funding=page.funding,
        subject=page.subject,
        on_credit=page.on_credit,
        valid_to=page.valid_to,
        lines=each(page.lines.values(), lambda row: _line(session, row), batch="lines"),
        deliverables=list(page.deliverables.values()),
    )


def _line(session: Session, row: FilledLine) -> NewLine:
    asked = _service(session, row)
    return NewLine(service_id=asked.id, quantity=row.quantity, unit_price=row.unit_price)


def _service(session: Session, row: FilledLine) -> Service:
    """Return the service that was picked, or the only one that what was typed may mean."""
    if row.service_id is not None:
        return fetch(session, Service, row.service_id)
    text = row.service_id_text
    exact = queries.service_named(session, text)
    matches = [exact] if exact else catalogue.services(session, q=text)
    if len(matches) != 1:
        raise RuleBroken(
            "No one service is called “%(text)s”: choose one from the list.",
            field="service_id",
            text=text,
        )
    return matches[0]


def _filled(typed: MultiDict[str, str], part: str) -> int:
    """Return how many rows reach to the last one in which something was typed."""
    groups = numbered(unflatten(typed.to_dict()).get(part))
    filled = (
        number + 1
        for number, boxes in groups.items()
        if any(is_filled(box) for name, box in boxes.items() if name not in PRESET)
    )
    return max(filled, default=0)


def _asked_for(session: Session) -> Customer | None:
    customer_id = as_id(asked("customer"))
    return session.get(Customer, customer_id) if customer_id else None
