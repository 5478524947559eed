"""The customers, standards and contracts of the demonstration centre, all invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.catalogue.models import Service
from lims.contracts import service as contracts
from lims.contracts.commands import DraftContract, NewDeliverable, NewLine
from lims.contracts.models import Contract
from lims.customers import service as customers
from lims.customers.commands import EnterCustomer
from lims.customers.models import Customer
from lims.demo.people import BY
from lims.equipment import service as equipment
from lims.equipment.commands import AddStandard
from lims.kernel import clock
from lims.settings import areas
from lims.vocabulary import ContractKind, CustomerKind, DeliverableKind, Field, Funding

BOARDS = (
    "Ban quản lý chợ Trung tâm Rạch Sỏi",
    "Ban quản lý chợ Vĩnh Thanh",
    "Ban quản lý chợ Dương Đông",
    "Ban quản lý chợ Hà Tiên",
    "Ban quản lý chợ Giồng Riềng",
)
FIRMS = (
    "Công ty TNHH Thủy sản Hòn Sóc",
    "Doanh nghiệp tư nhân xăng dầu Ba Hòn",
    "Hợp tác xã nông nghiệp Tân Hiệp A",
    "Công ty cổ phần nước mắm Phú Quốc Xanh",
    "Tiệm vàng Kim Ngân",
    "Nhà máy nước đá Minh Lương",
)
BUDGET_UNITS = ("Bệnh viện đa khoa khu vực Vĩnh Thuận", "Phòng Kinh tế huyện Hòn Đất")
WALK_INS = ("Nguyễn Văn Tám", "Trần Thị Út", "Lâm Chí Hải", "Danh Sóc Khen")
STALLHOLDERS = (
    *("Cô Bảy cá khô", "Chị Hằng trái cây", "Anh Tư thịt heo", "Dì Năm rau cải", "Bà Sáu gạo"),
    *("Chị Thủy tôm cua", "Chú Mười gà vịt", "Chị Lài bánh kẹo", "Anh Hai hải sản", "Cô Ba mắm"),
)


@dataclass(frozen=True)
class Book:
    """Who comes to this centre, what they ask for and under which contract."""

    boards: Sequence[Customer]
    firms: Sequence[Customer]
    services: dict[str, Service]
    contracts: dict[UUID, Contract]


def open_book(session: Session, random: Random) -> Book:
    """Enter customers, standards and contracts."""
    here = [area.code for area in areas.listed(session) if _stands(area, clock.today())]
    boards = [_customer(session, name, CustomerKind.BUDGET_UNIT, random, here) for name in BOARDS]
    firms = [_customer(session, name, CustomerKind.ORGANISATION, random, here) for name in FIRMS]
    firms += [
        _customer(session, name, CustomerKind.BUDGET_UNIT, random, here) for name in BUDGET_UNITS
    ]
    session.flush()
    _standards(session)
    services = {service.code: service for service in session.scalars(select(Service))}
    signed = {
        board.id: _contract(session, board, services, on_credit=rank == 0)
        for rank, board in enumerate(boards[:3])
    }
    _consulting(session, firms[3])
    return Book(boards, firms, services, signed)


def _stands(area: areas.Area, on: date) -> bool:
    begun = area.valid_from is None or area.valid_from <= on
    return begun and (area.valid_to is None or on <= area.valid_to)


def _customer(
    session: Session, name: str, kind: CustomerKind, random: Random, here: Sequence[str]
) -> Customer:
    budget_code = f"10{random.randrange(10**5):05}" if kind is CustomerKind.BUDGET_UNIT else None
    command = EnterCustomer(
        name=name,
        kind=kind,
        budget_code=budget_code,
        address="Kiên Giang (minh họa)",
        area=random.choice(here),
        phone=f"0297 38{random.randrange(10**5):05}",
    )
    return customers.enter(session, command, by=BY)


def _standards(session: Session) -> None:
    """Six standards that may be used, one about to fall due, one that has run out."""
    today = clock.today()
    for rank, (code, name, field) in enumerate(
        (
            ("QC-F2-01", "Bộ quả cân F2 (1 mg – 20 kg)", Field.MASS),
            ("QC-M1-02", "Bộ quả cân M1 20 kg", Field.MASS),
            ("AK-01", "Áp kế chuẩn 0,25 – 60 bar", Field.PRESSURE),
            ("BC-H2-01", "Bình chuẩn hạng 2, 20 L", Field.VOLUME_FLOW),
            ("CT-01", "Công tơ chuẩn cấp 0,1", Field.ELECTRICITY),
            ("TX-01", "Thiết bị kiểm định taximet", Field.LENGTH),
        )
    ):
        made = date(today.year, 1, 1) - timedelta(days=20 + rank)
        _standard(session, code, name, field, made, date(today.year, 12, 31) + timedelta(days=400))
    soon = today - timedelta(days=340)
    _standard(session, "QC-F1-03", "Quả cân F1 10 kg", Field.MASS, soon, soon + timedelta(days=730))
    old = date(today.year - 2, 5, 4)
    _standard(
        session, "NK-02", "Nhiệt kế chuẩn", Field.TEMPERATURE, old, date(today.year - 1, 5, 4)
    )


def _standard(session: Session, code: str, name: str, field: Field, made: date, due: date) -> None:
    equipment.add(
        session,
        AddStandard(
            code=code,
            name=name,
            serial=f"SN-{code}",
            field=field,
            certificate=f"MH.{code}.{made.year}",
            calibrated_by="Viện Đo lường (minh họa)",
            calibrated_on=made,
            due_on=due,
        ),
        by=BY,
    )


def _contract(
    session: Session, board: Customer, services: dict[str, Service], *, on_credit: bool
) -> Contract:
    scale = services["kd-can-dong-ho-lo-xo-30kg"]
    command = DraftContract(
        customer_id=board.id,
        kind=ContractKind.LABORATORY,
        funding=Funding.CUSTOMER,
        subject=f"Kiểm định cân chợ năm {clock.today().year}",
        on_credit=on_credit,
        valid_to=date(clock.today().year, 12, 31),
        lines=[NewLine(service_id=scale.id, quantity=300)],
    )
    contract = contracts.draft(session, command, by=BY)
    session.flush()
    return contracts.sign(session, contract.id, by=BY)


def _consulting(session: Session, firm: Customer) -> None:
    """Sign one technical-service contract; one standard and four products are accepted."""
    asked = [
        (DeliverableKind.STANDARD, "TCCS 01: Nước mắm truyền thống", 1, 3_000_000),
        (DeliverableKind.PRODUCT, "Công bố 4 sản phẩm nước mắm", 4, 1_200_000),
        (DeliverableKind.STANDARD, "TCCS 02: Nước chấm", 1, 3_000_000),
    ]
    command = DraftContract(
        customer_id=firm.id,
        kind=ContractKind.TECHNICAL,
        funding=Funding.CUSTOMER,
        subject="Tư vấn xây dựng tiêu chuẩn cơ sở",
        on_credit=True,
        valid_to=date(clock.today().year, 12, 31),
        deliverables=[
            NewDeliverable(
                kind=kind,
                title=title,
                quantity=quantity,
                amount=amount,
                vat_rate=Decimal("0.05"),
            )
            for kind, title, quantity, amount in asked
        ],
    )
    contract = contracts.draft(session, command, by=BY)
    session.flush()
    contracts.sign(session, contract.id, by=BY)
    for deliverable in contracts.deliverables_of(session, contract.id)[:2]:
        contracts.accept(session, deliverable.id, minutes="BBNT-01", by=BY)
