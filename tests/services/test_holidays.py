"""Days of rest: nothing is promised for them."""

from datetime import date

from sqlalchemy import select

from lims.catalogue import service as catalogue
from lims.eventlog import log
from lims.eventlog.events import load
from lims.eventlog.log import Outgoing
from lims.settings import holidays
from lims.settings.commands import SetHoliday
from lims.settings.holidays import HolidaySet
from tests import centre
from tests.factories import TODAY


def declare(session, day, *, working=False, name="Quốc khánh"):
    command = SetHoliday(day=day, name=name, working=working, source="Thông báo")
    row = holidays.set_day(session, command, by="admin")
    session.flush()
    return row


def test_an_order_is_promised_after_the_new_year(session):
    catalogue.load(session, by="admin")
    eve = date(2026, 2, 13)

    assert holidays.working_day_after(session, eve, 5) == date(2026, 2, 27)


def test_what_is_taken_in_today_is_promised_past_a_day_of_rest(session):
    made = centre.found(session)

    def promised(prefix):
        return centre.receive(session, made, centre.brought(made, prefix, 1)).promised_on

    usual = promised("A")
    declare(session, usual)

    assert promised("B") > usual


def test_a_day_is_said_anew_and_each_time_it_is_told(session):
    first = declare(session, date(2026, 11, 23))
    second = declare(session, date(2026, 11, 23), working=True, name="Không hoán đổi")

    assert second is first
    assert [(one.name, one.working) for one in holidays.listed(session, 2026)] == [
        ("Không hoán đổi", True)
    ]
    assert holidays.listed(session, 2025) == []
    log.write(session)
    facts = [
        load(one.name, one.payload)
        for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))
    ]
    values = {"holiday_id": first.id, "day": first.day, "on": TODAY}
    assert facts == [HolidaySet(**values, working=False), HolidaySet(**values, working=True)]
