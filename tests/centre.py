"""A small centre at work: people with tokens, a market board, scales to verify."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.bench import service as bench
from lims.bench.commands import RecordSheet
from lims.bench.models import WorkSheet
from lims.catalogue import service as catalogue
from lims.catalogue.models import Service
from lims.certificates import service as certificates
from lims.certificates.models import Certificate
from lims.identity import service as identity
from lims.identity.models import User
from lims.kernel import clock
from lims.reception import service as reception
from lims.reception.commands import NewItem, ReceiveOrder
from lims.reception.models import Order
from lims.vocabulary import CertificateMode, Discipline, Field, Outcome, Place, Role
from tests import factories

SCALE = "kd-can-dong-ho-lo-xo-30kg"
AREA = "rach-gia"
ENVIRONMENT = {"temperature": "27.5", "humidity": "70"}
STICKERS = 9_000_000
"""Enough for whatever a test does."""


@dataclass(frozen=True)
class Hand:
    """A person of the centre, and the token a machine shows in their name."""

    login: str
    token: str
    id: UUID
    epoch: int


@dataclass(frozen=True)
class Centre:
    """What a client has to know to do the work of every role."""

    board: UUID
    service: UUID
    service_code: str
    method: UUID
    method_code: str
    standard: UUID
    standard_code: str
    hands: dict[str, Hand]


def found(session: Session) -> Centre:
    """Make the centre in an empty, migrated database."""
    catalogue.load(session, by="admin")
    service = session.scalars(select(Service).where(Service.code == SCALE)).one()
    method = catalogue.methods(
        session, Discipline.VERIFICATION, clock.today(), type_id=service.type_id
    )[0]
    standard = factories.standard(session, field=Field.MASS, due_on=factories.FAR_OFF)
    board = factories.customer(session, name="Ban quản lý chợ Rạch Giá", area=AREA)
    people = {
        "reception": factories.user(session, Role.RECEPTION, login="tiepnhan"),
        "technician": factories.technician(session),
        "checker": factories.checker(session),
        "signatory": factories.signatory(session),
        "accountant": factories.user(session, Role.ACCOUNTANT, login="ketoan"),
        "admin": factories.user(session, Role.ADMIN, login="quantri"),
    }
    factories.book(session, people["technician"], last=STICKERS)
    return Centre(
        board=board.id,
        service=service.id,
        service_code=service.code,
        method=method.id,
        method_code=method.code,
        standard=standard.id,
        standard_code=standard.code,
        hands={name: _hand(session, person) for name, person in people.items()},
    )


def _hand(session: Session, person: User) -> Hand:
    token = identity.make_token(session, person.id, label="test", by="admin")
    return Hand(person.login, token, person.id, person.epoch)


def serials(prefix: str, count: int) -> list[str]:
    """Return the serial numbers of as many scales."""
    return [f"{prefix}{rank:04}" for rank in range(1, count + 1)]


def brought(centre: Centre, prefix: str, count: int) -> list[NewItem]:
    """Say what a clerk types of scales, each with its stallholder."""
    return [
        NewItem(
            service_id=centre.service,
            serial=serial,
            user_name=f"Hộ kinh doanh {rank % 25 + 1}",
            place_of_use="Chợ Rạch Giá",
            area=AREA,
        )
        for rank, serial in enumerate(serials(prefix, count))
    ]


def receive(session: Session, centre: Centre, items: Sequence[NewItem]) -> Order:
    """Take scales in for the market board."""
    command = ReceiveOrder(
        requester_id=centre.board,
        place=Place.SITE,
        certificate_mode=CertificateMode.LIST,
        items=items,
    )
    return reception.receive(session, command, by=centre.hands["reception"].login)


def record(
    session: Session,
    centre: Centre,
    order_id: UUID,
    item_ids: Sequence[UUID],
    *,
    failed: int = 0,
    on: date | None = None,
) -> WorkSheet:
    """Verify scales: all pass, except the last few."""
    fails = item_ids[len(item_ids) - failed :]
    command = RecordSheet(
        method_id=centre.method,
        standard_ids=[centre.standard],
        performed_on=on or clock.today(),
        place=Place.SITE,
        environment=ENVIRONMENT,
        outcomes=dict.fromkeys(item_ids, Outcome.PASS) | dict.fromkeys(fails, Outcome.FAIL),
        reasons=dict.fromkeys(fails, "Vượt sai số cho phép"),
    )
    return bench.record(session, order_id, command, by=centre.hands["technician"].login)


def submit(session: Session, centre: Centre, result_ids: Sequence[UUID]) -> None:
    """Stand by results."""
    bench.submit(session, result_ids, by=centre.hands["technician"].login)


def check(session: Session, centre: Centre, result_ids: Sequence[UUID]) -> None:
    """Agree as a second person."""
    bench.check(session, result_ids, by=centre.hands["checker"].login)


def sign(session: Session, centre: Centre, result_ids: Sequence[UUID]) -> list[Certificate]:
    """Authorise and certify."""
    return certificates.sign(session, result_ids, by=centre.hands["signatory"].login)
