"""What the minutes of a sheet say, composed from what the sheet stands on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench.minutes import document_types
from lims.bench.models import Result, SheetStandard, WorkSheet
from lims.bench.review.details import standards_used
from lims.bench.sheets.environment import environment_text
from lims.catalogue.models import Method
from lims.customers.models import Customer
from lims.documents.parts import Centre, Officer
from lims.identity.models import Competence, User
from lims.kernel.db import fetch_all
from lims.kernel.words import day, term
from lims.marks import service as marks
from lims.reception.models import Item, Order
from lims.settings import centre
from lims.vocabulary import Act, Outcome, Place

VI = "vi"

Pair = tuple[Result, Item]

OUTCOMES: Mapping[Outcome, Literal["pass", "fail", "done", "not_performed"]] = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.MEASURED: "done",
    Outcome.NOT_PERFORMED: "not_performed",
}


@dataclass(frozen=True)
class Sources:
    """What the minutes of all sheets print from, read at once."""

    centre: Centre
    methods: Mapping[UUID, Method]
    requesters: Mapping[UUID, Customer]
    standards: Mapping[UUID, Sequence[SheetStandard]]
    names: Mapping[str, str]
    cards: Sequence[tuple[str, Competence]]
    stickers: Mapping[UUID, str]


def look_up(
    session: Session,
    sheets: Sequence[WorkSheet],
    by_sheet: Mapping[UUID, Sequence[Pair]],
    orders: Mapping[UUID, Order],
) -> Sources:
    """Read what the minutes of all sheets print from."""
    results = [result for pairs in by_sheet.values() for result, _ in pairs]
    people = {
        person
        for result in results
        for person in (result.performed_by, result.checked_by)
        if person
    }
    methods = fetch_all(session, Method, sorted({sheet.method_id for sheet in sheets}))
    requesters = fetch_all(
        session, Customer, sorted({orders[sheet.order_id].requester_id for sheet in sheets})
    )
    return Sources(
        centre=centre.block(session),
        methods={method.id: method for method in methods},
        requesters={requester.id: requester for requester in requesters},
        standards=standards_used(session, [sheet.id for sheet in sheets]),
        names=_names(session, people),
        cards=_cards(session, people),
        stickers=marks.labels(session, [result.id for result in results]),
    )


def _names(session: Session, people: Collection[str]) -> dict[str, str]:
    query = select(User.login, User.full_name).where(User.login.in_(people))
    return {login: name for login, name in session.execute(query)}  # noqa: C416 - rows are typed


def _cards(session: Session, people: Collection[str]) -> list[tuple[str, Competence]]:
    query = (
        select(User.login, Competence)
        .join(Competence, Competence.user_id == User.id)
        .where(User.login.in_(people), Competence.act == Act.PERFORM)
        .order_by(Competence.valid_to.desc())
    )
    return [(login, competence) for login, competence in session.execute(query)]


def compose(
    number: str, sheet: WorkSheet, order: Order, pairs: Sequence[Pair], sources: Sources
) -> document_types.Minutes:
    """Compose the minutes of one sheet."""
    method = sources.methods[sheet.method_id]
    return document_types.Minutes(
        centre=sources.centre,
        number=number,
        kind=sheet.discipline.value,
        requester=sources.requesters[order.requester_id].name,
        place=_place(sheet, pairs),
        method=f"{method.cited} – {method.title}",
        environment=environment_text(sheet.environment, VI) or "–",
        standards=[_standard(used) for used in sources.standards[sheet.id]],
        items=[_line(pair, sources) for pair in sorted(pairs, key=lambda pair: pair[1].line)],
        performed_on=day(sheet.performed_on, VI),
        performed_by=_officer(sheet, pairs, sources),
        checked_by=_checkers(pairs, sources),
    )


def _place(sheet: WorkSheet, pairs: Sequence[Pair]) -> str:
    """Name the place of use where there is one; else say laboratory or site."""
    places = {item.place_of_use for _, item in pairs if item.place_of_use}
    if sheet.place is Place.SITE and len(places) == 1:
        return places.pop()
    place = term(sheet.place, VI)
    return f"{place[:1].upper()}{place[1:]}"


def _standard(used: SheetStandard) -> document_types.StandardUsed:
    return document_types.StandardUsed(
        code=used.code,
        name=used.name,
        certificate=used.certificate,
        valid_until=day(used.due_on, VI),
    )


def _line(pair: Pair, sources: Sources) -> document_types.MinutesItem:
    result, item = pair
    line = document_types.MinutesItem(
        code=item.code,
        name=item.description,
        serial=item.serial,
        user=item.user_name,
        outcome=OUTCOMES[result.outcome],
    )
    if result.reason:
        line["reason"] = result.reason
    if result.id in sources.stickers:
        line["sticker"] = sources.stickers[result.id]
    return line


def _officer(sheet: WorkSheet, pairs: Sequence[Pair], sources: Sources) -> Officer:
    """Name who did the work, with the card that covered it on the day."""
    officer = Officer(name=sources.names.get(sheet.performed_by, sheet.performed_by))
    field = pairs[0][1].field
    for login, held in sources.cards:
        mine = login == sheet.performed_by and held.discipline is sheet.discipline
        if mine and held.covers(field, sheet.performed_on):
            officer["card"] = held.basis
            break
    return officer


def _checkers(pairs: Sequence[Pair], sources: Sources) -> str:
    logins = sorted({result.checked_by or "" for result, _ in pairs})
    return ", ".join(sources.names.get(login, login) for login in logins)
