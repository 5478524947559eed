"""What the pages about certificates read: lists by keyset, never counted exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.certificates.composition import composing
from lims.certificates.models import Certificate, CertificatePlace, Standing
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.documents.store import Document
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.kernel.errors import NotFound
from lims.reception.models import Item, Order
from lims.reception.queries import begins
from lims.vocabulary import Validity

LIMIT = 50
SERIALS = 200
"""Items looked at when a serial number is searched."""

LAST = {
    Validity.SUPERSEDED: Standing.SUPERSEDED,
    Validity.ENDED: Standing.ENDED,
    Validity.WITHDRAWN: Standing.WITHDRAWN,
}
"""What a certificate is called of which nothing holds any more; the first that applies."""


class PlaceSum(NamedTuple):
    """The items of a certificate of one validity, with the first of them and the last day."""

    validity: Validity
    items: int
    last: date | None
    description: str
    serial: str


@dataclass(frozen=True)
class Line:
    """A certificate as a list shows it."""

    certificate: Certificate
    order: str
    customer: str
    description: str
    serial: str
    """The first of its items."""

    items: int
    standing: Standing
    paper_id: UUID | None
    printed: bool

    @property
    def id(self) -> UUID:
        """The key of its page."""
        return self.certificate.id


@dataclass(frozen=True)
class CertificateDetails:
    """A certificate with its items and what it replaces."""

    certificate: Certificate
    order: Order
    customer: Customer
    places: Sequence[tuple[CertificatePlace, Item]]
    document: Document
    replaces: Certificate | None
    replaced_by: Certificate | None

    @property
    def live(self) -> bool:
        """Tell whether anything on it holds."""
        return any(place.validity is Validity.LIVE for place, _ in self.places)


def listed(
    session: Session, *, q: str = "", after: UUID | None = None, limit: int = LIMIT
) -> list[Line]:
    """List certificates, the latest first; one more than asked for shows that there are others."""
    query = _lines().order_by(Certificate.id.desc()).limit(limit + 1)
    if q:
        ids = [_latest(meant, after, limit) for meant in _meant(session, q)]
        query = query.where(Certificate.id.in_(union_all(*ids)))
    return _read(session, query.where(Certificate.id < after) if after else query)


def of_order(session: Session, order_id: UUID, *, limit: int = 200) -> list[Line]:
    """List the certificates of an order."""
    query = _lines().where(Certificate.order_id == order_id).order_by(Certificate.id)
    return _read(session, query.limit(limit))


def of_item(session: Session, item_id: UUID) -> list[Line]:
    """List the certificates an item has stood on, the latest first."""
    return _read(
        session,
        _lines().where(Certificate.id.in_(_on(Item.id == item_id))).order_by(Certificate.id.desc()),
    )


def of_instrument(session: Session, instrument_id: UUID, *, limit: int = 20) -> list[Line]:
    """List the certificates of an instrument over the years, the latest first."""
    ids = _on(Item.instrument_id == instrument_id)
    query = _lines().where(Certificate.id.in_(ids)).order_by(Certificate.id.desc())
    return _read(session, query.limit(limit))


def signed_together(session: Session, first: UUID, last: UUID, *, by: str) -> list[Line]:
    """List what a person signed in one act: its keys follow each other in time."""
    query = _lines().where(Certificate.id.between(first, last), Certificate.signed_by == by)
    return _read(session, query.order_by(Certificate.id).limit(1_000))


def details(session: Session, certificate_id: UUID) -> CertificateDetails:
    """Read everything about a certificate."""
    certificate = fetch(session, Certificate, certificate_id)
    order = fetch(session, Order, certificate.order_id)
    later = select(Certificate).where(Certificate.replaces_id == certificate.id)
    earlier = certificate.replaces_id
    document = select(Document).where(
        Document.of == certificate.id, Document.kind == composing.KIND
    )
    return CertificateDetails(
        certificate=certificate,
        order=order,
        customer=fetch(session, Customer, order.requester_id),
        places=places(session, certificate.id),
        document=session.scalars(document).one(),
        replaces=fetch(session, Certificate, earlier) if earlier is not None else None,
        replaced_by=session.scalars(later.order_by(Certificate.id)).first(),
    )


def numbers(session: Session, result_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the number of the certificate on which each of some results stands."""
    query = (
        select(CertificatePlace.result_id, Certificate.number)
        .join(Certificate, Certificate.id == CertificatePlace.certificate_id)
        .where(
            CertificatePlace.result_id.in_(result_ids),
            CertificatePlace.validity != Validity.WITHDRAWN,
        )
        .order_by(Certificate.id)
    )
    return dict(iter(session.execute(query)))


