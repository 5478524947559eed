"""Which place of an instrument holds: that of its newest verification that stands."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from lims.bench import due_dates
from lims.bench.due_dates import Verdict
from lims.bench.models import Result
from lims.certificates.models import Certificate, CertificatePlace
from lims.customers.models import Instrument
from lims.eventlog import log
from lims.eventlog.events import Event
from lims.reception.models import Item
from lims.vocabulary import Outcome, ResultState, Validity

A_LATER_ONE = "A later verification of this instrument was certified."
"""Why a place gave way; translated where it is shown."""

A_LATER_FAIL = "A later verification of this instrument failed."
"""Why a place ended (TT 23/2013/TT-BKHCN, Art 20(7)); translated where it is shown."""

_later = aliased(CertificatePlace)
NOT_REPLACED = ~exists().where(
    _later.result_id == CertificatePlace.result_id,
    _later.certificate_id > CertificatePlace.certificate_id,
)
"""On the last certificate of its result: on those before it, the same result was replaced."""


class PlaceDetails(NamedTuple):
    """A place, whether its result was withdrawn, and whether its certificate was taken back."""

    place: CertificatePlace
    result_state: ResultState
    taken_back_on: date | None

    @property
    def awaits_withdrawal(self) -> bool:
        """Tell whether it still holds for a result that does not: its handler comes late."""
        return self.place.validity is Validity.LIVE and self.result_state is ResultState.WITHDRAWN


def hold(session: Session, instrument_ids: Collection[UUID]) -> None:
    """Lock instruments in key order, before their places; who only refers to one need not wait."""
    query = select(Instrument.id).where(Instrument.id.in_(instrument_ids)).order_by(Instrument.id)
    session.execute(query.with_for_update(key_share=True)).all()


def agree(session: Session, days: Mapping[UUID, date], *, by: str) -> None:
    """Let of each instrument the place of its newest verification hold, unless it failed since.

    `days` names for each instrument the day of the fact that is followed. The order of the facts
    does not matter: what is authorised or withdrawn meanwhile has a fact that comes here again.
    """
    hold(session, days)
    verdicts = due_dates.verdicts(session, list(days))
    places = _places(session, days)
    facts: list[Event] = []
    holders: list[tuple[PlaceDetails, date]] = []
    for key, on in days.items():
        if any(details.awaits_withdrawal for details in places.get(key, {}).values()):
            continue
        ended, holder = _end(places.get(key, {}), verdicts.get(key, []), on)
        facts += ended
        holders += [(holder, on)] if holder else []
    session.flush()  # what ends makes room for what holds again
    facts += [
        details.place.revive(on=on)
        for details, on in holders
        if details.place.validity in (Validity.ENDED, Validity.SUPERSEDED)
        and details.taken_back_on is None
    ]
    log.append(session, *facts, by=by)


def last_of(session: Session, certificate_id: UUID) -> list[CertificatePlace]:
    """Lock the places of a certificate that no other has replaced, in key order."""
    query = select(CertificatePlace).where(CertificatePlace.certificate_id == certificate_id)
    query = query.where(NOT_REPLACED).order_by(CertificatePlace.item_id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def give_way(place: CertificatePlace, on: date) -> Event:
    """Let a place give way to that of a later verification."""
    return place.end(Validity.SUPERSEDED, reason=A_LATER_ONE, on=on)


def _end(
    places: Mapping[UUID, PlaceDetails], verdicts: Sequence[Verdict], on: date
) -> tuple[list[Event], PlaceDetails | None]:
    """End what holds no longer, and return what should hold."""
    certified = [verdict for verdict in verdicts if verdict.result_id in places]
    if not certified:
        return [], None
    newest = certified[-1]
    holder = places[newest.result_id]
    others = (details.place for details in places.values() if details is not holder)
    facts = [give_way(place, on) for place in others if place.validity is Validity.LIVE]
    if not _failed_since(verdicts, newest):
        return facts, holder
    if holder.place.validity is Validity.LIVE:
        facts.append(holder.place.end(Validity.ENDED, reason=A_LATER_FAIL, on=on))
    return facts, None


def _failed_since(verdicts: Iterable[Verdict], newest: Verdict) -> bool:
    return any(
        verdict.outcome is Outcome.FAIL and verdict.worked > newest.worked for verdict in verdicts
    )


def _places(
    session: Session, instrument_ids: Collection[UUID]
) -> dict[UUID, dict[UUID, PlaceDetails]]:
    """Lock the places of instruments, then read them by result: a replacement may have come."""
    place = CertificatePlace
    keys = select(place.item_id).where(_of(instrument_ids))
    session.execute(keys.order_by(place.certificate_id, place.item_id).with_for_update()).all()
    query = (
        select(place.instrument_id, place, Result.state, Certificate.withdrawn_on)
        .join(Result, Result.id == place.result_id)
        .join(Certificate, Certificate.id == place.certificate_id)
        .where(_of(instrument_ids), NOT_REPLACED)
    )
    places: dict[UUID, dict[UUID, PlaceDetails]] = {}
    for row in session.execute(query.execution_options(populate_existing=True)):
        if row[0] is not None:
            places.setdefault(row[0], {})[row[1].result_id] = PlaceDetails(*row[1:])
    return places


def _of(instrument_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Reach places by way of their results' index: only those that hold have one of their own."""
    items = select(Item.id).where(Item.instrument_id.in_(instrument_ids))
    results = select(Result.id).where(Result.item_id.in_(items))
    return and_(
        CertificatePlace.result_id.in_(results), CertificatePlace.instrument_id.is_not(None)
    )
