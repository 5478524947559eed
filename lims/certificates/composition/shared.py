"""What the certificates of a batch share: centre, signatory, cards, standards, stickers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from lims.bench.minutes.sources import People, Sources, StandardUsed
from lims.catalogue.models import InstrumentType
from lims.certificates.composition.certifiable import Draft, ResultContext
from lims.disciplines import KINDS
from lims.documents.parts import Centre, Signatory
from lims.identity import service as identity
from lims.identity.models import User
from lims.kernel.db import fetch_all
from lims.vocabulary import Act, Discipline, Field

Occasion = tuple[str, Discipline, Field, date]
"""Who worked or signed, in which discipline and field, on which day."""


@dataclass(frozen=True)
class SharedContent:
    """Everything beside the work itself that certificates print."""

    centre: Centre
    signatory: Signatory
    capacities: dict[Discipline, str]
    names: dict[str, str]
    cards: dict[Occasion, str]
    standards: Mapping[UUID, Sequence[StandardUsed]]
    stickers: Mapping[UUID, str]
    types: Mapping[UUID, InstrumentType]
    issued_on: date

    def card(self, context: ResultContext) -> str:
        """Return the card under which an item was verified (TT 24/2013/TT-BKHCN, Art 44)."""
        return self.cards[_occasion(context)]


def gather(
    session: Session, drafts: Sequence[Draft], sources: Sources, *, by: str, on: date
) -> SharedContent:
    """Take it from what was read for the minutes; raises Forbidden without an authorisation."""
    contexts = [context for draft in drafts for context in draft.contexts]
    people = sources.people
    signer = people.users[by]
    capacities = _capacities(contexts, people, signer, on)
    return SharedContent(
        centre=sources.centre,
        signatory=signatory(signer, capacities),
        capacities=capacities,
        names={login: user.full_name for login, user in people.users.items()},
        cards=_cards(contexts, people),
        standards=sources.standards,
        stickers=sources.stickers,
        types=_types(session, contexts),
        issued_on=on,
    )


def _types(session: Session, contexts: Sequence[ResultContext]) -> dict[UUID, InstrumentType]:
    keys = sorted({context.item.type_id for context in contexts if context.item.type_id})
    return {kind.id: kind for kind in fetch_all(session, InstrumentType, keys)}


def capacity(
    session: Session, user: User, discipline: Discipline, fields: Collection[Field], on: date
) -> str:
    """Say by which title and which decision a person signs; raises Forbidden where none holds."""
    held = identity.require(session, user.login, Act.SIGN, discipline, fields, on=on)
    return _capacity(user, held.basis)


def signatory(user: User, capacities: dict[Discipline, str]) -> Signatory:
    """Return what stands under the signature; without a title, the decision."""
    return Signatory(title=user.title or next(iter(capacities.values())), name=user.full_name)


def _capacities(
    contexts: Sequence[ResultContext], people: People, user: User, on: date
) -> dict[Discipline, str]:
    fields = {context.item.discipline: context.item.field for context in contexts}
    return {
        discipline: _capacity(user, _basis(people, (user.login, discipline, field, on), Act.SIGN))
        for discipline, field in sorted(fields.items())
    }


def _capacity(user: User, basis: str) -> str:
    title = " ".join(user.title.split())
    return f"{title} ({basis})" if title else basis


def _occasion(context: ResultContext) -> Occasion:
    result, item = context.result, context.item
    return (result.performed_by, item.discipline, item.field, result.performed_on)


def _cards(contexts: Sequence[ResultContext], people: People) -> dict[Occasion, str]:
    occasions = {
        _occasion(context) for context in contexts if KINDS[context.item.discipline].carded
    }
    return {occasion: _basis(people, occasion, Act.PERFORM) for occasion in occasions}


def _basis(people: People, occasion: Occasion, act: Act) -> str:
    """Name the card or decision that covered an act."""
    login, discipline, field, on = occasion
    return people.require(login, act, discipline, {field}, on=on).basis
