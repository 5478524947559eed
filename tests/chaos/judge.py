"""What must be true once the centre has settled, and everything that is not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lims.bench.models import Minutes
from lims.billing.models import Charge, Invoice, Payment
from lims.certificates.models import Certificate, CertificatePlace
from lims.documents.store import Document
from lims.eventlog.log import Delivery, Entry
from lims.kernel import db
from lims.kernel.numbering import Series
from lims.marks.models import Sticker
from lims.reception.models import Item, Order
from lims.tallies.models import CountLine
from lims.vocabulary import ChargeState, Measure, Validity
from tests.chaos.clerks import Done
from tests.deployments import Place

MOST = 12
"""Violations of one kind that are told; there may be more."""

Rows = Iterable[tuple[Any, ...]]


def faults(place: Place, done: Done) -> list[str]:
    """Name everything that does not hold."""
    with db.reading() as session:
        found = [
            fault
            for rule in (_told_once, _counted_once, _charged_once, _certified_once, _numbered)
            for fault in _some(rule(session, done))
        ]
        found += [*_some(_owed(session)), *_some(_printed(session))]
    return [*found, *_commands(place)]


def _some(found: Iterator[str]) -> list[str]:
    every = list(found)
    more = [f"… and {len(every) - MOST} more of these"] if len(every) > MOST else []
    return every[:MOST] + more


def _told_once(session: Session, done: Done) -> Iterator[str]:
    """Every accepted request is in the log once, and nothing that was not accepted."""
    names = {name for name, _ in done.facts}
    query = select(Entry.name, Entry.subject, func.count()).where(Entry.name.in_(names))
    logged = {
        (name, str(subject)): count
        for name, subject, count in session.execute(query.group_by(Entry.name, Entry.subject))
    }
    yield from _differences("the log", done.facts, logged)


def _counted_once(session: Session, done: Done) -> Iterator[str]:
    """Each authorised item is counted once, and not at all when it was taken back."""
    query = select(CountLine.subject, func.sum(CountLine.amount)).where(
        CountLine.measure == Measure.INSTRUMENTS
    )
    counted = {str(item): n for item, n in session.execute(query.group_by(CountLine.subject)) if n}
    expected = {
        item: 1
        for result, (item, outcome) in done.outcomes.items()
        if outcome != "not_performed" and result not in done.withdrawn
    }
    yield from _differences("the tally", expected, counted)


def _charged_once(session: Session, done: Done) -> Iterator[str]:
    """Each verdict is charged once; what was taken back is cancelled, unless it is invoiced."""
    rows = session.execute(select(Charge.source_id, Charge.state))
    charged = Counter((str(source), state != ChargeState.CANCELLED) for source, state in rows)
    expected = Counter(
        (result, result not in done.withdrawn or result in done.invoiced)
        for result, (_, outcome) in done.outcomes.items()
        if outcome != "not_performed"
    )
    hasty = {result for result in done.withdrawn - done.invoiced if not charged[result, False]}
    for result in hasty:  # taken back before the charge was made: there is none, or a cancelled one
        expected.pop((result, False), None)
    yield from _differences("the charges", expected, charged)


def _certified_once(session: Session, done: Done) -> Iterator[str]:
    """What passed stands on one live certificate, everything else on none."""
    query = select(CertificatePlace.item_id, func.count()).where(
        CertificatePlace.validity == Validity.LIVE
    )
    live = {str(item): n for item, n in session.execute(query.group_by(CertificatePlace.item_id))}
    expected = {
        item: 1
        for result, (item, outcome) in done.outcomes.items()
        if outcome == "pass" and result not in done.withdrawn
    }
    yield from _differences("live certificates", expected, live)


def _differences(where: str, expected: Any, found: Any) -> Iterator[str]:
    for key in sorted(expected.keys() | found.keys(), key=repr):
        if expected.get(key, 0) != found.get(key, 0):
            yield f"{where}: {key} is there {found.get(key, 0)} times, not {expected.get(key, 0)}"


def _numbered(session: Session, done: Done) -> Iterator[str]:
    """No number of any series is missing or given twice."""
    given = session.execute(select(Series.name, Series.last))
    last = dict(given.all())
    used: dict[str, list[int]] = {"order": _tails(session.scalars(select(Order.number)))}
    used["minutes"] = _tails(session.scalars(select(Minutes.number)))
    used["receipt"] = _tails(session.scalars(select(Payment.number)))
    for series, number in session.execute(
        select(Invoice.series, Invoice.number).where(Invoice.number.is_not(None))
    ):
        used.setdefault(f"invoice/{series}", []).append(number)
    for number in session.scalars(select(Certificate.number)):
        used.setdefault(f"certificate/{number[0]}", []).append(int(number.split("-")[-1]))
    for name in sorted(last.keys() | {name for name, numbers in used.items() if numbers}):
        wanted = Counter(range(1, last.get(name, 0) + 1))
        yield from _differences(f"numbers of {name}", wanted, Counter(used.get(name, [])))
    if done.orders != last.get("order", 0):
        yield f"{last.get('order', 0)} orders have numbers, {done.orders} were accepted"
    yield from _twice(session)


def _tails(numbers: Iterable[str]) -> list[int]:
    return [int(number.split("-")[-1]) for number in numbers]


def _twice(session: Session) -> Iterator[str]:
    """Nor is a sticker on two items, nor an item in an order twice."""
    for columns in ((Sticker.series, Sticker.number), (Item.code,)):
        query = select(*columns).group_by(*columns).having(func.count() > 1)
        yield from (f"twice: {tuple(row)}" for row in session.execute(query))


def _owed(session: Session) -> Iterator[str]:
    query = select(Delivery.handler, Delivery.position, Delivery.state, Delivery.error)
    for row in session.execute(query.where(Delivery.state != "done")):
        yield f"delivery {tuple(row)}"


def _printed(session: Session) -> Iterator[str]:
    """Every paper that was frozen has been printed, once."""
    for number in session.scalars(select(Document.number).where(Document.sha256.is_(None))):
        yield f"paper {number} was not printed"
    query = select(Entry.subject, func.count()).where(Entry.name == "kernel.paper_printed")
    for document, count in session.execute(query.group_by(Entry.subject).having(func.count() > 1)):
        yield f"paper {document} was printed {count} times"


def _commands(place: Place) -> Iterator[str]:
    for words in (("log", "verify"), ("tally", "rebuild", "--check")):
        ended = place.lims(*words)
        if ended.returncode:
            yield f"lims {' '.join(words)}: {ended.stdout.strip()} {ended.stderr.strip()}"
