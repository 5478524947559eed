"""The people of the demonstration centre: a login for each role, all invented."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from lims.identity import service as identity
from lims.identity.commands import AddUser, GrantCompetence
from lims.kernel import clock
from lims.marks import service as marks
from lims.marks.commands import HandOutBook
from lims.vocabulary import Act, Discipline, Role

PASSWORD = "trungtam-2017"  # noqa: S105 - invented, for the demonstration only
BY = "demo"


@dataclass(frozen=True)
class Somebody:
    """One person and what they may do."""

    login: str
    full_name: str
    title: str
    roles: tuple[Role, ...]
    act: Act | None = None
    basis: str = ""


PEOPLE = (
    Somebody("tiepnhan", "Nguyễn Thị Lan", "Nhân viên tiếp nhận", (Role.RECEPTION,)),
    Somebody(
        "kiemdinh",
        "Trần Văn Minh",
        "Kiểm định viên",
        (Role.TECHNICIAN,),
        Act.PERFORM,
        "KĐV-068-017",
    ),
    Somebody(
        "soatlai", "Lê Hoàng Phúc", "Tổ trưởng đo lường", (Role.CHECKER,), Act.CHECK, "QĐ 12/QĐ-TT"
    ),
    Somebody("ky", "Phạm Quốc Dũng", "Phó Giám đốc", (Role.SIGNATORY,), Act.SIGN, "QĐ 15/QĐ-TT"),
    Somebody("ketoan", "Huỳnh Ngọc Ánh", "Kế toán", (Role.ACCOUNTANT,)),
    Somebody("giamdoc", "Võ Thanh Sơn", "Giám đốc", (Role.DIRECTOR,)),
    Somebody("chatluong", "Đặng Thị Hồng", "Phụ trách chất lượng", (Role.QUALITY,)),
    Somebody("thanhtra", "Bùi Đức Thắng", "Thanh tra viên", (Role.INSPECTOR,)),
    Somebody("quantri", "Ngô Gia Bảo", "Quản trị hệ thống", (Role.ADMIN,)),
)

WORKED_ON = (Discipline.VERIFICATION, Discipline.CALIBRATION, Discipline.TESTING)


def logins() -> list[tuple[str, Role, str]]:
    """List the logins: name, role, password."""
    return [(person.login, person.roles[0], PASSWORD) for person in PEOPLE]


def hire(session: Session) -> None:
    """Give everybody a login, a card and sticker books."""
    for person in PEOPLE:
        user = identity.add_user(session, _login(person), by=BY)
        session.flush()
        if person.act is not None:
            _authorise(session, user.id, person.act, person.basis)
        if person.act is Act.PERFORM:
            _hand_out_stickers(session, user.id)


def _login(person: Somebody) -> AddUser:
    return AddUser(
        login=person.login,
        full_name=person.full_name,
        title=person.title,
        password=PASSWORD,
        roles=person.roles,
    )


def _authorise(session: Session, user_id: UUID, act: Act, basis: str) -> None:
    year = clock.today().year
    for discipline in WORKED_ON:
        card = GrantCompetence(
            user_id=user_id,
            act=act,
            discipline=discipline,
            basis=basis,
            valid_from=date(year - 2, 1, 1),
            valid_to=date(year + 2, 12, 31),
        )
        identity.grant(session, card, by=BY)


def _hand_out_stickers(session: Session, user_id: UUID) -> None:
    marks.hand_out(
        session,
        HandOutBook(
            holder_id=user_id,
            series=f"{clock.today().year % 100:02}V",
            first=1,
            last=20_000,
            discipline=Discipline.VERIFICATION,
        ),
        by=BY,
    )
