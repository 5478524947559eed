import pytest

from lims.identity.models import User
from lims.kernel.errors import WrongState
from lims.vocabulary import Role
from tests.factories import TODAY


def person():
    return User(login="lan", full_name="Lê Thị Lan", password="x", role_list=[Role.RECEPTION])


def test_whoever_is_disabled_is_out_everywhere_at_once():
    lan = person()

    told = lan.disable(TODAY)

    assert (lan.active, lan.epoch) == (False, 2)
    assert (told.user_id, told.login) == (lan.id, "lan")


def test_a_person_is_disabled_only_once():
    lan = person()
    lan.disable(TODAY)

    with pytest.raises(WrongState, match="disabled already"):
        lan.disable(TODAY)

    assert lan.epoch == 2
