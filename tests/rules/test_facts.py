"""A fact is a plain record under one lasting name."""

from dataclasses import dataclass
from datetime import datetime

import pytest

from lims.eventlog import events
from lims.eventlog.events import Event
from lims.identity.events import UserDisabled
from lims.kernel.db import Instant, new_id
from tests.factories import TODAY


def test_two_facts_cannot_have_one_name():
    with pytest.raises(TypeError, match=r"Two facts are called identity\.user_disabled"):

        @dataclass(frozen=True, kw_only=True)
        class AlsoDisabled(Event):
            name = UserDisabled.name
            about = "on"


def test_a_fact_carries_plain_values_only():
    told = UserDisabled(user_id=new_id(), login=["lan"], on=TODAY)  # a list is none

    with pytest.raises(TypeError, match="plain values"):
        events.dump(told)


def test_an_instant_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Instant().process_bind_param(datetime(2026, 3, 3, 12), None)  # noqa: DTZ001 - the point
