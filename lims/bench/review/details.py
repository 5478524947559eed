"""One result with all it stands on, and what a standard was used for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from lims.bench.models import Minutes, Result, SheetStandard, WorkSheet
from lims.catalogue.models import Method, Service
from lims.documents.store import Document
from lims.kernel.db import fetch
from lims.marks import service as marks
from lims.reception.models import Item, Order

MOST = 500
"""Sheets listed on the page of a standard."""


@dataclass(frozen=True)
class ResultDetails:
    """One result with all it stands on."""

    result: Result
    item: Item
    order: Order
    service: Service
    sheet: WorkSheet
    method: Method
    standards: Sequence[SheetStandard]
    sticker: str
    minutes: Minutes | None
    document: Document | None


class StandardUse(NamedTuple):
    """A sheet on which a standard was used, the certificate it had, and how many results."""

    sheet: WorkSheet
    order: Order
    method: Method
    certificate: str
    results: int


def details_of(session: Session, result_id: UUID) -> ResultDetails:
    """Gather one result with all it stands on."""
    fetch(session, Result, result_id)
    return _details(session, Result.id == result_id)[0]


def results_of_item(session: Session, item_id: UUID) -> list[ResultDetails]:
    """List the results of an item, the newest first: more than one where one was withdrawn."""
    return _details(session, Result.item_id == item_id)


def uses_of_standard(session: Session, standard_id: UUID) -> list[StandardUse]:
    """List what a standard was used for, the latest day first."""
    results = select(func.count()).where(Result.sheet_id == WorkSheet.id).scalar_subquery()
    query = (
        select(WorkSheet, Order, Method, SheetStandard.certificate, results)
        .join(WorkSheet, WorkSheet.id == SheetStandard.sheet_id)
        .join(Order, Order.id == WorkSheet.order_id)
        .join(Method, Method.id == WorkSheet.method_id)
        .where(SheetStandard.standard_id == standard_id)
        .order_by(WorkSheet.performed_on.desc(), WorkSheet.id.desc())
    )
    return [StandardUse(*row) for row in session.execute(query.limit(MOST))]


def standards_used(session: Session, sheet_ids: Iterable[UUID]) -> dict[UUID, list[SheetStandard]]:
    """List the standards of each sheet, by code."""
    used: dict[UUID, list[SheetStandard]] = {sheet_id: [] for sheet_id in sheet_ids}
    query = select(SheetStandard).where(SheetStandard.sheet_id.in_(used))
    for standard in session.scalars(query.order_by(SheetStandard.code)):
        used[standard.sheet_id].append(standard)
    return used


def _details(session: Session, condition: ColumnElement[bool]) -> list[ResultDetails]:
    query = (
        select(Result, Item, Order, Service, WorkSheet, Method, Minutes, Document)
        .join(Item, Item.id == Result.item_id)
        .join(Order, Order.id == Item.order_id)
        .join(Service, Service.id == Item.service_id)
        .join(WorkSheet, WorkSheet.id == Result.sheet_id)
        .join(Method, Method.id == WorkSheet.method_id)
        .outerjoin(Minutes, Minutes.id == Result.minutes_id)
        .outerjoin(Document, Document.of == Minutes.id)
        .where(condition)
        .order_by(Result.id.desc())
    )
    rows = session.execute(query).all()
    labels = marks.labels(session, [row[0].id for row in rows])
    used = standards_used(session, {row[4].id for row in rows})
    return [
        ResultDetails(
            *row[:6],
            standards=used[row[4].id],
            sticker=labels.get(row[0].id, ""),
            minutes=row[6],
            document=row[7],
        )
        for row in rows
    ]
