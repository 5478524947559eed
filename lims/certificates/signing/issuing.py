"""How certificates come to be: numbered, worded, frozen, each item given its place."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from operator import itemgetter
from uuid import UUID

from sqlalchemy import and_, select, union
from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.bench.service import Authorisation
from lims.certificates.composition import certifiable, composing, shared
from lims.certificates.composition.certifiable import Draft
from lims.certificates.composition.composing import Numbered
from lims.certificates.composition.shared import SharedContent
from lims.certificates.events import CertificateSigned
from lims.certificates.models import LIVE, Certificate, CertificatePlace
from lims.certificates.signing import places
from lims.documents import rendering, store
from lims.eventlog import log
from lims.eventlog.events import Event
from lims.kernel import clock, numbering
from lims.kernel.db import new_id
from lims.vocabulary import CertificateKind, ResultState

PREFIXES = {
    CertificateKind.CALIBRATION: "C",
    CertificateKind.TEST_REPORT: "T",
    CertificateKind.VERIFICATION: "V",
}
"""In the order of the names of their series, which is the order in which these are locked."""

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two that are not taken for each other, read aloud or typed on a phone."""

GROUPS, GROUP = 3, 4


def certify(session: Session, authorised: Authorisation, *, by: str) -> list[Certificate]:
    """Issue the certificates of results that were authorised in this transaction."""
    drafts = certifiable.drafts(certifiable.authorised(authorised))
    if not drafts:
        return []
    on = clock.today()
    gathered = shared.gather(session, drafts, authorised.sources, by=by, on=on)
    earlier = _earlier(session, drafts)
    newer = _newer(earlier, drafts)
    numbered = _numbered(session, drafts, gathered)
    composing.require_printable(numbered)
    facts: list[Event] = [
        places.give_way(place, on) for place, _ in earlier if place.instrument_id not in newer
    ]
    session.flush()  # the earlier places make room before the later ones are inserted
    keys = sorted(new_id() for _ in numbered)  # in the order of the numbers, within an instant too
    signed = [
        _certificate(document, gathered, by, key)
        for document, key in zip(numbered, keys, strict=True)
    ]
    session.add_all(signed)
    session.flush()
    pairs = list(zip(signed, drafts, strict=True))
    facts += place_items(session, pairs, on, newer=newer)
    log.append(session, *facts, *(signed_fact(*pair) for pair in pairs), by=by)
    editions = {
        name: rendering.version(name) for name in {document.template for document in numbered}
    }
    for document, certificate in zip(numbered, signed, strict=True):
        freeze(session, certificate, editions[document.template], document.content, by=by)
    return signed


def place_items(
    session: Session,
    signed: Iterable[tuple[Certificate, Draft]],
    on: date,
    *,
    newer: Collection[UUID] = (),
) -> list[Event]:
    """Give each item its place; of one instrument, the newest by its day of work holds.

    Where the instruments in `newer` have a newer one already, theirs give way at once.
    """
    placed = [
        (_worked(context.result), _place(certificate, context))
        for certificate, draft in signed
        for context in draft.contexts
    ]
    held: dict[UUID, CertificatePlace] = {}
    facts: list[Event] = []
    for _, place in sorted(placed, key=itemgetter(0)):
        if place.instrument_id is not None:
            if place.instrument_id in held:
                facts.append(places.give_way(held[place.instrument_id], on))
            held[place.instrument_id] = place
    facts += [places.give_way(held[key], on) for key in newer if key in held]
    session.add_all(place for _, place in placed)
    return facts


def freeze(
    session: Session,
    certificate: Certificate,
    edition: str,
    content: composing.Content,
    *,
    by: str,
) -> None:
    """Fix what a certificate says; a worker prints it."""
    store.freeze(
        session,
        certificate.id,
        kind=composing.KIND,
        template=edition,
        number=certificate.number,
        content=content,
        on=certificate.issued_on,
        by=by,
    )


