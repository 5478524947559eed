"""What the lines of an invoice are for: the order, and the instruments or samples it names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from lims.billing.charges.accounts import Row
from lims.billing.models import Charge
from lims.reception.models import Item, Order
from lims.vocabulary import ChargeState

MOST_NAMED = 20
"""Serial numbers and spans of them on a line; the charges behind it name the others."""

MOST_PICKED = 1_000
"""Charges to choose from on one page: as many as one draft of picked charges takes."""

SHORTEST_SPAN = 3
NUMBERED = re.compile(r"(.*?)(\d{1,15})")


@dataclass(frozen=True)
class Line(Row):
    """Equal work of one order: the serial numbers, or the codes of samples, in their order."""

    order_id: UUID | None
    order: str
    marks: tuple[str, ...]

    @property
    def named(self) -> list[str]:
        """Return what it names, three and more in a row as a span."""
        return spans(self.marks)[:MOST_NAMED]

    @property
    def more(self) -> bool:
        """Tell whether it is for more than it names."""
        return len(spans(self.marks)) > MOST_NAMED


@dataclass(frozen=True)
class Waiting:
    """A charge that is on no invoice, with what it is for."""

    charge: Charge
    order: str
    mark: str


def of_invoice(session: Session, invoice_id: UUID) -> list[Line]:
    """Gather the charges of an invoice: equal ones of an order are one line."""
    query = _with_purpose().where(Charge.invoice_id == invoice_id)
    order = (Order.number, Charge.description, Charge.unit, Charge.unit_price, Charge.vat_rate)
    rows = session.execute(query.order_by(*order, Item.line, Charge.id)).all()
    return [
        _line([row.Charge for row in equal], equal[0].number or "", tuple(_marks(equal)))
        for equal in (list(group) for _, group in groupby(rows, key=_likeness))
    ]


def waiting(session: Session, buyer_id: UUID, contract_id: UUID | None) -> list[Waiting]:
    """List what waits to be invoiced under one contract or none, by order; the oldest first."""
    free = (Charge.state == ChargeState.EARNED, Charge.invoice_id.is_(None))
    mine = (Charge.payer_id == buyer_id, Charge.contract_id == contract_id)
    return _purposes(session, *free, *mine, most=MOST_PICKED)


def purposes(session: Session, charges: Sequence[Charge]) -> dict[UUID, Waiting]:
    """Say of each of some charges what it is for."""
    ids = [charge.id for charge in charges]
    return {row.charge.id: row for row in _purposes(session, Charge.id.in_(ids), most=len(ids))}


def spans(marks: Sequence[str]) -> list[str]:
    """Write A001, A002, A003 as A001..A003, the way the counter types them."""
    runs: list[list[str]] = []
    for mark in marks:
        if runs and _follows(runs[-1][-1], mark):
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return [text for run in runs for text in _written(run)]


def _written(run: Sequence[str]) -> Sequence[str]:
    return run if len(run) < SHORTEST_SPAN else [f"{run[0]}..{run[-1]}"]


def _follows(before: str, mark: str) -> bool:
    first, second = NUMBERED.fullmatch(before), NUMBERED.fullmatch(mark)
    if first is None or second is None:
        return False
    like = first[1] == second[1] and len(first[2]) == len(second[2])
    return like and int(second[2]) == int(first[2]) + 1


def _with_purpose() -> Select[Charge, str | None, str | None, str | None]:
    return (
        select(Charge, Order.number, Item.serial, Item.code)
        .outerjoin(Order, Order.id == Charge.order_id)
        .outerjoin(Item, Item.id == Charge.item_id)
    )


def _purposes(session: Session, *where: ColumnElement[bool], most: int) -> list[Waiting]:
    query = _with_purpose().where(*where).order_by(Order.number, Item.line, Charge.id)
    return [
        Waiting(charge, number or "", serial or code or "")
        for charge, number, serial, code in session.execute(query.limit(most))
    ]


def _marks(rows: Sequence[Any]) -> Iterator[str]:
    return (row.serial or row.code for row in rows if row.code)


def _likeness(row: Any) -> tuple[object, ...]:  # noqa: ANN401 - a row of the query
    charge = row.Charge
    return (charge.order_id, charge.description, charge.unit, charge.unit_price, charge.vat_rate)


def _line(charges: Sequence[Charge], order: str, marks: tuple[str, ...]) -> Line:
    first = charges[0]
    return Line(
        description=first.description,
        unit=first.unit,
        unit_price=first.unit_price,
        vat_rate=first.vat_rate,
        quantity=sum(charge.quantity for charge in charges),
        net=sum(charge.net for charge in charges),
        vat=sum(charge.vat for charge in charges),
        order_id=first.order_id,
        order=order,
        marks=marks,
    )
