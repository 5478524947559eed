"""The catalogue's rules: cycles, prices and editions, without a database."""

from datetime import date
from decimal import Decimal

import pytest

from lims.catalogue.commands import CorrectMethod, CorrectService, CorrectType, SetCycle, SetPrice
from lims.catalogue.models import InstrumentType, LegalCycle, Method, Price, Service
from lims.kernel.db import new_id
from lims.kernel.errors import RuleBroken
from lims.vocabulary import Discipline, Field

TODAY = date(2026, 3, 3)


def a_type(**said):
    said = {"code": "can-ban", "name_vi": "Cân bàn", "name_en": "Platform scale"} | said
    return InstrumentType(field=Field.MASS, **said)


def a_cycle(months, **said):
    return LegalCycle(type_id=new_id(), valid_from=TODAY, months=months, source="TT", **said)


def a_service():
    return Service(
        code="kd-can-ban",
        name_vi="Kiểm định cân bàn",
        name_en="Verification: platform scale",
        discipline=Discipline.VERIFICATION,
        field=Field.MASS,
    )


def a_price(of, **said):
    said = {"valid_from": TODAY, "amount": 200_000, "vat_rate": Decimal("0.05")} | said
    return Price(service_id=of.id, source="QĐ 1", **said)


@pytest.mark.parametrize(
    ("performed_on", "months", "end_of_month", "until"),
    [
        (date(2018, 3, 10), 12, True, date(2019, 3, 31)),
        (date(2018, 3, 10), 12, False, date(2019, 3, 10)),
        (date(2024, 2, 29), 12, False, date(2025, 2, 28)),
        (date(2025, 8, 31), 6, False, date(2026, 2, 28)),
        (date(2017, 12, 1), 1, True, date(2018, 1, 31)),
        (date(2017, 5, 10), 24, True, date(2019, 5, 31)),
    ],
)
def test_validity_ends_with_the_last_month_of_the_cycle(performed_on, months, end_of_month, until):
    cycle = a_cycle(months)

    assert cycle.until(performed_on, end_of_month=end_of_month) == until


def test_changed_words_are_searched_without_accents_and_raise_the_revision():
    scale = a_type()

    told = scale.change(CorrectType(name_vi="Cân bàn điện tử"), on=TODAY)

    assert "can ban dien tu" in scale.folded
    assert scale.revision == 2
    assert (told.entry_id, told.code, told.what) == (scale.id, "can-ban", "instrument_type")


def new_cycle(cycle):
    return SetCycle(months=24, valid_from=cycle.valid_from, source="TT 04")


def new_price(price, amount=200_000, source="QĐ 2"):
    return SetPrice(
        amount=amount, vat_rate=price.vat_rate, valid_from=price.valid_from, source=source
    )


def test_a_cycle_that_was_in_force_is_history():
    cycle = LegalCycle(type_id=new_id(), valid_from=date(2020, 1, 1), months=12, source="TT 07")

    with pytest.raises(RuleBroken, match="was in force") as refusal:
        cycle.put(a_type(), new_cycle(cycle), on=TODAY)

    assert refusal.value.field == "valid_from"
    assert cycle.months == 12


def test_a_cycle_of_today_may_still_be_corrected():
    scale, cycle = a_type(), a_cycle(12)

    told = cycle.put(scale, new_cycle(cycle), on=TODAY)

    assert (cycle.months, told.months, told.code) == (24, 24, "can-ban")


def test_a_price_says_what_is_to_be_paid():
    assert a_price(a_service(), amount=30_005).gross == 31_505


def test_a_price_that_was_in_force_is_history():
    service = a_service()
    price = a_price(service, valid_from=date(2025, 1, 1))

    with pytest.raises(RuleBroken, match="was in force"):
        price.put(service, new_price(price, amount=1), on=TODAY)

    assert price.amount == 200_000


def test_only_the_source_of_an_old_price_may_be_corrected():
    service = a_service()
    price = a_price(service, valid_from=date(2025, 1, 1))

    told = price.put(service, new_price(price, source="QĐ 12/QĐ-TT"), on=TODAY)

    assert price.source == "QĐ 12/QĐ-TT"
    assert (told.amount, told.vat_rate, told.valid_from) == (200_000, "0.05", date(2025, 1, 1))


def edition(**said):
    return Method(
        code="ĐLVN 30",
        edition="2019",
        title="Cân đồng hồ lò xo",
        discipline=Discipline.VERIFICATION,
        valid_from=date(2019, 1, 1),
        **said,
    )


def test_an_edition_holds_between_its_days():
    old = edition(valid_to=date(2025, 12, 31))

    assert old.cited == "ĐLVN 30:2019"
    assert [old.holds(on) for on in (date(2018, 12, 31), date(2019, 1, 1), date(2025, 12, 31))] == [
        False,
        True,
        True,
    ]
    assert not old.holds(TODAY)


def test_an_edition_does_not_end_before_it_begins():
    method = edition()

    with pytest.raises(RuleBroken, match="last day"):
        method.change(CorrectMethod(valid_to=date(2018, 1, 1)), on=TODAY)

    assert method.valid_to is None


def test_an_edition_is_given_its_last_day():
    method = edition()

    told = method.change(CorrectMethod(valid_to=date(2026, 6, 30)), on=TODAY)

    assert method.valid_to == date(2026, 6, 30)
    assert (told.what, told.code) == ("method", "ĐLVN 30:2019")


def test_a_service_leaves_the_tariff():
    service = a_service()

    told = service.change(CorrectService(active=False), on=TODAY)

    assert not service.active
    assert (told.what, told.code) == ("service", "kd-can-ban")
