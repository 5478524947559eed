from datetime import date

import pytest
from sqlalchemy import select

from lims.customers import service
from lims.customers.commands import (
    Arrival,
    CorrectCustomer,
    CorrectInstrument,
    EnterCustomer,
    EnterInstrument,
)
from lims.customers.models import Customer, Instrument
from lims.customers.registry import service as registry
from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.kernel.db import new_id
from lims.kernel.errors import NotFound, RuleBroken
from lims.vocabulary import CustomerKind
from tests import factories

TODAY = factories.TODAY


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def facts(session, name):
    log.write(session)
    query = select(Outgoing.payload).where(Outgoing.name == name).order_by(Outgoing.seq)
    return list(session.scalars(query))


def add(session, name, **columns):
    columns.setdefault("kind", CustomerKind.ORGANISATION)
    return service.enter(session, EnterCustomer(name=name, **columns), by="lan")


def correct(session, customer, **columns):
    return service.correct(session, customer.id, CorrectCustomer(**columns), by="lan")


def correct_instrument(session, instrument, **columns):
    return registry.change_instrument(
        session, instrument.id, CorrectInstrument(**columns), by="lan"
    )


def arrive(session, holder, kind, *arrivals):
    return registry.register(session, holder.id, kind.id, arrivals, on=TODAY, by="lan")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, (None, None, None)),
        ({"tax_code": "0100109106"}, ("0100109106", None, None)),
        ({"tax_code": "0100109106 001"}, ("0100109106-001", None, None)),
        ({"budget_code": "1 027 321"}, (None, "1027321", None)),
        ({"personal_number": "091085001234"}, (None, None, "091085001234")),
        ({"tax_code": "", "budget_code": "", "personal_number": ""}, (None, None, None)),
    ],
)
def test_a_customer_may_have_a_tax_code_a_budget_code_a_personal_number_or_nothing(
    session, said, kept
):
    customer = add(session, "  Chợ  Rạch   Sỏi ", **said)

    assert (customer.tax_code, customer.budget_code, customer.personal_number) == kept
    assert customer.name == "Chợ Rạch Sỏi"
    assert told(session) == ["customers.customer_added"]


def test_a_mistyped_tax_code_is_refused_at_its_field(session):
    with pytest.raises(RuleBroken, match="do not fit together") as refusal:
        add(session, "Chợ Rạch Sỏi", tax_code="0100109107")

    assert refusal.value.field == "tax_code"
    assert told(session) == []


def test_a_customer_needs_a_name(session):
    with pytest.raises(RuleBroken, match="needs a name") as refusal:
        add(session, " \N{ZERO WIDTH SPACE} ")

    assert refusal.value.field == "name"


def test_a_tax_code_belongs_to_one_customer_and_the_refusal_names_it(session):
    add(session, "Công ty Cấp nước", tax_code="0100109106")

    with pytest.raises(RuleBroken, match="belongs to Công ty Cấp nước"):
        add(session, "Cấp nước Kiên Giang", tax_code="0100109106")
    with pytest.raises(RuleBroken, match="belongs to Công ty Cấp nước"):
        correct(session, add(session, "Chợ"), tax_code="0100109106")

    assert len(session.scalars(select(Customer)).all()) == 2


def test_somebody_of_the_same_name_is_noticed_whatever_the_accents_and_the_dots(session):
    add(session, "Công ty TNHH A.B (Kiên Giang)", address="Rạch Giá")

    with pytest.raises(RuleBroken, match="in the register already") as refusal:
        service.refuse_namesake(session, "CONG TY  TNHH A B Kien Giang")
    service.refuse_namesake(session, "Công ty TNHH A.C")

    assert refusal.value.field == "name"
    assert refusal.value.values["address"] == "Rạch Giá"


