"""The minutes of what was authorised together from one sheet: numbered, and fixed for printing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lims.bench import document_types
from lims.bench.events import MinutesIssued
from lims.bench.models import Minutes, Result, Sheet, SheetStandard
from lims.catalogue.models import Method
from lims.customers.models import Customer
from lims.documents import rendering, store
from lims.documents.parts import Centre, Officer
from lims.identity.models import Competence, User
from lims.kernel import numbering
from lims.kernel.db import fetch_all
from lims.kernel.words import day, say, term
from lims.marks import service as marks
from lims.reception.models import Item, Order
from lims.settings import centre
from lims.vocabulary import Act, Outcome, Place

SERIES, PREFIX = "minutes", "BB"
PAPER = "minutes"
VI = "vi"

Pair = tuple[Result, Item]

OUTCOMES: Mapping[Outcome, Literal["pass", "fail", "done", "not_performed"]] = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.MEASURED: "done",
    Outcome.NOT_PERFORMED: "not_performed",
}

CONDITIONS: Mapping[str, tuple[str, str]] = {
    "temperature": ("temperature", "°C"),
    "humidity": ("relative humidity", "%"),
    "pressure": ("air pressure", "hPa"),
}
"""The words and units of the conditions the bench asks for."""


@dataclass(frozen=True)
class _Known:
    """What the minutes of all sheets print from, read at once."""

    centre: Centre
    methods: Mapping[UUID, Method]
    requesters: Mapping[UUID, Customer]
    standards: Mapping[UUID, Sequence[SheetStandard]]
    names: Mapping[str, str]
    cards: Sequence[tuple[str, Competence]]
    stickers: Mapping[UUID, str]


def issue(
    session: Session,
    by_sheet: Mapping[UUID, Sequence[Pair]],
    orders: Mapping[UUID, Order],
    *,
    on: date,
    by: str,
) -> list[MinutesIssued]:
    """Issue the minutes of each sheet; locks the counter, so it comes last."""
    sheets = fetch_all(session, Sheet, list(by_sheet))
    known = _look_up(session, sheets, by_sheet, orders)
    numbers = numbering.take(session, SERIES, on.year, len(sheets))
    told, contents = [], []
    for sheet, taken in zip(sheets, numbers, strict=True):
        one = Minutes(
            number=numbering.spelled(PREFIX, on.year, taken),
            sheet_id=sheet.id,
            order_id=sheet.order_id,
            issued_on=on,
        )
        pairs = by_sheet[sheet.id]
        contents.append((one, _content(one, sheet, orders[sheet.order_id], pairs, known)))
        told.append(_told(one, len(pairs)))
    session.execute(insert(Minutes), [_row(one) for one, _ in contents])
    for one, content in contents:
        _fix(session, one, content, by_sheet[one.sheet_id], by=by)
    return told


def environment_said(environment: Mapping[str, str], locale: str) -> str:
    """Say the conditions of a sheet in a line."""
    said = []
    for key in sorted(environment, key=_rank):
        words, unit = CONDITIONS.get(key, (key, ""))
        said.append(f"{say(words, locale)} {_figure(environment[key], locale)} {unit}".rstrip())
    line = "; ".join(said)
    return f"{line[:1].upper()}{line[1:]}"


def _rank(condition: str) -> tuple[int, str]:
    """Put the known conditions in their order; JSON keeps none."""
    known = list(CONDITIONS)
    return (known.index(condition) if condition in known else len(known), condition)


def _figure(value: str, locale: str) -> str:
    """Write a figure as the language does, with the digits that were typed."""
    return value.replace(".", ",") if locale == VI else value


def _fix(
    session: Session,
    one: Minutes,
    content: document_types.Minutes,
    pairs: Iterable[Pair],
    *,
    by: str,
) -> None:
    rendering.check(PAPER, content)
    store.freeze(
        session,
        one.id,
        kind=PAPER,
        template=rendering.version(PAPER),
        number=one.number,
        content=content,
        on=one.issued_on,
        by=by,
    )
    for result, _ in pairs:
        result.minutes_id = one.id


def _row(one: Minutes) -> dict[str, object]:
    """Write the minutes as a row, there before the results that will name it."""
    return {column.key: getattr(one, column.key) for column in Minutes.__table__.columns}


def _told(one: Minutes, items: int) -> MinutesIssued:
    return MinutesIssued(
        minutes_id=one.id,
        number=one.number,
        order_id=one.order_id,
        items=items,
        on=one.issued_on,
    )


def _look_up(
    session: Session,
    sheets: Sequence[Sheet],
    by_sheet: Mapping[UUID, Sequence[Pair]],
    orders: Mapping[UUID, Order],
) -> _Known:
    results = [result for pairs in by_sheet.values() for result, _ in pairs]
    people = {one.performed_by for one in results} | {one.checked_by or "" for one in results}
    methods = fetch_all(session, Method, sorted({one.method_id for one in sheets}))
    requesters = fetch_all(
        session, Customer, sorted({orders[one.order_id].requester_id for one in sheets})
    )
    used: dict[UUID, list[SheetStandard]] = {one.id: [] for one in sheets}
    query = select(SheetStandard).where(SheetStandard.sheet_id.in_(used))
    for standard in session.scalars(query.order_by(SheetStandard.code)):
        used[standard.sheet_id].append(standard)
    return _Known(
        centre=centre.block(session),
        methods={one.id: one for one in methods},
        requesters={one.id: one for one in requesters},
        standards=used,
        names=_names(session, people),
        cards=_cards(session, people),
        stickers=marks.labels(session, [one.id for one in results]),
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
    return [(login, one) for login, one in session.execute(query)]


def _content(
    one: Minutes, sheet: Sheet, order: Order, pairs: Sequence[Pair], known: _Known
) -> document_types.Minutes:
    method = known.methods[sheet.method_id]
    return document_types.Minutes(
        centre=known.centre,
        number=one.number,
        kind=cast("Literal['verification', 'calibration', 'testing']", sheet.discipline.value),
        requester=known.requesters[order.requester_id].name,
        place=_place(sheet, pairs),
        method=f"{method.cited} – {method.title}",
        environment=environment_said(sheet.environment, VI) or "–",
        standards=[_standard(used) for used in known.standards[sheet.id]],
        items=[_line(pair, known) for pair in sorted(pairs, key=lambda pair: pair[1].line)],
        performed_on=day(sheet.performed_on, VI),
        performed_by=_officer(sheet, pairs, known),
        checked_by=_checkers(pairs, known),
    )


def _place(sheet: Sheet, pairs: Sequence[Pair]) -> str:
    """Name the place of use where there is one; else say laboratory or site."""
    places = {item.place_of_use for _, item in pairs if item.place_of_use}
    if sheet.place is Place.SITE and len(places) == 1:
        return places.pop()
    said = term(sheet.place, VI)
    return f"{said[:1].upper()}{said[1:]}"


def _standard(used: SheetStandard) -> document_types.StandardUsed:
    return document_types.StandardUsed(
        code=used.code,
        name=used.named,
        certificate=used.certificate,
        valid_until=day(used.due_on, VI),
    )


def _line(pair: Pair, known: _Known) -> document_types.MinutesItem:
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
    if result.id in known.stickers:
        line["sticker"] = known.stickers[result.id]
    return line


def _officer(sheet: Sheet, pairs: Sequence[Pair], known: _Known) -> Officer:
    """Name who did the work, with the card that covered it on the day."""
    officer = Officer(name=known.names.get(sheet.performed_by, sheet.performed_by))
    field = pairs[0][1].field
    for login, held in known.cards:
        mine = login == sheet.performed_by and held.discipline is sheet.discipline
        if mine and held.covers(field, sheet.performed_on):
            officer["card"] = held.basis
            break
    return officer


def _checkers(pairs: Sequence[Pair], known: _Known) -> str:
    logins = sorted({result.checked_by or "" for result, _ in pairs})
    return ", ".join(known.names.get(login, login) for login in logins)
