"""What verification certificates say, word by word (TT 24/2013/TT-BKHCN, Art 40 and 41)."""

from collections.abc import Sequence
from datetime import date

from lims.certificates.composition import instrument
from lims.certificates.composition.certifiable import Draft, Work
from lims.certificates.composition.instrument import NOT_STATED, observed
from lims.certificates.composition.particulars import Particulars
from lims.certificates.document_types import Verification, VerificationList, VerifiedItem
from lims.documents.parts import Customer, Inspector
from lims.kernel.words import day, say, term
from lims.particulars import LABELS
from lims.settings import centre
from lims.vocabulary import Place

VI = "vi"
"""Certificates are in Vietnamese; the templates add the English of their own words."""


def verification(draft: Draft, particulars: Particulars, number: str, code: str) -> Verification:
    """Say that one instrument meets the requirements, and until when."""
    work, result, item = draft.first, draft.first.result, draft.first.item
    content = Verification(
        centre=particulars.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(particulars.issued_on, VI),
        signatory=particulars.signatory,
        name=item.description,
        type=instrument.model(work),
        serial=item.serial or NOT_STATED,
        maker=instrument.manufacturer(work),
        characteristics=instrument.characteristics(work, particulars),
        user=user(work),
        place_of_use=place_of_use(work),
        verification_kind=occasion(work),
        method=method(work),
        standards=standards(work, particulars),
        performed_on=day(result.performed_on, VI),
        valid_until=until(result.valid_until),
        inspector=inspector(work, particulars),
    )
    if result.id in particulars.stickers:
        content["sticker"] = particulars.stickers[result.id]
    if year := instrument.year(work):
        content["year"] = year
    if "seals" in result.readings:
        content["seals"] = observed(result, "seals")
    return content


def verification_list(
    draft: Draft, particulars: Particulars, number: str, code: str
) -> VerificationList:
    """Say the same of many instruments of one type, one method and one sheet."""
    work = draft.first
    return VerificationList(
        centre=particulars.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(particulars.issued_on, VI),
        signatory=particulars.signatory,
        subject=work.item.description,
        requester=work.requester.name,
        place=place_of_all(draft.works),
        verification_kind=occasion(work),
        method=method(work),
        standards=standards(work, particulars),
        performed_on=day(work.sheet.performed_on, VI),
        items=[_verified(context, particulars) for context in draft.works],
        inspector=inspector(work, particulars),
    )


def _verified(work: Work, particulars: Particulars) -> VerifiedItem:
    result, item = work.result, work.item
    line = VerifiedItem(
        name=item.description,
        type=instrument.model(work),
        serial=item.serial or NOT_STATED,
        user=user(work),
        place_of_use=place_of_use(work),
        valid_until=until(result.valid_until),
    )
    if (made := instrument.manufacturer(work)) != NOT_STATED:
        line["maker"] = made
    stated = [text for text in instrument.characteristics(work, particulars) if text != NOT_STATED]
    if year := instrument.year(work):
        stated.append(f"{say(LABELS['year'], VI)}: {year}")
    if stated:
        line["characteristics"] = "; ".join(stated)
    if result.id in particulars.stickers:
        line["sticker"] = particulars.stickers[result.id]
    return line


def user(work: Work) -> str:
    """Name who uses the instrument; where nobody is named, that is who asked."""
    return work.item.user_name or work.requester.name


def place_of_use(work: Work) -> str:
    """Say where the instrument is used."""
    return work.item.place_of_use or work.requester.address or NOT_STATED


def customer(work: Work) -> Customer:
    """Name the customer, with how to reach them (ISO/IEC 17025:2017, 7.8.2.1e)."""
    return Customer(name=work.requester.name, address=work.requester.address or NOT_STATED)


def place(work: Work) -> str:
    """Say where the work was done (ISO/IEC 17025:2017, 7.8.2.1c)."""
    if work.sheet.place is Place.LABORATORY:
        return say("At the centre's laboratory", VI)
    return say("At the place of use: %(where)s", VI, where=place_of_use(work))


def place_of_all(works: Sequence[Work]) -> str:
    """Say where a list was done: the one place of use, or where forty stalls stand together."""
    first = works[0]
    if len({place_of_use(work) for work in works}) == 1 or not first.requester.address:
        return place(first)
    if first.sheet.place is Place.LABORATORY:
        return place(first)
    return say("At the place of use: %(where)s", VI, where=first.requester.address)


def occasion(work: Work) -> str:
    """Say why it was verified (TT 23/2013/TT-BKHCN, Art 19)."""
    return term(work.item.occasion, VI).capitalize() if work.item.occasion else NOT_STATED


def method(work: Work) -> str:
    """Cite the document by which the work was done."""
    return f"{work.method.cited} – {work.method.title}"


def standards(work: Work, particulars: Particulars) -> list[str]:
    """Name the standards used, with the certificates they had that day."""
    return [
        say(
            "%(name)s, code %(code)s, certificate %(certificate)s",
            VI,
            name=standard.name,
            code=standard.code,
            certificate=standard.certificate,
        )
        for standard in particulars.standards.get(work.sheet.id, [])
    ]


def until(last: date | None) -> str:
    """Say the last day of validity; some instruments have no cycle by law."""
    return day(last, VI) if last is not None else say("no cycle prescribed", VI)


def inspector(work: Work, particulars: Particulars) -> Inspector:
    """Name who verified, and the card."""
    return Inspector(name=particulars.names[work.result.performed_by], card=particulars.card(work))
