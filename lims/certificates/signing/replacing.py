"""Replacing a certificate: the same results in other words, under another number.

(ISO/IEC 17025:2017, 7.8.8: what changed is shown, and the new document names the old one.)
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from lims.bench.models import Result
from lims.certificates.commands import SupersedeCertificate
from lims.certificates.composition import certifiable, composing, shared
from lims.certificates.composition.certifiable import Draft, ResultContext
from lims.certificates.composition.composing import Numbered
from lims.certificates.models import Certificate, CertificatePlace
from lims.certificates.signing import issuing
from lims.documents import rendering, store
from lims.documents.content import Content
from lims.documents.store import Document
from lims.eventlog import log
from lims.eventlog.events import Event
from lims.identity import service as identity
from lims.kernel import clock
from lims.kernel.db import fetch_all
from lims.kernel.errors import RuleBroken, WrongState
from lims.kernel.words import day, say
from lims.settings import centre
from lims.vocabulary import Validity

VI = "vi"

CORRECTABLE: dict[str, str] = {
    "name": "Name",
    "type": "Type",
    "serial": "Serial number",
    "maker": "Maker, country",
    "year": "Year of make",
    "characteristics": "Metrological characteristics",
    "user": "Used by",
    "place_of_use": "Place of use",
    "requester": "Requested by",
    "address": "Address",
    "place": "Place of the work",
    "condition": "Condition on receipt",
    "description": "Description",
    "seals": "Seals",
}
"""What may be corrected by writing; what was measured may not: that is done again."""


def replace(
    session: Session,
    old: Certificate,
    places: Sequence[CertificatePlace],
    command: SupersedeCertificate,
    *,
    by: str,
) -> Certificate:
    """Issue another certificate for what still holds on this one, and let this one give way."""
    contexts = _works(session, places)
    live = [place for place in places if place.validity is Validity.LIVE]
    if not live:
        raise WrongState(
            "Nothing on certificate %(number)s holds any more: there is nothing to replace.",
            number=old.number,
        )
    on = clock.today()
    document = document_of(session, old)
    holds = [any(place.result_id == context.result.id for place in live) for context in contexts]
    draft = Draft(
        old.kind, [context for context, held in zip(contexts, holds, strict=True) if held]
    )
    new = _certificate(session, old, draft, by=by)
    content = _content(session, old, new, document, holds, command, by=by)
    template = document.template.partition("@")[0]
    composing.require_printable([Numbered(draft, new.number, new.code, template, content)])
    facts: list[Event] = [
        place.end(Validity.SUPERSEDED, reason=command.reason, on=on) for place in live
    ]
    session.flush()  # the old places make room
    session.add(new)
    session.flush()
    facts += issuing.place_items(session, [(new, draft)], on)
    log.append(session, *facts, issuing.signed_fact(new, draft), by=by)
    issuing.freeze(session, new, rendering.version(template), content, by=by)
    return new


def document_of(session: Session, certificate: Certificate) -> Document:
    """Return the frozen paper of a certificate."""
    (document,) = (
        document
        for document in store.documents_of(session, certificate.id)
        if document.kind == composing.KIND
    )
    return document


def correctable(content: Content) -> list[tuple[str, str, str]]:
    """List what of a paper may be corrected: its place, what it is called, what it says now."""
    return [
        (place, CORRECTABLE[name], text)
        for place, name, text in _texts(content)
        if name in CORRECTABLE and not place.startswith(("centre.", "signatory.", "inspector."))
    ]


def parts(content: Content) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Sort what may be corrected: what stands once, then item by item under its serial."""
    order = list(CORRECTABLE.values())
    together: dict[str, list[tuple[str, str, str]]] = {"": []}
    for place, label, text in correctable(content):
        rank = place.split(".")[1] if place.startswith("items.") else ""
        together.setdefault(rank, []).append((place, label, text))
    return [
        (
            f"{int(rank) + 1} · {content['items'][int(rank)]['serial']}" if rank else "",
            sorted(texts, key=lambda text: order.index(text[1])),
        )
        for rank, texts in together.items()
        if texts
    ]


def _texts(content: object, at: str = "", name: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a paper; one in a list goes by the name of its list."""
    if isinstance(content, str):
        yield at, name, content
    rows = content if isinstance(content, list) else ()
    for key, inner in content.items() if isinstance(content, Mapping) else enumerate(rows):
        place = f"{at}.{key}" if at else str(key)
        yield from _texts(inner, place, key if isinstance(key, str) else name)


def _works(session: Session, places: Sequence[CertificatePlace]) -> list[ResultContext]:
    results = fetch_all(session, Result, [place.result_id for place in places])
    return sorted(certifiable.about(session, results), key=lambda context: context.item.line)


def _certificate(session: Session, old: Certificate, draft: Draft, *, by: str) -> Certificate:
    on = clock.today()
    discipline, fields = (
        draft.first.item.discipline,
        {context.item.field for context in draft.contexts},
    )
    user = identity.by_login(session, by)
    capacity = shared.capacity(session, user, discipline, fields, on)
    (number,) = issuing.numbers(session, [old.kind], on.year)
    return Certificate(
        number=number,
        kind=old.kind,
        code=issuing.new_code(),
        order_id=old.order_id,
        issued_on=on,
        signed_by=by,
        capacity=capacity,
        valid_until=draft.valid_until,
        replaces_id=old.id,
    )


def _content(
    session: Session,
    old: Certificate,
    new: Certificate,
    document: Document,
    holds: Sequence[bool],
    command: SupersedeCertificate,
    *,
    by: str,
) -> Content:
    content = document.content()
    changed = _corrected(content, command.changes)
    user = identity.by_login(session, by)
    content.update(
        {
            "centre": centre.block(session),
            "number": new.number,
            "code": new.code,
            "check_url": centre.check_url(new.code),
            "issued_on": day(new.issued_on, VI),
            "signatory": {"title": user.title or new.capacity, "name": user.full_name},
            "replaces": _replaces(old, changed, command.reason),
        }
    )
    if "items" in content:
        content["items"] = [
            line for line, held in zip(content["items"], holds, strict=True) if held
        ]
    return content


def _corrected(content: Content, changes: Mapping[str, str]) -> list[str]:
    """Write the corrections in, and say each as the new certificate shows it (7.8.8.1)."""
    may = {place: (label, text) for place, label, text in correctable(content)}
    sentences = []
    for place, text in changes.items():
        if place not in may:
            raise RuleBroken(
                "“%(place)s” cannot be corrected on a certificate: withdraw the result and have "
                "the work done again.",
                field=f"changes.{place}",
                place=place,
            )
        label, before = may[place]
        if before != text:
            sentences.append(
                f"{_which(content, place)}{say(label, VI).lower()}: “{before}” → “{text}”"
            )
    for place, text in changes.items():
        _write(content, place, text)
    return sentences


def _which(content: Content, place: str) -> str:
    """Name the line of a list by its serial."""
    if not place.startswith("items."):
        return ""
    return f"{content['items'][int(place.split('.')[1])]['serial']}, "


def _write(content: Any, place: str, text: str) -> None:  # noqa: ANN401 - JSON
    head, _, rest = place.partition(".")
    key = int(head) if isinstance(content, list) else head
    if rest:
        _write(content[key], rest, text)
    else:
        content[key] = text


def _replaces(old: Certificate, changed: Sequence[str], reason: str) -> str:
    dated = say("%(number)s of %(on)s", VI, number=old.number, on=old.issued_on)
    return ". ".join([dated, *changed, say("Reason: %(reason)s", VI, reason=reason)])
