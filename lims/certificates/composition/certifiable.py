"""The work that certificates are about, sorted into what will be issued."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.models import Result, WorkSheet
from lims.bench.service import Authorisation
from lims.catalogue.models import Method
from lims.customers.models import Customer
from lims.disciplines import KINDS
from lims.kernel.db import fetch_all
from lims.reception.models import Item, Order
from lims.vocabulary import CertificateKind, CertificateMode, Outcome

CERTIFIED = frozenset({Outcome.PASS, Outcome.MEASURED})
"""A fail gets minutes only (TT 24/2013/TT-BKHCN, Art 40(2)); what was not performed, nothing."""


class ResultContext(NamedTuple):
    """One result and what it hangs on."""

    result: Result
    item: Item
    sheet: WorkSheet
    method: Method
    order: Order
    requester: Customer

    @property
    def kind(self) -> CertificateKind | None:
        """Return what is issued of it, if anything is; technical service has deliverables."""
        if self.result.outcome not in CERTIFIED:
            return None
        return KINDS[self.item.discipline].certificate


@dataclass(frozen=True)
class Draft:
    """What one certificate will say, before it has a number."""

    kind: CertificateKind
    contexts: Sequence[ResultContext]

    @property
    def first(self) -> ResultContext:
        """Return the first of its works; what they share can be read off it."""
        return self.contexts[0]

    @property
    def listed(self) -> bool:
        """Tell whether it is a list; a list of one reads better as a certificate of its own."""
        return len(self.contexts) > 1

    @property
    def valid_until(self) -> date | None:
        """Return the day on which the first of its items runs out."""
        days = [
            context.result.valid_until for context in self.contexts if context.result.valid_until
        ]
        return min(days, default=None)

    @property
    def area(self) -> str:
        """Return the area of most of its items: where it counts."""
        areas = [context.item.area for context in self.contexts]
        return max(areas, key=areas.count)


def about(session: Session, results: Sequence[Result]) -> list[ResultContext]:
    """Gather what results hang on: two statements, however many results there are."""
    items = fetch_all(session, Item, [result.item_id for result in results])
    query = (
        select(WorkSheet, Method, Order, Customer)
        .join(Method, Method.id == WorkSheet.method_id)
        .join(Order, Order.id == WorkSheet.order_id)
        .join(Customer, Customer.id == Order.requester_id)
        .where(WorkSheet.id.in_({result.sheet_id for result in results}))
    )
    sheets = {row[0].id: row for row in session.execute(query)}
    return [
        ResultContext(result, item, *sheets[result.sheet_id])
        for result, item in zip(results, items, strict=True)
    ]


def authorised(authorisation: Authorisation) -> list[ResultContext]:
    """Say what results hang on that were authorised a moment ago: it was read for the minutes."""
    results, items, sources = authorisation
    return [
        ResultContext(result, item, *sources.sheets[result.sheet_id])
        for result, item in zip(results, items, strict=True)
    ]


def drafts(contexts: Iterable[ResultContext]) -> list[Draft]:
    """Sort works into certificates, in the order of the orders and their lines."""
    together: dict[tuple[CertificateKind, tuple[object, ...]], list[ResultContext]] = {}
    for context in sorted(contexts, key=lambda context: (context.order.number, context.item.line)):
        if context.kind is not None:
            together.setdefault((context.kind, _shared(context)), []).append(context)
    return [Draft(kind, shared) for (kind, _), shared in together.items()]


def _shared(context: ResultContext) -> tuple[object, ...]:
    """Say what a list prints once for all of its items; without a list, that is the item."""
    order, item = context.order, context.item
    as_list = order.certificate_mode is CertificateMode.LIST
    if as_list and KINDS[item.discipline].listed:
        return (order.id, item.type_id, item.description, item.occasion, context.sheet.id)
    return (item.id,)


def instruments(drafts: Iterable[Draft]) -> set[UUID]:
    """Name the instruments whose earlier verification gives way."""
    return {
        context.item.instrument_id
        for draft in drafts
        for context in draft.contexts
        if draft.kind is CertificateKind.VERIFICATION and context.item.instrument_id is not None
    }