def test_a_change_tells_what_changed_and_can_be_found_by_the_new_name(session):
    customer = add(session, "Chợ Rạch Sỏi", phone="0297 3863 100")

    correct(session, customer, name="Chợ Tắc Cậu", phone="0297 3863 100", tax_code="")
    session.flush()

    assert [one.id for one in service.find(session, "tac cau")] == [customer.id]
    assert customer.revision == 2
    assert '"fields":"name"' in facts(session, "customers.customer_changed")[0]


def test_saving_a_customer_unchanged_tells_nothing(session):
    customer = add(session, "Chợ Rạch Sỏi")

    correct(session, customer, name="Chợ Rạch Sỏi")

    assert customer.revision == 1
    assert told(session) == ["customers.customer_added"]


@pytest.mark.parametrize(
    "q",
    [
        "cho rach",
        "RẠCH SỎI",
        "soi",
        "ban quan",
        "kien giang",
        "0100109106",
        "0100109106-001",
        "010010",
        "1027321",
        "091085001234",
        "02973863100",
        "3863.100",
    ],
)
def test_a_customer_is_found_by_beginnings_of_words_a_code_or_a_telephone(session, q):
    customer = add(
        session,
        "Ban quản lý chợ Rạch Sỏi (Kiên Giang)",
        tax_code="0100109106-001",
        budget_code="1027321",
        personal_number="091085001234",
        phone="0297.3863 100",
    )
    add(session, "Trạm xăng dầu số 5")

    assert service.find(session, q) == [customer]


@pytest.mark.parametrize("q", ["oi", "giang kien x", "", "  ", "%", "_", "12"])
def test_the_middle_of_a_word_or_a_sign_finds_nobody(session, q):
    add(session, "Chợ Rạch Sỏi", phone="0123")

    assert service.find(session, q) == []


def test_names_that_begin_with_what_was_typed_come_first(session):
    later = add(session, "An Biên, chợ")
    first = add(session, "Chợ An Biên")

    assert service.find(session, "chợ") == [first, later]
    assert service.find(session, "chợ", limit=1) == [first]


def test_the_pick_wins_over_the_text_and_the_text_over_nothing(session):
    soi = add(session, "Chợ Rạch Sỏi", tax_code="0100109106")
    gia = add(session, "Chợ Rạch Giá")

    assert service.resolve(session, gia.id, "Chợ Rạch Sỏi", field="customer") is gia
    assert service.resolve(session, None, "cho rach soi", field="customer") is soi
    assert service.resolve(session, None, "0100109106", field="customer") is soi


@pytest.mark.parametrize("text", ["Chợ Rạch", "", "0100109106", "0100109107"])
def test_a_text_that_names_nobody_is_refused_at_its_field(session, text):
    add(session, "Chợ Rạch Sỏi")

    with pytest.raises(RuleBroken, match="No customer is called") as refusal:
        service.resolve(session, None, text, field="requester_id")

    assert refusal.value.field == "requester_id"


def test_a_name_that_several_have_is_to_be_chosen_from_the_list(session):
    add(session, "Chợ Rạch Sỏi")
    add(session, "CHỢ RẠCH SỎI")

    with pytest.raises(RuleBroken, match="Several customers"):
        service.resolve(session, None, "Chợ Rạch Sỏi", field="customer")


def test_an_unknown_pick_is_not_found(session):
    with pytest.raises(NotFound):
        service.resolve(session, new_id(), "Chợ Rạch Sỏi", field="customer")


# ── Instruments ──────────────────────────────────────────────────────────────────────────────────


def test_forty_instruments_are_registered_at_once_and_known_the_next_time(session):
    holder, kind = factories.customer(session), factories.instrument_type(session)
    arrivals = [
        Arrival(serial=f"A{n:03}", user_name="Bà Tư", place_of_use="Sạp 5") for n in range(1, 41)
    ]

    first = arrive(session, holder, kind, *arrivals).ids
    again = arrive(session, holder, kind, *arrivals, Arrival(serial="a041")).ids

    assert len(first) == 40
    assert {**again, **first} == again
    assert set(again) - set(first) == {"a041"}
    assert told(session) == ["customers.instrument_registered"] * 41
    assert kind.code in facts(session, "customers.instrument_registered")[0]