def new_code() -> str:
    """Make a code that nobody can guess (60 bits), in groups that can be read aloud."""
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in secrets.token_bytes(GROUPS * GROUP))
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def numbers(session: Session, kinds: Sequence[CertificateKind], year: int) -> list[str]:
    """Take a number for each, one run per kind; taken last, in the order of the series' names."""
    runs = {
        kind: iter(numbering.take(session, f"certificate/{prefix}", year, kinds.count(kind)))
        for kind, prefix in PREFIXES.items()
        if kind in kinds
    }
    return [numbering.spelled(PREFIXES[kind], year, next(runs[kind])) for kind in kinds]


def _worked(result: Result) -> tuple[date, UUID]:
    return result.performed_on, result.id


def _newer(
    earlier: Iterable[tuple[CertificatePlace, Result]], drafts: Iterable[Draft]
) -> set[UUID]:
    """Name the instruments of which a place holds for work that was done later."""
    signed: dict[UUID | None, tuple[date, UUID]] = {}
    for context in (context for draft in drafts for context in draft.contexts):
        key = context.item.instrument_id
        signed[key] = max(signed.get(key, _worked(context.result)), _worked(context.result))
    return {
        place.instrument_id
        for place, result in earlier
        if place.instrument_id is not None
        and place.instrument_id in signed
        and result.state is ResultState.AUTHORISED
        and _worked(result) > signed[place.instrument_id]
    }


def _earlier(
    session: Session, drafts: Sequence[Draft]
) -> Sequence[tuple[CertificatePlace, Result]]:
    """Lock what may give way: live places of the same instrument, and of an item done again.

    Each of the two is answered by its own index; an OR of both would read every live place.
    """
    place = CertificatePlace
    instruments = certifiable.instruments(drafts)
    places.hold(session, instruments)
    keys = select(place.certificate_id, place.item_id).where(LIVE)
    items = [context.item.id for draft in drafts for context in draft.contexts]
    same = union(
        keys.where(place.item_id.in_(items)), keys.where(place.instrument_id.in_(instruments))
    ).subquery()
    on_it = and_(place.certificate_id == same.c.certificate_id, place.item_id == same.c.item_id)
    query = select(place, Result).join(same, on_it).join(Result, Result.id == place.result_id)
    query = query.order_by(place.certificate_id, place.item_id)
    rows = session.execute(query.with_for_update(of=place))
    return [(held, result) for held, result in rows]


def _numbered(session: Session, drafts: Sequence[Draft], gathered: SharedContent) -> list[Numbered]:
    taken = numbers(session, [draft.kind for draft in drafts], gathered.issued_on.year)
    return [
        composing.compose(draft, gathered, number, new_code())
        for draft, number in zip(drafts, taken, strict=True)
    ]


def _certificate(numbered: Numbered, gathered: SharedContent, by: str, key: UUID) -> Certificate:
    draft = numbered.draft
    return Certificate(
        number=numbered.number,
        kind=draft.kind,
        code=numbered.code,
        order_id=draft.first.order.id,
        issued_on=gathered.issued_on,
        signed_by=by,
        capacity=gathered.capacities[draft.first.item.discipline],
        valid_until=draft.valid_until,
        id=key,
    )


def _place(certificate: Certificate, context: certifiable.ResultContext) -> CertificatePlace:
    verified = certificate.kind is CertificateKind.VERIFICATION
    return CertificatePlace(
        certificate_id=certificate.id,
        item_id=context.item.id,
        result_id=context.result.id,
        instrument_id=context.item.instrument_id if verified else None,
        valid_until=context.result.valid_until,
    )


def signed_fact(certificate: Certificate, draft: Draft) -> CertificateSigned:
    """Say what was signed."""
    item = draft.first.item
    return CertificateSigned(
        certificate_id=certificate.id,
        number=certificate.number,
        kind=certificate.kind,
        order_id=certificate.order_id,
        discipline=item.discipline,
        field=item.field,
        area=draft.area,
        items=len(draft.contexts),
        replaces=certificate.replaces_id,
        on=certificate.issued_on,
    )
