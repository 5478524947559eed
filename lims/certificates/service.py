"""Signing, taking back and replacing certificates."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import due_dates
from lims.bench import service as bench
from lims.bench.events import ResultWithdrawn
from lims.bench.models import Result
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.events import CertificateLookedUp
from lims.certificates.models import Certificate, CertificatePlace
from lims.certificates.signing import issuing, places, replacing
from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import Validity

PUBLIC = "public"
"""Who asks without a login."""


def sign(session: Session, result_ids: Sequence[UUID], *, by: str) -> list[Certificate]:
    """Authorise results and certify what passed or was measured, all or nothing.

    Locks: as `bench.authorise`, then the earlier places of the instruments, then the series.
    """
    authorised = bench.authorise_with_sources(session, result_ids, by=by, on=clock.today())
    return issuing.certify(session, authorised, by=by)


def supersede(
    session: Session, certificate_id: UUID, command: SupersedeCertificate, *, by: str
) -> Certificate:
    """Replace a certificate in full by a new one that names it (ISO/IEC 17025:2017, 7.8.8.3)."""
    old = fetch(session, Certificate, certificate_id, hold=True)
    return replacing.replace(session, old, places_of(session, old.id, hold=True), command, by=by)


def withdraw(session: Session, certificate_id: UUID, *, reason: str, by: str) -> Certificate:
    """Take a certificate back; what was measured stands, the paper no longer does."""
    certificate = fetch(session, Certificate, certificate_id, hold=True)
    on = clock.today()
    facts: list[Event] = [certificate.withdraw(reason=reason, on=on)]
    facts += [
        place.take_back(reason=reason, on=on)
        for place in places.last_of(session, certificate.id)
        if place.validity is not Validity.WITHDRAWN
    ]
    log.append(session, *facts, by=by)
    return certificate


def follow_withdrawal(session: Session, fact: ResultWithdrawn, *, reason: str, by: str) -> None:
    """Take back what a result stood for, and let hold again what it had ended.

    Locks: the instrument, the certificate, then the places.
    """
    places.hold(session, due_dates.by_instrument([fact]))
    withdraw_place(session, fact.result_id, reason=reason, on=fact.on, by=by)
    follow_verdicts(session, [fact], by=by)


def follow_verdicts(session: Session, facts: Sequence[due_dates.Fact], *, by: str) -> None:
    """Make the places of instruments agree with their verdicts that stand."""
    days = {key: fact.on for key, fact in due_dates.by_instrument(facts).items()}
    if days:
        places.agree(session, days, by=by)


def withdraw_place(
    session: Session, result_id: UUID, *, reason: str, on: date, by: str
) -> Certificate | None:
    """Take back the place of a withdrawn result, and a certificate of which all were taken back.

    It may have ended or given way before: it must not hold again when what ended it is withdrawn.
    """
    query = select(CertificatePlace.certificate_id).where(
        places.NOT_REPLACED, CertificatePlace.result_id == result_id
    )
    certificate_id = session.scalar(query)
    if certificate_id is None:
        return None
    certificate = fetch(session, Certificate, certificate_id, hold=True)
    key = (certificate_id, fetch(session, Result, result_id).item_id)
    place = session.get_one(CertificatePlace, key, with_for_update=True, populate_existing=True)
    if place.validity is Validity.WITHDRAWN:
        return None
    facts: list[Event] = [place.take_back(reason=reason, on=on)]
    stands = any(
        other.validity is not Validity.WITHDRAWN for other in places_of(session, certificate_id)
    )
    if not stands and certificate.withdrawn_on is None:
        facts.append(certificate.withdraw(reason=reason, on=on))
    log.append(session, *facts, by=by)
    return certificate


def looked_up(session: Session, certificate_id: UUID, *, answer: str) -> None:
    """Note that somebody asked, and what they were told."""
    fact = CertificateLookedUp(certificate_id=certificate_id, answer=answer, on=clock.today())
    log.append(session, fact, by=PUBLIC)


def places_of(
    session: Session, certificate_id: UUID, *, hold: bool = False
) -> list[CertificatePlace]:
    """List the places on a certificate; locks in key order."""
    query = select(CertificatePlace).where(CertificatePlace.certificate_id == certificate_id)
    query = query.order_by(CertificatePlace.item_id).execution_options(populate_existing=hold)
    return list(session.scalars(query.with_for_update() if hold else query))