def places(session: Session, certificate_id: UUID) -> list[tuple[CertificatePlace, Item]]:
    """List the items on a certificate as it prints them: by order line."""
    query = (
        select(CertificatePlace, Item)
        .join(Item, Item.id == CertificatePlace.item_id)
        .where(CertificatePlace.certificate_id == certificate_id)
        .order_by(Item.line)
    )
    return [(place, item) for place, item in session.execute(query)]


def by_number(session: Session, number: str) -> Certificate:
    """Find a certificate by its number."""
    certificate = session.scalar(select(Certificate).where(Certificate.number == number))
    if certificate is None:
        raise NotFound("There is no certificate %(number)s.", number=number)
    return certificate


def _lines() -> Select[Certificate, str, str]:
    return (
        select(Certificate, Order.number, Customer.name)
        .join(Order, Order.id == Certificate.order_id)
        .join(Customer, Customer.id == Order.requester_id)
    )


def _meant(session: Session, q: str) -> list[ColumnElement[bool]]:
    """Say what a search may mean: a number, a code, a serial number, a customer."""
    who = [customer.id for customer in customers.find(session, q)]
    items = select(Item.id).where(begins(q)).order_by(Item.serial_folded, Item.id).limit(SERIALS)
    orders = select(Order.id).where(Order.requester_id.in_(who))
    return [
        Certificate.number == q.upper(),
        Certificate.code == q.upper(),
        Certificate.id.in_(_on(Item.id.in_(select(items.subquery().c.id)))),
        *([Certificate.order_id.in_(orders)] if who else []),
    ]


def _on(items: ColumnElement[bool]) -> Select[UUID]:
    """Name the certificates on which some items stand, by way of their results' index."""
    return (
        select(CertificatePlace.certificate_id)
        .join(Result, Result.id == CertificatePlace.result_id)
        .join(Item, Item.id == Result.item_id)
        .where(items)
    )


def _latest(meant: ColumnElement[bool], after: UUID | None, limit: int) -> Select[UUID]:
    query = select(Certificate.id).where(meant)
    query = query.where(Certificate.id < after) if after else query
    return select(query.order_by(Certificate.id.desc()).limit(limit + 1).subquery().c.id)


def _read(session: Session, query: Select[Certificate, str, str]) -> list[Line]:
    rows = session.execute(query).all()
    ids = [certificate.id for certificate, _, _ in rows]
    sums = _sums(session, ids)
    documents = _documents(session, ids)
    today = clock.today()
    return [
        _line(certificate, number, name, sums[certificate.id], documents.get(certificate.id), today)
        for certificate, number, name in rows
    ]


def _line(
    certificate: Certificate,
    order: str,
    customer: str,
    sums: Sequence[PlaceSum],
    document: tuple[UUID, bool] | None,
    today: date,
) -> Line:
    first = min(sums, key=lambda row: row.serial)
    paper_id, printed = document or (None, False)
    return Line(
        certificate=certificate,
        order=order,
        customer=customer,
        description=first.description,
        serial=first.serial,
        items=sum(row.items for row in sums),
        standing=_together(certificate, sums, today),
        paper_id=paper_id,
        printed=printed,
    )


def _together(certificate: Certificate, sums: Iterable[PlaceSum], today: date) -> Standing:
    rows = {row.validity: row for row in sums}
    if certificate.withdrawn_on is not None:
        return Standing.WITHDRAWN
    if Validity.LIVE in rows:
        last = rows[Validity.LIVE].last
        return Standing.EXPIRED if last is not None and last < today else Standing.VALID
    return next(standing for validity, standing in LAST.items() if validity in rows)


def _sums(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[PlaceSum]]:
    """Sum up the places of each certificate by their validity."""
    place = CertificatePlace
    query = (
        select(
            place.certificate_id,
            place.validity,
            func.count(),
            func.max(place.valid_until),
            func.min(Item.description),
            func.min(Item.serial),
        )
        .join(Item, Item.id == place.item_id)
        .where(place.certificate_id.in_(ids))
        .group_by(place.certificate_id, place.validity)
    )
    sums: dict[UUID, list[PlaceSum]] = {}
    for row in session.execute(query):
        sums.setdefault(row[0], []).append(PlaceSum(*row[1:]))
    return sums


def _documents(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, bool]]:
    query = select(Document.of, Document.id, Document.sha256)
    rows = session.execute(query.where(Document.of.in_(ids), Document.kind == composing.KIND))
    return {of: (paper_id, sha256 is not None) for of, paper_id, sha256 in rows}
