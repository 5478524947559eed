"""What the minutes of a sheet say, composed from what the sheet stands on."""

from collections.abc import Mapping, Sequence
from typing import Literal
from uuid import UUID

from lims.bench.minutes import document_types
from lims.bench.minutes.sources import Sources, StandardUsed
from lims.bench.models import Result, WorkSheet
from lims.bench.sheets.environment import environment_text
from lims.documents.parts import Officer
from lims.kernel.words import day, term
from lims.reception.models import Item
from lims.vocabulary import Act, Outcome, Place

VI = "vi"

Pair = tuple[Result, Item]

OUTCOMES: Mapping[Outcome, Literal["pass", "fail", "done", "not_performed"]] = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.MEASURED: "done",
    Outcome.NOT_PERFORMED: "not_performed",
}


def compose(
    number: str, sheet_id: UUID, pairs: Sequence[Pair], sources: Sources
) -> document_types.Minutes:
    """Compose the minutes of one sheet."""
    sheet, method, _, requester = sources.sheets[sheet_id]
    return document_types.Minutes(
        centre=sources.centre,
        number=number,
        kind=sheet.discipline,
        requester=requester.name,
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


def _standard(used: StandardUsed) -> document_types.StandardUsed:
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
    officer = Officer(name=sources.people.name_of(sheet.performed_by))
    field = pairs[0][1].field
    held = sources.people.held(sheet.performed_by, Act.PERFORM, sheet.discipline)
    cards = [card.basis for card in held if card.covers(field, sheet.performed_on)]
    if cards:
        officer["card"] = cards[0]
    return officer


def _checkers(pairs: Sequence[Pair], sources: Sources) -> str:
    logins = sorted({result.checked_by or "" for result, _ in pairs})
    return ", ".join(sources.people.name_of(login) for login in logins)