def test_of_a_known_instrument_only_blanks_are_filled_in(session):
    holder, kind = factories.customer(session), factories.instrument_type(session)
    ids = arrive(session, holder, kind, Arrival(serial="A1", user_name="Bà Tư")).ids

    again = Arrival(serial="a1", user_name="Ông Năm", place_of_use="Sạp 5", area="31000")
    arrive(session, holder, kind, again)

    scale = session.get_one(Instrument, ids["a1"])
    assert (scale.serial, scale.user_name, scale.place_of_use) == ("A1", "Bà Tư", "Sạp 5")
    assert scale.area == "31000"
    assert told(session)[-1] == "customers.instrument_changed"


def test_a_scrapped_instrument_that_comes_in_is_in_use_again(session):
    holder, kind = factories.customer(session), factories.instrument_type(session)
    known = registry.add_instrument(
        session, EnterInstrument(holder_id=holder.id, type_id=kind.id, serial="A1"), by="lan"
    )
    correct_instrument(session, known, scrapped=True)

    arrive(session, holder, kind, Arrival(serial="A1"))

    assert not known.scrapped


def test_a_serial_typed_twice_is_one_instrument_and_none_is_no_instrument(session):
    holder, kind = factories.customer(session), factories.instrument_type(session)

    ids = arrive(
        session,
        holder,
        kind,
        Arrival(serial="A1", user_name="Bà Tư"),
        Arrival(serial="a1", user_name="Ông Năm"),
        Arrival(serial=""),
    ).ids

    assert list(ids) == ["a1"]
    assert session.get_one(Instrument, ids["a1"]).user_name == "Bà Tư"
    assert arrive(session, holder, kind).ids == {}


def test_the_same_serial_of_another_holder_or_type_is_another_instrument(session):
    kind, other = factories.instrument_type(session), factories.instrument_type(session)
    one, two = factories.customer(session), factories.customer(session)

    ids = {
        arrive(session, holder, of, Arrival(serial="A1")).ids["a1"]
        for holder, of in [(one, kind), (two, kind), (one, other)]
    }

    assert len(ids) == 3


def instrument(session, **columns):
    holder, kind = factories.customer(session), factories.instrument_type(session)
    columns = {"holder_id": holder.id, "type_id": kind.id, "serial": "A1"} | columns
    return registry.add_instrument(session, EnterInstrument(**columns), by="lan")


def test_an_instrument_is_entered_once_by_hand(session):
    known = instrument(session)

    with pytest.raises(RuleBroken, match="registry already") as refusal:
        instrument(session, holder_id=known.holder_id, type_id=known.type_id, serial="a1 ")

    assert refusal.value.field == "serial"


def test_an_instrument_by_hand_needs_its_serial(session):
    with pytest.raises(RuleBroken, match="serial"):
        instrument(session, serial=" ")


def test_an_instrument_that_was_sold_keeps_its_history(session):
    known = instrument(session)
    buyer = factories.customer(session)

    correct_instrument(session, known, holder_id=buyer.id)

    assert (known.holder_id, known.serial_folded, known.revision) == (buyer.id, "a1", 2)
    assert '"fields":"holder_id"' in facts(session, "customers.instrument_changed")[0]


def test_an_instrument_cannot_take_the_serial_of_its_neighbour(session):
    known = instrument(session)
    other = instrument(session, holder_id=known.holder_id, type_id=known.type_id, serial="A2")

    with pytest.raises(RuleBroken, match="registry already"):
        correct_instrument(session, other, serial="a1")
    correct_instrument(session, other, serial="a2")

    assert other.serial == "a2"


def test_saving_an_instrument_unchanged_tells_nothing(session):
    known = instrument(session)

    correct_instrument(session, known, serial="A1")

    assert told(session) == ["customers.instrument_registered"]


