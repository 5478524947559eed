"""Signing, taking back and replacing certificates."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import service as bench
from lims.bench.events import ResultAuthorised
from lims.bench.models import Result
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.events import CertificateLookedUp
from lims.certificates.models import LIVE, Certificate, CertificatePlace
from lims.certificates.signing import issuing, replacing
from lims.disciplines import KINDS
from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock
from lims.kernel.db import fetch
from lims.vocabulary import Outcome, ResultState, Validity

A_LATER_FAIL = "A later verification of this instrument failed."
"""Why a place ended (TT 23/2013/TT-BKHCN, Art 20(7)); translated where it is shown."""

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
        place.end(Validity.WITHDRAWN, reason=reason, on=on)
        for place in places_of(session, certificate.id, hold=True)
        if place.validity is Validity.LIVE
    ]
    log.append(session, *facts, by=by)
    return certificate


def withdraw_place(
    session: Session, result_id: UUID, *, reason: str, on: date, by: str
) -> Certificate | None:
    """Take back what a withdrawn result stood for, and a certificate that says nothing more."""
    query = select(CertificatePlace.certificate_id).where(
        LIVE, CertificatePlace.result_id == result_id
    )
    certificate_id = session.scalar(query)
    if certificate_id is None:
        return None
    certificate = fetch(session, Certificate, certificate_id, hold=True)
    live = [
        place
        for place in places_of(session, certificate_id, hold=True)
        if place.validity is Validity.LIVE
    ]
    gone = [place for place in live if place.result_id == result_id]
    facts: list[Event] = [place.end(Validity.WITHDRAWN, reason=reason, on=on) for place in gone]
    if gone and len(gone) == len(live):
        facts.append(certificate.withdraw(reason=reason, on=on))
    log.append(session, *facts, by=by)
    return certificate


def end_after_fail(session: Session, fact: ResultAuthorised, *, by: str) -> None:
    """End the verification of an instrument that failed since (TT 23/2013/TT-BKHCN, Art 20(7)).

    A fail that was withdrawn again ends nothing, nor does one that a later pass made good.
    """
    ends = fact.outcome is Outcome.FAIL and KINDS[fact.discipline].has_cycle
    if fact.instrument_id is None or not ends:
        return
    failed = fetch(session, Result, fact.result_id)
    if failed.state is not ResultState.AUTHORISED:
        return
    query = select(CertificatePlace, Result).join(Result, Result.id == CertificatePlace.result_id)
    of_it = query.where(LIVE, CertificatePlace.instrument_id == fact.instrument_id)
    for place, passed in session.execute(of_it.with_for_update(of=CertificatePlace)):
        if (passed.performed_on, passed.id) < (failed.performed_on, failed.id):
            ended = place.end(Validity.ENDED, reason=A_LATER_FAIL, on=fact.on)
            log.append(session, ended, by=by)


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
