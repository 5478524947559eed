"""What the page on which a contract is drawn up says, read; and what it shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.contracts import queries
from lims.contracts.queries import Whole
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.kernel.db import fetch
from lims.kernel.errors import RuleBroken
from lims.web.locale import locale
from schemas.forms import is_filled, numbered, unflatten

ROWS = 4
"""Rows on a fresh page."""

PRESET = ("kind", "quantity")
"""What a deliverable's row holds before anything is typed."""


@dataclass(frozen=True)
class Page:
    """What the boxes hold before anything is typed."""

    customer: Customer | None
    contract: Whole | None
    lines: range
    deliverables: range


def page(session: Session, typed: MultiDict[str, str], contract: Whole | None = None) -> Page:
    """Say how many rows are shown, and for whom."""
    lines = max(_filled(typed, "lines"), len(contract.lines) if contract else 0) + 1
    owed = max(_filled(typed, "deliverables"), len(contract.deliverables) if contract else 0) + 1
    customer = contract.customer if contract else _asked_for(session)
    return Page(customer, contract, range(max(lines, ROWS)), range(owed))


def said(session: Session, form: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form says in the words of the service."""
    customer = customers.resolve(
        session, form["customer_id"], form["customer_id_text"], field="customer_id"
    )
    kept = ("kind", "funding", "subject", "on_credit", "valid_to")
    return {name: form[name] for name in kept} | {
        "customer_id": customer.id,
        "lines": [_line(session, at, row) for at, row in form["lines"].items()],
        "deliverables": list(form["deliverables"].values()),
    }


def named(service: Service) -> str:
    """Return how a service is written in a box."""
    return service.name_vi if locale() == "vi" else service.name_en or service.name_vi


def _line(session: Session, at: int, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": at,
        "service_id": _service(session, at, row).id,
        "quantity": row["quantity"],
        "unit_price": row["unit_price"],
    }


def _service(session: Session, at: int, row: Mapping[str, Any]) -> Service:
    """Return the service that was picked, or the only one that what was typed may mean."""
    if row["service_id"] is not None:
        return fetch(session, Service, row["service_id"])
    text = row["service_id_text"]
    exact = queries.service_named(session, text)
    found = [exact] if exact else catalogue.services(session, q=text)
    if len(found) != 1:
        raise RuleBroken(
            "No one service is called “%(text)s”: choose one from the list.",
            field=f"lines.{at}.service_id",
            text=text,
        )
    return found[0]


def _filled(typed: MultiDict[str, str], part: str) -> int:
    """Return how many rows reach to the last one in which something was typed."""
    groups = numbered(unflatten(typed.to_dict()).get(part))
    filled = (number for number, boxes in groups.items() if _is_filled(boxes))
    return max((number + 1 for number in filled), default=0)


def _is_filled(boxes: Mapping[str, object]) -> bool:
    return any(is_filled(box) for name, box in boxes.items() if name not in PRESET)


def _asked_for(session: Session) -> Customer | None:
    try:
        return session.get(Customer, UUID(request.args.get("customer", "")))
    except ValueError:
        return None
