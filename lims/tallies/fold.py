"""From a fact to what it counts as. Pure: no session, no clock."""

from collections.abc import Iterator
from datetime import date
from functools import singledispatch
from typing import TypedDict
from uuid import UUID

from lims.bench.events import ResultAuthorised, ResultWithdrawn
from lims.certificates.events import CertificateSigned
from lims.contracts.events import ContractSigned, DeliverableAccepted
from lims.disciplines import KINDS
from lims.eventlog.events import Event
from lims.eventlog.projections import Projection
from lims.reception.events import ItemReceived
from lims.tallies.models import CountCell, CountLine
from lims.vocabulary import (
    ContractKind,
    DeliverableKind,
    Discipline,
    Field,
    Measure,
    Outcome,
)


class Line(TypedDict):
    """The columns of a count line, apart from its position."""

    measure: Measure
    day: date
    discipline: str
    field: str
    area: str
    subject: UUID
    amount: int


VERDICTS = {Outcome.PASS: Measure.PASSED, Outcome.FAIL: Measure.FAILED}


@singledispatch
def counted(fact: Event) -> Iterator[Line]:
    """Say what a fact counts as: by default, nothing."""
    del fact
    return iter(())


def _line(
    fact: Event,
    measure: Measure,
    amount: int,
    *,
    subject: UUID,
    discipline: Discipline,
    field: Field | None = None,
    area: str = "",
) -> Line:
    return Line(
        measure=measure,
        day=fact.on,
        discipline=discipline.value,
        field=field.value if field else "",
        area=area,
        subject=subject,
        amount=amount,
    )


@counted.register
def _(fact: ItemReceived) -> Iterator[Line]:
    yield _line(
        fact,
        Measure.RECEIVED,
        fact.units,
        subject=fact.item_id,
        discipline=fact.discipline,
        field=fact.field,
        area=fact.area,
    )


@counted.register
def _(fact: ResultAuthorised) -> Iterator[Line]:
    yield from _result(fact, 1)


@counted.register
def _(fact: ResultWithdrawn) -> Iterator[Line]:
    """Take back on the day of the withdrawal: a closed month is not rewritten."""
    yield from _result(fact, -1)


def _result(fact: ResultAuthorised | ResultWithdrawn, sign: int) -> Iterator[Line]:
    if fact.outcome is Outcome.NOT_PERFORMED:
        return
    measures = [*KINDS[fact.discipline].measures[:1]]
    if fact.outcome in VERDICTS:
        measures.append(VERDICTS[fact.outcome])
    for measure in measures:
        yield _line(
            fact,
            measure,
            sign * fact.units,
            subject=fact.item_id,
            discipline=fact.discipline,
            field=fact.field,
            area=fact.area,
        )


@counted.register
def _(fact: CertificateSigned) -> Iterator[Line]:
    yield _line(
        fact,
        Measure.CERTIFICATES,
        1,
        subject=fact.certificate_id,
        discipline=fact.discipline,
        field=fact.field,
        area=fact.area,
    )


@counted.register
def _(fact: ContractSigned) -> Iterator[Line]:
    """Count the contracts of technical services (20 in 2017); laboratory work counts by item."""
    if fact.kind is ContractKind.TECHNICAL:
        yield _line(
            fact,
            Measure.CONTRACTS,
            1,
            subject=fact.contract_id,
            discipline=Discipline.TECHNICAL,
        )


@counted.register
def _(fact: DeliverableAccepted) -> Iterator[Line]:
    standard = fact.kind is DeliverableKind.STANDARD
    yield _line(
        fact,
        Measure.STANDARDS if standard else Measure.PRODUCTS,
        fact.quantity,
        subject=fact.deliverable_id,
        discipline=Discipline.TECHNICAL,
    )


COUNTS = Projection(
    name="counts",
    line=CountLine.__table__,  # type: ignore[arg-type]  # a mapped class has a Table
    cell=CountCell.__table__,  # type: ignore[arg-type]
    fold=counted,
)
"""The month in numbers."""
