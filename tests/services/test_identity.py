from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from lims.eventlog import events, log, private
from lims.eventlog.log import Outgoing
from lims.identity import service
from lims.identity.commands import AddUser, ChangeUser, GrantCompetence
from lims.identity.events import (
    CompetenceGranted,
    TokenMade,
    TokenRevoked,
    UserAdded,
    UserChanged,
    UserDisabled,
)
from lims.identity.models import Throttle, Token
from lims.kernel import clock
from lims.kernel.errors import Forbidden, NotFound, RuleBroken
from lims.vocabulary import Act, Discipline, Field, Role
from tests import factories
from tests.conftest import NOON

TODAY = factories.TODAY


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def facts(session):
    log.write(session)
    rows = session.scalars(select(Outgoing).order_by(Outgoing.seq)).all()
    assert {row.by for row in rows} == {"admin"}
    return private.restore(session, [events.load(row.name, row.payload) for row in rows])


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


def test_a_login_is_kept_in_small_letters_and_found_however_it_is_written(session):
    asked = AddUser(login=" TiepNhan ", full_name="Lan", password="đi chợ sớm mai", roles=[])

    user = service.add_user(session, asked, by="admin")
    session.flush()

    assert user.login == "tiepnhan"
    assert facts(session)[0].login == "tiepnhan"
    for written in ("tiepnhan", "TiepNhan", "TIEPNHAN", " tiepnhan\t"):
        assert service.recognise(session, written, "đi chợ sớm mai") is user
        assert service.by_login(session, written) is user


@pytest.mark.parametrize("login", ["Lan", "LAN", " lan "])
def test_two_logins_never_differ_by_capitals_only(session, login):
    factories.user(session, Role.ADMIN, login="lan")
    asked = AddUser(login=login, full_name="x", password="y" * 12, roles=[])

    with pytest.raises(RuleBroken, match="The login lan is taken"):
        service.add_user(session, asked, by="admin")


def test_other_capitals_give_no_other_guesses(session):
    for login in ("lan", "Lan", "LAN", "lAn", " laN "):
        service.count_failure(session, login, "10.0.0.1")
        session.flush()

    with pytest.raises(Forbidden, match="wait five minutes"):
        service.require_patience(session, "LaN", "10.0.0.1")
    service.forgive(session, "LAN")
    service.require_patience(session, "lan", "10.0.0.1")


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


def test_what_is_done_with_a_person_is_written_down_as_it_was_done(session):
    asked = AddUser(
        login="lan",
        full_name="Lê Thị Lan",
        password="đi chợ sớm mai",
        roles=[Role.RECEPTION, Role.ADMIN],
        title="Nhân viên",
    )
    user = service.add_user(session, asked, by="admin")
    assert (user.full_name, user.title, user.epoch) == ("Lê Thị Lan", "Nhân viên", 1)
    assert user.role_list == ["admin", "reception"]

    changed = ChangeUser(
        full_name="Lê Lan", roles=[Role.SIGNATORY, Role.ADMIN], title="Trưởng phòng"
    )
    assert service.change_user(session, user.id, changed, by="admin") is user
    assert (user.full_name, user.title, user.epoch) == ("Lê Lan", "Trưởng phòng", 2)
    assert user.role_list == ["admin", "signatory"]

    assert service.set_password(session, user.id, password="trưa nay về quê", by="admin") is user
    assert user.epoch == 3
    assert service.recognise(session, "lan", "trưa nay về quê") is user
    assert service.recognise(session, "lan", "đi chợ sớm mai") is None

    assert service.disable(session, user.id, by="admin") is user
    assert user.epoch == 4
    assert facts(session) == [
        UserAdded(user_id=user.id, login="lan", roles="admin reception", on=TODAY),
        UserChanged(user_id=user.id, login="lan", what="roles", on=TODAY),
        UserChanged(user_id=user.id, login="lan", what="password", on=TODAY),
        UserDisabled(user_id=user.id, login="lan", on=TODAY),
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda session, key: service.change_user(
            session, key, ChangeUser(full_name="Lan", roles=[]), by="admin"
        ),
        lambda session, key: service.set_password(session, key, password="x" * 12, by="admin"),
        lambda session, key: service.disable(session, key, by="admin"),
        lambda session, key: service.make_token(session, key, label="cân", by="admin"),
        lambda session, key: service.revoke_token(session, key, by="admin"),
        lambda session, _key: service.by_login(session, "nobody"),
    ],
)
def test_nothing_is_done_with_somebody_who_is_not_here(session, act):
    with pytest.raises(NotFound):
        act(session, uuid4())


