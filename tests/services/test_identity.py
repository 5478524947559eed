from datetime import date

import pytest
from sqlalchemy import select

from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.identity import service
from lims.identity.commands import AddUser
from lims.kernel.errors import Forbidden, RuleBroken
from lims.vocabulary import Act, Discipline, Field, Role
from tests import factories


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def test_a_new_person_can_be_recognised_by_the_password_only(session):
    user = service.add_user(
        session,
        AddUser(
            login="lan", full_name="Lê Thị Lan", password="đi chợ sớm mai", roles=[Role.RECEPTION]
        ),
        by="admin",
    )
    session.flush()

    assert service.recognise(session, "lan", "đi chợ sớm mai") is user
    assert service.recognise(session, "lan", "di cho som mai") is None
    assert service.recognise(session, "nobody", "đi chợ sớm mai") is None
    assert told(session) == ["identity.user_added"]


def test_a_login_is_given_once(session):
    factories.user(session, Role.ADMIN, login="lan")

    with pytest.raises(RuleBroken, match="taken") as refusal:
        service.add_user(
            session, AddUser(login="lan", full_name="x", password="y" * 12, roles=[]), by="admin"
        )

    assert refusal.value.field == "login"


def test_somebody_who_is_disabled_is_recognised_no_more(session):
    user = factories.user(session, Role.ADMIN, login="lan")

    service.disable(session, user.id, by="admin")

    assert service.recognise(session, "lan", "mật khẩu thử") is None


def test_after_five_wrong_passwords_one_has_to_wait(session):
    for _ in range(service.ATTEMPTS):
        service.require_patience(session, "lan", "10.0.0.1")
        service.count_failure(session, "lan", "10.0.0.1")
        session.flush()

    with pytest.raises(Forbidden, match="wait five minutes"):
        service.require_patience(session, "lan", "10.0.0.1")


def test_a_card_covers_its_field_between_its_days(session):
    lan = factories.user(session, Role.TECHNICIAN, login="lan")
    factories.competence(
        session,
        lan,
        Act.PERFORM,
        Discipline.VERIFICATION,
        field=Field.MASS,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
    )

    def require(field, on):
        return service.require(session, "lan", Act.PERFORM, Discipline.VERIFICATION, [field], on=on)

    assert require(Field.MASS, date(2026, 12, 31)).basis == "KĐV-001"
    with pytest.raises(Forbidden, match="no authorisation"):
        require(Field.MASS, date(2027, 1, 1))
    with pytest.raises(Forbidden, match="no authorisation"):
        require(Field.PRESSURE, date(2026, 6, 1))


def test_a_machine_asks_with_its_key(session):
    user = factories.user(session, Role.RECEPTION, login="may")

    key = service.make_token(session, user.id, label="máy quét", by="admin")
    session.flush()

    assert service.by_token(session, key) is user
    assert service.by_token(session, key + "x") is None
