"""What verification certificates say, word by word (TT 24/2013/TT-BKHCN, Art 40 and 41)."""

from collections.abc import Sequence
from datetime import date

from lims.certificates.composition import instrument
from lims.certificates.composition.certifiable import Draft, ResultContext
from lims.certificates.composition.instrument import NOT_STATED, observed
from lims.certificates.composition.shared import SharedContent
from lims.certificates.document_types import Verification, VerificationList, VerifiedItem
from lims.documents.parts import Customer, Inspector
from lims.kernel.words import day, say, term
from lims.particulars import LABELS
from lims.settings import centre
from lims.vocabulary import Place

VI = "vi"
"""Certificates are in Vietnamese; the templates add the English of their own words."""


def verification(draft: Draft, shared: SharedContent, number: str, code: str) -> Verification:
    """Say that one instrument meets the requirements, and until when."""
    context, result, item = draft.first, draft.first.result, draft.first.item
    content = Verification(
        centre=shared.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(shared.issued_on, VI),
        signatory=shared.signatory,
        name=item.description,
        type=instrument.model(context),
        serial=item.serial or NOT_STATED,
        maker=instrument.manufacturer(context),
        characteristics=instrument.characteristics(context, shared),
        user=user(context),
        place_of_use=place_of_use(context),
        verification_kind=occasion(context),
        method=method(context),
        standards=standards(context, shared),
        performed_on=day(result.performed_on, VI),
        valid_until=until(result.valid_until),
        inspector=inspector(context, shared),
    )
    if result.id in shared.stickers:
        content["sticker"] = shared.stickers[result.id]
    if year := instrument.year(context):
        content["year"] = year
    if "seals" in result.readings:
        content["seals"] = observed(result, "seals")
    return content


def verification_list(
    draft: Draft, shared: SharedContent, number: str, code: str
) -> VerificationList:
    """Say the same of many instruments of one type, one method and one sheet."""
    context = draft.first
    return VerificationList(
        centre=shared.centre,
        number=number,
        code=code,
        check_url=centre.check_url(code),
        issued_on=day(shared.issued_on, VI),
        signatory=shared.signatory,
        subject=context.item.description,
        requester=context.requester.name,
        place=place_of_all(draft.contexts),
        verification_kind=occasion(context),
        method=method(context),
        standards=standards(context, shared),
        performed_on=day(context.sheet.performed_on, VI),
        items=[_verified(context, shared) for context in draft.contexts],
        inspector=inspector(context, shared),
    )


def _verified(context: ResultContext, shared: SharedContent) -> VerifiedItem:
    result, item = context.result, context.item
    line = VerifiedItem(
        name=item.description,
        type=instrument.model(context),
        serial=item.serial or NOT_STATED,
        user=user(context),
        place_of_use=place_of_use(context),
        valid_until=until(result.valid_until),
    )
    if (made := instrument.manufacturer(context)) != NOT_STATED:
        line["maker"] = made
    stated = [text for text in instrument.characteristics(context, shared) if text != NOT_STATED]
    if year := instrument.year(context):
        stated.append(f"{say(LABELS['year'], VI)}: {year}")
    if stated:
        line["characteristics"] = "; ".join(stated)
    if result.id in shared.stickers:
        line["sticker"] = shared.stickers[result.id]
    return line


def user(context: ResultContext) -> str:
    """Name who uses the instrument; where nobody is named, that is who asked."""
    return context.item.user_name or context.requester.name


def place_of_use(context: ResultContext) -> str:
    """Say where the instrument is used."""
    return context.item.place_of_use or context.requester.address or NOT_STATED


def customer(context: ResultContext) -> Customer:
    """Name the customer, with how to reach them (ISO/IEC 17025:2017, 7.8.2.1e)."""
    return Customer(name=context.requester.name, address=context.requester.address or NOT_STATED)


def place(context: ResultContext) -> str:
    """Say where the work was done (ISO/IEC 17025:2017, 7.8.2.1c)."""
    if context.sheet.place is Place.LABORATORY:
        return say("At the centre's laboratory", VI)
    return say("At the place of use: %(where)s", VI, where=place_of_use(context))


def place_of_all(contexts: Sequence[ResultContext]) -> str:
    """Say where a list was done: the one place of use, or where forty stalls stand together."""
    first = contexts[0]
    if len({place_of_use(context) for context in contexts}) == 1 or not first.requester.address:
        return place(first)
    if first.sheet.place is Place.LABORATORY:
        return place(first)
    return say("At the place of use: %(where)s", VI, where=first.requester.address)


def occasion(context: ResultContext) -> str:
    """Say why it was verified (TT 23/2013/TT-BKHCN, Art 19)."""
    return term(context.item.occasion, VI).capitalize() if context.item.occasion else NOT_STATED


def method(context: ResultContext) -> str:
    """Cite the document by which the work was done."""
    return f"{context.method.cited} – {context.method.title}"


def standards(context: ResultContext, shared: SharedContent) -> list[str]:
    """Name the standards used, with the certificates they had that day."""
    return [
        say(
            "%(name)s, code %(code)s, certificate %(certificate)s",
            VI,
            name=standard.name,
            code=standard.code,
            certificate=standard.certificate,
        )
        for standard in shared.standards.get(context.sheet.id, [])
    ]


def until(last: date | None) -> str:
    """Say the last day of validity; some instruments have no cycle by law."""
    return day(last, VI) if last is not None else say("no cycle prescribed", VI)


def inspector(context: ResultContext, shared: SharedContent) -> Inspector:
    """Name who verified, and the card."""
    return Inspector(name=shared.names[context.result.performed_by], card=shared.card(context))