def test_a_revoked_key_asks_no_more(session):
    user = factories.user(session, Role.RECEPTION, login="may")
    key = service.make_token(session, user.id, label="máy quét", by="admin")
    session.flush()
    (token,) = session.scalars(select(Token))
    assert (token.label, token.made_at) == ("máy quét", NOON)

    assert service.revoke_token(session, token.id, by="admin") == user.id
    session.flush()

    assert service.by_token(session, key) is None
    assert facts(session) == [
        TokenMade(user_id=user.id, label="máy quét", on=TODAY),
        TokenRevoked(user_id=user.id, label="máy quét", on=TODAY),
    ]


def card(user, **particulars):
    return GrantCompetence(
        user_id=user.id,
        act=Act.SIGN,
        discipline=Discipline.CALIBRATION,
        basis="QĐ 12/2026",
        **{"valid_from": TODAY, "valid_to": TODAY, **particulars},
    )


@pytest.mark.parametrize("field", [None, Field.MASS])
def test_a_competence_is_granted_as_it_was_asked(session, field):
    user = factories.user(session, Role.SIGNATORY, login="ky")

    competence = service.grant(session, card(user, field=field), by="admin")
    session.flush()

    granted = service.require(session, "ky", Act.SIGN, Discipline.CALIBRATION, [field], on=TODAY)
    assert granted is competence
    assert facts(session) == [
        CompetenceGranted(
            user_id=user.id,
            act=Act.SIGN,
            discipline=Discipline.CALIBRATION,
            field=field,
            basis="QĐ 12/2026",
            valid_from=TODAY.isoformat(),
            valid_to=TODAY.isoformat(),
            on=TODAY,
        )
    ]


def test_a_competence_does_not_end_before_it_begins(session):
    user = factories.user(session, Role.SIGNATORY, login="ky")

    with pytest.raises(RuleBroken, match="last day") as refusal:
        service.grant(session, card(user, valid_to=TODAY - timedelta(days=1)), by="admin")

    assert refusal.value.field == "valid_to"


@pytest.mark.parametrize(
    ("act", "discipline", "field"),
    [
        (Act.PERFORM, Discipline.CALIBRATION, Field.MASS),
        (Act.SIGN, Discipline.VERIFICATION, Field.MASS),
        (Act.SIGN, Discipline.CALIBRATION, Field.PRESSURE),
    ],
)
def test_a_competence_holds_for_its_act_its_discipline_and_its_field(
    session, act, discipline, field
):
    user = factories.user(session, Role.SIGNATORY, login="ky")
    service.grant(session, card(user, field=Field.MASS), by="admin")
    session.flush()

    with pytest.raises(Forbidden) as refusal:
        service.require(session, "ky", act, discipline, [field], on=TODAY)

    assert refusal.value.values == {
        "login": "ky",
        "act": act,
        "discipline": discipline,
        "what": field,
        "on": TODAY,
    }


def test_wrong_passwords_are_forgotten_after_five_minutes_or_by_the_right_one(session):
    for _ in range(service.ATTEMPTS):
        service.count_failure(session, "lan", "10.0.0.1")
    session.flush()
    counts = {row.key: (row.failures, row.until) for row in session.scalars(select(Throttle))}
    later = NOON + service.PAUSE
    assert counts == {"login:lan": (5, later), "address:10.0.0.1": (5, later)}
    with pytest.raises(Forbidden) as refusal:
        service.require_patience(session, "lan", "10.0.0.9")
    assert refusal.value.field == "password"
    service.require_patience(session, "minh", "10.0.0.1")  # an address has ten times as many

    with clock.at(later):
        service.require_patience(session, "lan", "10.0.0.1")
        service.count_failure(session, "lan", "10.0.0.1")
        session.flush()
        assert session.get_one(Throttle, "login:lan").failures == 1
    service.forgive(session, "lan")
    assert session.scalars(select(Throttle.key)).all() == ["address:10.0.0.1"]


def test_an_address_from_which_fifty_passwords_were_wrong_has_to_wait(session):
    for number in range(service.ATTEMPTS * 10):
        service.require_patience(session, "lan", "10.0.0.1")
        service.count_failure(session, f"u{number}", "10.0.0.1")
        session.flush()

    with pytest.raises(Forbidden):
        service.require_patience(session, "lan", "10.0.0.1")


def test_people_are_named_by_login_those_who_left_too(session):
    minh = factories.user(session, Role.ADMIN, login="minh")
    lan = factories.user(session, Role.ADMIN, login="lan")
    service.disable(session, lan.id, by="admin")
    session.flush()

    assert service.listed(session) == [lan, minh]
    assert service.names(session) == {"lan": lan.full_name, "minh": minh.full_name}
    assert service.by_login(session, "lan") is lan