def test_a_due_date_is_told_once(session):
    known, result = instrument(session), new_id()

    for _ in range(2):
        registry.set_due(session, known, date(2027, 3, 31), result_id=result, on=TODAY, by="worker")

    assert (known.due_on, known.due_result_id) == (date(2027, 3, 31), result)
    assert told(session).count("customers.instrument_due_set") == 1


def test_what_falls_due_comes_in_the_order_of_the_days_page_by_page(session):
    days = [date(2026, 3, day) for day in (20, 2, 10, 10)]
    for n, day in enumerate(days):
        known = instrument(session, serial=f"A{n}", area="91" if n == 2 else "")
        registry.set_due(session, known, day, result_id=new_id(), on=TODAY, by="worker")
    gone = instrument(session, serial="B1")
    registry.set_due(session, gone, date(2026, 3, 5), result_id=new_id(), on=TODAY, by="worker")
    correct_instrument(session, gone, scrapped=True)
    instrument(session, serial="C1")
    session.flush()

    def due(**said):
        return registry.falling_due(session, until=date(2026, 3, 15), **said)

    first = due(limit=2)
    assert [one.due_on.day for one in first] == [2, 10]
    assert [one.due_on.day for one in due(after=first[-1].id)] == [10]
    assert [one.due_on.day for one in due(since=TODAY)] == [10, 10]
    assert [one.serial for one in due(area="91")] == ["A2"]


# ── Particulars ──────────────────────────────────────────────────────────────────────────────────


SCALE = {
    "manufacturer": "Cân Nhơn Hòa",
    "country": "Việt Nam",
    "model": "NHS-30",
    "year": 2021,
    "characteristics": {"max": "30"},
}


def particulars(row):
    return {name: getattr(row, name) for name in SCALE}


def test_what_is_said_of_an_instrument_that_comes_again_is_remembered(session):
    holder, kind = factories.customer(session), factories.instrument_type(session)
    first = arrive(session, holder, kind, Arrival(serial="A1", **SCALE))

    arrive(session, holder, kind, Arrival(serial="A1"))
    again = Arrival(serial="A1", model="NHS-60", characteristics={"d": "200"})
    returned = arrive(session, holder, kind, again).returned["a1"]

    assert returned.id == first.ids["a1"]
    assert particulars(returned) == SCALE | {
        "model": "NHS-60",
        "characteristics": {"max": "30", "d": "200"},
    }
    assert told(session)[-2:] == [
        "customers.instrument_registered",
        "customers.instrument_changed",
    ]
    (fact,) = facts(session, "customers.instrument_changed")
    assert '"fields":"characteristics model"' in fact
    assert "NHS" not in fact


def test_an_instrument_has_only_the_characteristics_that_its_type_lists(session):
    kind = factories.instrument_type(session)
    scale = instrument(session, type_id=kind.id, characteristics={"max": "30"})

    with pytest.raises(RuleBroken, match="has no characteristic colour") as refusal:
        instrument(session, type_id=kind.id, serial="A2", characteristics={"colour": "red"})
    with pytest.raises(RuleBroken, match="has no characteristic colour"):
        correct_instrument(session, scale, characteristics={"colour": "red"})

    assert refusal.value.field == "characteristics"


def test_what_has_a_unit_is_a_figure_and_no_instrument_is_of_a_year_to_come(session):
    kind = factories.instrument_type(session)
    scale = instrument(session, type_id=kind.id, year=2026, characteristics={"max": "0 – 30"})

    with pytest.raises(RuleBroken, match="no figure in kg") as words:
        instrument(session, type_id=kind.id, serial="A2", characteristics={"max": "ba mươi"})
    with pytest.raises(RuleBroken, match="no figure in g"):
        correct_instrument(session, scale, characteristics={"max": "0 – 30", "d": "nhỏ"})
    for refused in (
        lambda: instrument(session, type_id=kind.id, serial="A3", year=2027),
        lambda: correct_instrument(session, scale, year=2027),
    ):
        with pytest.raises(RuleBroken, match="not come yet") as year:
            refused()
        assert year.value.field == "year"

    assert words.value.field == "characteristics.max"
