"""One function per thing, each making the plainest that is valid; a test says only what matters.

`build` makes it without a database; with a session it is added and flushed.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims import particulars
from lims.bench.events import ResultAuthorised
from lims.bench.models import Result, SheetStandard, WorkSheet
from lims.billing.models import Charge
from lims.catalogue.models import InstrumentType, LegalCycle, Method, Price, Service
from lims.contracts.models import Contract, ContractLine, Deliverable
from lims.customers.models import Customer, Instrument
from lims.disciplines import AT_BENCH
from lims.equipment.models import Standard
from lims.eventlog import log
from lims.identity.models import Competence, User
from lims.identity.service import HASHER
from lims.kernel.db import Base
from lims.kernel.money import vat
from lims.kernel.words import fold
from lims.marks.models import Book
from lims.reception.models import Item, Order
from lims.settings.parameters import Parameter
from lims.vocabulary import (
    Act,
    CertificateMode,
    ContractKind,
    ContractState,
    CustomerKind,
    DeliverableKind,
    Discipline,
    Field,
    Funding,
    ItemState,
    Occasion,
    Outcome,
    Place,
    ResultState,
    RevenueClass,
    Role,
)

TODAY = date(2026, 3, 3)
LONG_AGO, FAR_OFF = date(2020, 1, 1), date(2030, 12, 31)

PARTICULARS = {name: f"Ghi ở ô {name}" for name in particulars.NAMES} | {
    "year": 2021,
    particulars.CHARACTERISTICS: {"max": "30"},
}
"""Every particular that an instrument may have, each with a value."""

B = TypeVar("B", bound=Base)
_numbers = count(1)


def number() -> int:
    return next(_numbers)


@cache
def hashed(password: str) -> str:
    return HASHER.hash(password)


def save(session: Session, one: B) -> B:
    session.add(one)
    session.flush()
    return one


def user(session: Session, *roles: Role, login: str | None = None, **said: Any) -> User:
    """A person with these roles; the password is `password of LOGIN` hashed only when asked."""
    login = login or f"user{number()}"
    there = session.scalar(select(User).where(User.login == login))
    if there is not None:
        return there
    said.setdefault("full_name", f"Người {login}")
    said.setdefault("password", hashed("mật khẩu thử"))
    said.setdefault("title", "Giám đốc" if Role.SIGNATORY in roles else "")
    return save(session, User(login=login, role_list=[role.value for role in roles], **said))


def competence(
    session: Session, who: User, act: Act, discipline: Discipline, **said: Any
) -> Competence:
    said.setdefault("basis", "KĐV-001")
    said.setdefault("valid_from", LONG_AGO)
    said.setdefault("valid_to", FAR_OFF)
    return save(session, Competence(user_id=who.id, act=act, discipline=discipline, **said))


def able(session: Session, role: Role, act: Act, login: str) -> User:
    """A person who may do an act in every discipline and field."""
    who = user(session, role, login=login)
    for discipline in AT_BENCH:
        competence(session, who, act, discipline)
    return who


def technician(session: Session, login: str = "kiemdinh") -> User:
    return able(session, Role.TECHNICIAN, Act.PERFORM, login)


def checker(session: Session, login: str = "soatlai") -> User:
    return able(session, Role.CHECKER, Act.CHECK, login)


def signatory(session: Session, login: str = "giamdoc") -> User:
    return able(session, Role.SIGNATORY, Act.SIGN, login)


def book(session: Session, holder: User, **said: Any) -> Book:
    said.setdefault("series", f"26V{number()}")
    said.setdefault("first", 1)
    said.setdefault("last", 1000)
    said.setdefault("next", said["first"])
    said.setdefault("discipline", Discipline.VERIFICATION)
    return save(session, Book(holder_id=holder.id, handed_out_on=LONG_AGO, **said))


CHARACTERISTICS = [
    {"code": "max", "name_vi": "Mức cân lớn nhất", "name_en": "Maximum capacity", "unit": "kg"},
    {"code": "d", "name_vi": "Giá trị độ chia", "name_en": "Scale interval", "unit": "g"},
]


def instrument_type(session: Session, *, months: int | None = 24, **said: Any) -> InstrumentType:
    said.setdefault("code", f"CDH{number()}")
    said.setdefault("name_vi", "Cân đồng hồ lò xo")
    said.setdefault("name_en", "spring dial scale")
    said.setdefault("field", Field.MASS)
    said.setdefault("characteristics", CHARACTERISTICS)
    said.setdefault("folded", fold(f"{said['code']} {said['name_vi']} {said['name_en']}"))
    made = save(session, InstrumentType(**said))
    if months:
        save(
            session,
            LegalCycle(
                type_id=made.id, valid_from=LONG_AGO, months=months, source="TT 23/2013/TT-BKHCN"
            ),
        )
    return made


def method(
    session: Session, discipline: Discipline = Discipline.VERIFICATION, **said: Any
) -> Method:
    said.setdefault("code", f"ĐLVN {number()}")
    said.setdefault("edition", "2019")
    said.setdefault("title", "Cân đồng hồ lò xo. Quy trình kiểm định")
    said.setdefault("valid_from", LONG_AGO)
    return save(session, Method(discipline=discipline, **said))


def service(
    session: Session,
    discipline: Discipline = Discipline.VERIFICATION,
    *,
    amount: int = 30_000,
    vat_rate: str = "0.05",
    charged_on_fail: bool = True,
    **said: Any,
) -> Service:
    """A line of the tariff with its price, its method and, for instruments, its type."""
    if discipline is not Discipline.TESTING and "type_id" not in said:
        said["type_id"] = instrument_type(session).id
    said.setdefault("method_id", method(session, discipline).id)
    said.setdefault("code", f"DV{number()}")
    said.setdefault("name_vi", "Kiểm định cân đồng hồ lò xo đến 30 kg")
    said.setdefault("name_en", "Verification of a spring dial scale up to 30 kg")
    said.setdefault("field", Field.MASS)
    said.setdefault("folded", fold(f"{said['code']} {said['name_vi']} {said['name_en']}"))
    made = save(session, Service(discipline=discipline, **said))
    save(
        session,
        Price(
            service_id=made.id,
            valid_from=LONG_AGO,
            amount=amount,
            vat_rate=Decimal(vat_rate),
            source="QĐ giá thử",
            charged_on_fail=charged_on_fail,
        ),
    )
    return made


def standard(session: Session, **said: Any) -> Standard:
    said.setdefault("code", f"CH{number()}")
    said.setdefault("name", "Bộ quả cân F2")
    said.setdefault("serial", "QC-01")
    said.setdefault("field", Field.MASS)
    said.setdefault("certificate", "V01.CN5.0001.25")
    said.setdefault("calibrated_by", "Viện Đo lường Việt Nam")
    said.setdefault("calibrated_on", date(2025, 12, 1))
    said.setdefault("due_on", date(2026, 12, 1))
    return save(session, Standard(**said))


def customer(session: Session, **said: Any) -> Customer:
    said.setdefault("name", f"Ban quản lý chợ số {number()}")
    said.setdefault("kind", CustomerKind.ORGANISATION)
    said.setdefault("address", "Rạch Giá, Kiên Giang")
    said.setdefault("folded", fold(said["name"]))
    return save(session, Customer(**said))


def contract(session: Session, buyer: Customer | None = None, **said: Any) -> Contract:
    """A signed contract without lines."""
    buyer = buyer or customer(session)
    said.setdefault("kind", ContractKind.LABORATORY)
    said.setdefault("funding", Funding.CUSTOMER)
    said.setdefault("subject", "Kiểm định cân chợ")
    said.setdefault("number", f"HD26-{number():05}")
    said.setdefault("state", ContractState.SIGNED)
    said.setdefault("signed_on", LONG_AGO)
    return save(session, Contract(customer_id=buyer.id, **said))


def contract_line(session: Session, of: Contract, what: Service, **said: Any) -> ContractLine:
    said.setdefault("position", 1)
    said.setdefault("quantity", 40)
    said.setdefault("unit_price", 30_000)
    said.setdefault("vat_rate", Decimal("0.05"))
    return save(session, ContractLine(contract_id=of.id, service_id=what.id, **said))


def order(session: Session, requester: Customer | None = None, **said: Any) -> Order:
    requester = requester or customer(session)
    said.setdefault("number", f"N26-{number():05}")
    said.setdefault("payer_id", requester.id)
    said.setdefault("funding", Funding.CUSTOMER)
    said.setdefault("place", Place.SITE)
    said.setdefault("certificate_mode", CertificateMode.LIST)
    said.setdefault("received_on", TODAY)
    said.setdefault("promised_on", TODAY)
    said.setdefault("received_by", "tiepnhan")
    said.setdefault("item_count", 1)
    return save(session, Order(requester_id=requester.id, **said))


def item(
    session: Session, of: Order | None = None, what: Service | None = None, **said: Any
) -> Item:
    of = of or order(session)
    what = what or service(session)
    said.setdefault("line", number())
    said.setdefault("code", f"{of.number}-{said['line']:03}")
    said.setdefault("serial", f"A{said['line']:03}")
    said.setdefault("serial_folded", fold(said["serial"]))
    said.setdefault("discipline", what.discipline)
    said.setdefault("field", what.field)
    said.setdefault("type_id", what.type_id)
    said.setdefault("description", "Cân đồng hồ lò xo")
    said.setdefault("received_on", of.received_on)
    if what.discipline is Discipline.VERIFICATION:
        said.setdefault("occasion", Occasion.PERIODIC)
    return save(session, Item(order_id=of.id, service_id=what.id, **said))


def sheet(session: Session, of: Order, by: str = "kiemdinh", **said: Any) -> WorkSheet:
    """A sheet of work with one standard used."""
    said.setdefault("discipline", Discipline.VERIFICATION)
    said.setdefault("method_id", method(session).id)
    said.setdefault("performed_on", TODAY)
    said.setdefault("place", Place.SITE)
    said.setdefault("environment", {"temperature": "27.5", "humidity": "70"})
    made = save(session, WorkSheet(order_id=of.id, performed_by=by, **said))
    used = standard(session)
    row = SheetStandard(
        sheet_id=made.id,
        standard_id=used.id,
        code=used.code,
        name=used.name,
        certificate=used.certificate,
        due_on=used.due_on,
    )
    save(session, row)
    return made


STATE_OF_ITEM = {
    ResultState.DRAFT: ItemState.RECORDED,
    ResultState.SUBMITTED: ItemState.SUBMITTED,
    ResultState.CHECKED: ItemState.CHECKED,
    ResultState.AUTHORISED: ItemState.AUTHORISED,
}


def result(
    session: Session,
    of: Item | None = None,
    on: WorkSheet | None = None,
    *,
    state: ResultState = ResultState.DRAFT,
    **said: Any,
) -> Result:
    """A result in a state, its item moved along with it."""
    of = of or item(session)
    on = on or sheet(session, session.get_one(Order, of.order_id))
    said.setdefault("outcome", Outcome.PASS)
    said.setdefault("performed_by", on.performed_by)
    said.setdefault("performed_on", on.performed_on)
    if state in (ResultState.CHECKED, ResultState.AUTHORISED):
        said.setdefault("checked_by", "soatlai")
    if state is ResultState.AUTHORISED:
        said.setdefault("authorised_by", "giamdoc")
        said.setdefault("authorised_on", TODAY)
    of.state = STATE_OF_ITEM.get(state, of.state)
    return save(session, Result(item_id=of.id, sheet_id=on.id, state=state, **said))


def key() -> str:
    return str(uuid4())


def parameter(session: Session, name: str, value: str, **said: Any) -> Parameter:
    said.setdefault("valid_from", LONG_AGO)
    said.setdefault("source", "QĐ thử")
    return save(session, Parameter(name=name, value=value, **said))


def books(session: Session) -> None:
    """What the centre must have entered before it can issue an invoice."""
    parameter(session, "invoice.form", "1")
    parameter(session, "invoice.series", "C26TAA")
    parameter(session, "centre.tax_code", "1700000001")


def authorised(session: Session, of: Item, **said: Any) -> tuple[Result, ResultAuthorised]:
    """A result that the centre has just authorised, with the fact of it."""
    made = result(session, of, state=ResultState.CHECKED, **said)
    order_of = session.get_one(Order, of.order_id)
    told = made.authorise(of, order_of, valid_until=None, by="giamdoc", on=TODAY)
    log.append(session, told, by="giamdoc")
    session.flush()
    return made, told


def charge(session: Session, payer: Customer, **said: Any) -> Charge:
    """The price of a piece of work nobody asks about further."""
    said.setdefault("source_id", uuid4())
    said.setdefault("description", "Kiểm định cân đồng hồ lò xo đến 30 kg")
    said.setdefault("unit", "phương tiện đo")
    said.setdefault("discipline", Discipline.VERIFICATION)
    said.setdefault("field", Field.MASS)
    said.setdefault("revenue_class", RevenueClass.SERVICES)
    said.setdefault("quantity", 1)
    said.setdefault("unit_price", 30_000)
    said.setdefault("net", said["quantity"] * said["unit_price"])
    said.setdefault("vat_rate", Decimal("0.05"))
    said.setdefault("vat", vat(said["net"], said["vat_rate"]))
    said.setdefault("earned_on", TODAY)
    return save(session, Charge(payer_id=payer.id, **said))


def deliverable(session: Session, of: Contract, **said: Any) -> Deliverable:
    said.setdefault("kind", DeliverableKind.STANDARD)
    said.setdefault("title", "TCCS 26:2017/XXX Nước mắm")
    said.setdefault("quantity", 1)
    said.setdefault("amount", 5_000_000)
    said.setdefault("vat_rate", Decimal("0.05"))
    return save(session, Deliverable(contract_id=of.id, **said))


def instrument(session: Session, holder: Customer, kind: InstrumentType, **said: Any) -> Instrument:
    said.setdefault("serial", f"S{number():05}")
    said.setdefault("serial_folded", fold(said["serial"]))
    return save(session, Instrument(holder_id=holder.id, type_id=kind.id, **said))


def done(
    session: Session,
    count: int = 1,
    *,
    fails: int = 0,
    state: ResultState = ResultState.CHECKED,
    of: Order | None = None,
    registered: Sequence[Instrument] = (),
    **said: Any,
) -> list[Result]:
    """A sheet of verifications of one type, the first of which failed; each of an instrument."""
    requester = customer(session)
    of = of or order(session, requester, item_count=count, **said)
    what = service(session)
    on = sheet(session, of)
    kind = session.get_one(InstrumentType, what.type_id)
    made = []
    for rank in range(count):
        one = registered[rank] if rank < len(registered) else instrument(session, requester, kind)
        thing = item(
            session,
            of,
            what,
            instrument_id=one.id,
            serial=one.serial,
            state=STATE_OF_ITEM[state],
        )
        failed = {"outcome": Outcome.FAIL, "reason": "sai số vượt giới hạn"}
        verdict = failed if rank < fails else {"valid_until": date(2028, 3, 31)}
        if state is not ResultState.AUTHORISED:
            verdict.pop("valid_until", None)
        made.append(result(session, thing, on, state=state, **verdict))
    return made
