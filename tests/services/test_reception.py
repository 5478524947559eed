from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from lims.customers.models import Instrument
from lims.customers.registry.service import InstrumentRow
from lims.eventlog import log
from lims.eventlog.history import history
from lims.eventlog.log import Outgoing
from lims.kernel.db import reading, transaction
from lims.kernel.errors import NotFound, Refusals, RuleBroken, WrongState
from lims.reception import document_types, queries, service
from lims.reception.commands import (
    ListItems,
    NewItem,
    ReceiveOrder,
    RequestedItem,
    RequestOrder,
)
from lims.reception.intake import requests
from lims.reception.models import Item, Order
from lims.reception.new_items.building import ItemRow
from lims.vocabulary import (
    CertificateMode,
    ContractState,
    Discipline,
    Funding,
    ItemState,
    Occasion,
    Place,
)
from tests import factories


def receive(session, items, requester=None, **terms):
    terms.setdefault("place", Place.LABORATORY)
    terms.setdefault("certificate_mode", CertificateMode.LIST)
    requester = requester or factories.customer(session)
    command = ReceiveOrder(requester_id=requester.id, items=items, **terms)
    return service.receive(session, command, by="lan")


def forty(session, what=None, **said):
    what = what or factories.service(session)
    return [NewItem(service_id=what.id, serial=f"A{n:03}", **said) for n in range(1, 41)]


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def test_forty_instruments_come_in_at_once_each_known_numbered_and_told(session):
    requester = factories.customer(session, area="rach-gia")

    order = receive(session, forty(session), requester)

    items = queries.items_of(session, order.id)
    assert (order.number, order.item_count, order.received_by) == ("N26-00001", 40, "lan")
    assert [items[0].code, items[39].code] == ["N26-00001-001", "N26-00001-040"]
    assert {item.state for item in items} == {ItemState.RECEIVED}
    assert {item.area for item in items} == {"rach-gia"}
    assert len({item.instrument_id for item in items} - {None}) == 40
    names = told(session)
    assert names.count("reception.order_received") == 1
    assert names.count("reception.item_received") == 40


@pytest.mark.parametrize(("row", "model"), [(ItemRow, Item), (InstrumentRow, Instrument)])
def test_a_row_that_is_written_past_the_session_says_every_column(row, model):
    left_to_the_database = {"due_on", "due_result_id"} if model is Instrument else set()

    assert set(row.__annotations__) | left_to_the_database == set(model.__table__.columns.keys())


def test_an_instrument_that_comes_again_is_the_same_instrument(session):
    requester, what = factories.customer(session), factories.service(session)
    receive(session, [NewItem(service_id=what.id, serial="A 1")], requester)

    again = receive(session, [NewItem(service_id=what.id, serial="a 1")], requester)

    known = session.scalars(select(Instrument)).one()
    assert queries.items_of(session, again.id)[0].instrument_id == known.id


def test_the_promised_day_is_five_working_days_ahead_unless_another_is_agreed(session):
    usual = receive(session, forty(session))
    agreed = receive(session, forty(session), promised_on=date(2026, 3, 4))

    assert usual.promised_on == date(2026, 3, 10)  # Tuesday to Tuesday
    assert agreed.promised_on == date(2026, 3, 4)
    with pytest.raises(RuleBroken, match="has passed") as refusal:
        receive(session, forty(session), promised_on=date(2026, 3, 2))
    assert refusal.value.field == "promised_on"


def test_who_pays_is_the_contracts_customer_else_who_asks(session):
    requester, payer = factories.customer(session), factories.customer(session)
    contract = factories.contract(session, payer, funding=Funding.STATE)

    plain = receive(session, forty(session), requester)
    paid = receive(session, forty(session), requester, payer_id=payer.id)
    under = receive(session, forty(session), requester, contract_id=contract.id)

    assert (plain.payer_id, plain.funding) == (requester.id, Funding.CUSTOMER)
    assert paid.payer_id == payer.id
    assert (under.payer_id, under.funding) == (payer.id, Funding.STATE)


def test_a_contract_has_to_be_in_force_and_of_who_pays(session):
    requester = factories.customer(session)
    draft = factories.contract(session, requester, state=ContractState.DRAFT)
    over = factories.contract(session, requester, valid_to=date(2026, 3, 2))
    of_another = factories.contract(session)

    with pytest.raises(WrongState, match="not in force"):
        receive(session, forty(session), requester, contract_id=draft.id)
    with pytest.raises(RuleBroken, match="ran out"):
        receive(session, forty(session), requester, contract_id=over.id)
    with pytest.raises(RuleBroken, match="another payer"):
        receive(
            session,
            forty(session),
            requester,
            contract_id=of_another.id,
            payer_id=requester.id,
        )
    with pytest.raises(NotFound, match="no such contract"):
        receive(session, forty(session), requester, contract_id=requester.id)


def test_an_order_has_one_to_a_thousand_items(session):
    (one, *_) = forty(session)

    with pytest.raises(RuleBroken, match="at least one"):
        receive(session, [])
    with pytest.raises(RuleBroken, match="at most 1000"):
        receive(session, [one] * 1_001)


def test_every_impossible_row_is_named_and_nothing_is_written(session):
    what, other = factories.service(session), factories.instrument_type(session)
    technical = factories.service(session, Discipline.TECHNICAL)
    untyped = factories.service(session, type_id=None)
    nobody = factories.customer(session).id
    good = NewItem(service_id=what.id, serial="A1")
    rows = [
        good,
        replace(good, serial="a1"),
        replace(good, serial="x" * 61),
        replace(good, serial="A\0"),
        replace(good, serial="A2", type_id=other.id),
        NewItem(service_id=technical.id),
        NewItem(service_id=untyped.id, serial="A1"),
        NewItem(service_id=untyped.id, serial="A1", type_id=nobody),
        NewItem(service_id=nobody),
        replace(good, instrument_id=nobody),
    ]

    with pytest.raises(Refusals) as refusals:
        receive(session, rows)

    rows_refused = refusals.value.rows
    assert {row: refusal.field for row, refusal in rows_refused.items()} == {
        1: "serial",
        2: "serial",
        3: "serial",
        4: "type_id",
        5: "service_id",
        6: "type_id",
        7: "type_id",
        8: "service_id",
        9: "instrument_id",
    }
    assert "in row 1" in str(rows_refused[1])
    assert session.scalars(select(Item)).all() == []


def test_an_order_needs_a_customer(session):
    with pytest.raises(NotFound, match="no such customer"):
        receive(session, forty(session), factories.service(session))


def test_a_known_instrument_brings_what_the_registry_knows_of_it(session):
    what = factories.service(session)
    requester = factories.customer(session)
    receive(session, [NewItem(service_id=what.id, serial="K9", user_name="Bà Năm")], requester)
    known = session.scalars(select(Instrument)).one()

    order = receive(session, [NewItem(service_id=what.id, instrument_id=known.id)], requester)

    (item,) = queries.items_of(session, order.id)
    assert (item.serial, item.user_name, item.instrument_id) == ("K9", "Bà Năm", known.id)


def test_samples_have_a_description_and_no_occasion_and_are_not_registered(session):
    testing = factories.service(session, Discipline.TESTING)
    twice = NewItem(service_id=testing.id, serial="M1", description="Xăng RON 95, 2 lít")

    order = receive(session, [twice, twice])

    items = queries.items_of(session, order.id)
    assert {item.description for item in items} == {"Xăng RON 95, 2 lít"}
    assert {item.occasion for item in items} == {None}
    assert {item.instrument_id for item in items} == {None}


def test_what_counts_for_more_than_one_is_counted_by_its_type(session):
    weights = factories.instrument_type(session, counting_units=14)
    what = factories.service(session, type_id=weights.id)

    order = receive(
        session, [NewItem(service_id=what.id, serial="QC-1", occasion=Occasion.INITIAL)]
    )

    (item,) = queries.items_of(session, order.id)
    assert (item.units, item.occasion) == (14, Occasion.INITIAL)


def test_an_item_is_given_up_before_any_work_with_its_reason(session):
    order = receive(session, forty(session))
    first, second, *_ = queries.items_of(session, order.id)
    second.state = ItemState.RECORDED

    service.cancel_item(session, first.id, reason="nhận nhầm", by="lan")

    assert first.state is ItemState.CANCELLED
    with pytest.raises(WrongState, match="cannot be cancelled"):
        service.cancel_item(session, second.id, reason="nhận nhầm", by="lan")
    second.state = ItemState.RECEIVED  # what no fact tells is put back


def test_an_order_is_given_up_as_a_whole_or_not_at_all(session):
    order = receive(session, forty(session))
    begun, *others = queries.items_of(session, order.id)
    service.cancel_item(session, others[0].id, reason="nhận nhầm", by="lan")
    begun.state = ItemState.RECORDED
    session.flush()

    with pytest.raises(WrongState, match=f"{begun.code} has begun"):
        service.cancel(session, order.id, reason="khách rút", by="lan")
    begun.state = ItemState.RECEIVED
    service.cancel(session, order.id, reason="khách rút", by="lan")

    assert {one.state for one in queries.items_of(session, order.id)} == {ItemState.CANCELLED}
    assert told(session).count("reception.item_cancelled") == 40
    with pytest.raises(WrongState, match="cancelled already"):
        service.cancel(session, order.id, reason="khách rút", by="lan")


def test_items_go_back_together_or_not_at_all(session):
    order = receive(session, forty(session)[:3])
    items = queries.items_of(session, order.id)
    for item in items[:2]:
        service.cancel_item(session, item.id, reason="khách rút", by="lan")

    service.hand_over_items(session, order, items[:2], to="Trần Thị B", by="lan")
    with pytest.raises(Refusals) as refusals:
        service.hand_over_items(session, order, items[1:], to="Trần Thị B", by="lan")

    assert list(refusals.value.rows) == [0, 1]
    assert [item.state for item in items[:2]] == [ItemState.HANDED_OVER] * 2
    assert told(session).count("reception.item_handed_over") == 2


def requested(customer, *items):
    return RequestOrder(
        requester_id=customer.id,
        items=items,
        place=Place.LABORATORY,
        certificate_mode=CertificateMode.EACH,
    )


def test_a_machine_names_services_and_types_by_code_or_id_and_users_by_id(session):
    what, user = factories.service(session), factories.customer(session, name="Bà Năm")
    kind = session.get_one(type(what), what.id).type_id
    request = requested(
        user,
        RequestedItem(service=what.code, user_id=user.id),
        RequestedItem(service=str(what.id), type=str(kind), kind=Discipline.VERIFICATION),
    )

    first, second = requests.resolve(session, request).command.items

    assert (first.service_id, first.user_name) == (what.id, "Bà Năm")
    assert (second.service_id, second.type_id) == (what.id, kind)


def test_what_a_machine_names_wrongly_is_refused_by_its_place(session):
    what = factories.service(session)
    request = requested(
        factories.customer(session),
        RequestedItem(service="x" * 36),
        RequestedItem(service=what.code, type="none"),
        RequestedItem(service=what.code, kind=Discipline.TESTING),
        RequestedItem(service=what.code, user_id=what.id),
    )

    with pytest.raises(Refusals) as refusals:
        requests.resolve(session, request)

    fields = {row: refusal.field for row, refusal in refusals.value.rows.items()}
    assert fields == {0: "service", 1: "type", 2: "kind", 3: "user_id"}


def test_the_slip_says_who_pays_and_prints_whatever_was_typed(session):
    contract = factories.contract(session)
    what = factories.service(session)
    item = NewItem(service_id=what.id, serial="A1", condition="mất niêm phong 😀")
    order = receive(session, [item], contract_id=contract.id, note="gấp")

    content = document_types.compose_slip(session, order.id)

    assert content["payer"]["name"] != content["requester"]["name"]
    assert content["contract"] == contract.number
    assert content["items"][0]["condition"] == "mất niêm phong ?"
    assert content["promised_on"] == "10/03/2026"


def item(session, order, what, serial, **said):
    """Enter items one after the other, however fast."""
    key = UUID(int=factories.number())
    return factories.item(session, order, what, serial=serial, id=key, **said)


def test_the_slip_of_who_pays_for_their_own_names_nobody_else(session):
    order = receive(session, forty(session)[:1])

    content = document_types.compose_slip(session, order.id)

    assert "payer" not in content
    assert "contract" not in content


def newest(session, **asked):
    return [row.serial for row in queries.items(session, ListItems(**asked))]


def test_items_are_listed_by_state_and_discipline_the_latest_first(session):
    verified, tested = factories.service(session), factories.service(session, Discipline.TESTING)
    order = factories.order(session)
    for serial, what, state in [
        ("a", verified, ItemState.RECEIVED),
        ("b", tested, ItemState.RECEIVED),
        ("c", verified, ItemState.CHECKED),
        ("d", verified, ItemState.RECEIVED),
    ]:
        item(session, order, what, serial, state=state)

    assert newest(session) == ["d", "c", "b", "a"]
    assert newest(session, state=ItemState.RECEIVED) == ["d", "b", "a"]
    assert newest(session, discipline=Discipline.VERIFICATION) == ["d", "c", "a"]
    assert newest(session, state=ItemState.RECEIVED, discipline=Discipline.TESTING) == ["b"]


def test_a_list_goes_on_after_the_last_item_shown(session):
    order, what = factories.order(session), factories.service(session)
    for n in range(5):
        item(session, order, what, f"A{n}")

    first = queries.items(session, ListItems(limit=2))
    second = queries.items(session, ListItems(limit=2, after=first[1].id))
    found = queries.items(session, ListItems(q="A", limit=2))
    further = queries.items(session, ListItems(q="A", limit=2, after=found[1].id))
    of_the_order = queries.items(session, ListItems(q=order.number, after=first[3 - 1].id))

    assert [row.serial for row in first] == ["A4", "A3", "A2"]  # one more than asked for
    assert [row.serial for row in second] == ["A2", "A1", "A0"]
    assert [row.serial for row in found] == ["A0", "A1", "A2"]
    assert [row.serial for row in further] == ["A2", "A3", "A4"]
    assert [row.serial for row in of_the_order] == ["A1", "A0"]


def test_items_are_found_by_the_beginning_of_a_serial_a_code_or_an_order(session):
    order = receive(
        session, [*forty(session), NewItem(service_id=factories.service(session).id, serial="Đ-7")]
    )

    assert newest(session, q="d-") == ["Đ-7"]
    assert newest(session, q="a04") == ["A040"]
    assert newest(session, q=f"{order.number}-002".lower()) == ["A002"]
    assert len(newest(session, q=order.number)) == 41
    assert newest(session, q="04") == []
    assert newest(session, q="%") == []


def test_orders_are_found_by_number_serial_and_customer_without_accents(session):
    market = factories.customer(session, name="Chợ Rạch Sỏi", folded="cho rach soi")
    other = factories.customer(session, name="Bảy Ẩn", folded="bay an")
    first = receive(session, forty(session), market)
    second = receive(session, forty(session)[:1], other, payer_id=market.id)
    third = receive(
        session, [NewItem(service_id=factories.service(session).id, serial="Z9")], other
    )

    def numbers(q, **said):
        return [row.Order.number for row in queries.orders(session, q=q, **said)]

    assert numbers("") == [third.number, second.number, first.number]
    assert numbers("rach soi") == [second.number, first.number]
    assert numbers("a001") == [second.number, first.number]
    assert numbers("z9") == [third.number]
    assert numbers(second.number.lower()) == [second.number]
    assert numbers("rach soi", after=second.id) == [first.number]
    assert numbers("rach soi", limit=1) == [second.number, first.number]
    assert numbers("nobody") == []


def test_what_is_done_in_the_laboratory_waits_for_its_owner(session):
    inside = factories.order(session, place=Place.LABORATORY)
    outside = factories.order(session, place=Place.SITE)
    for order in (inside, inside, outside):
        factories.item(session, order, state=ItemState.AUTHORISED)

    (row,) = queries.ready(session)

    assert (row.number, row.items) == (inside.number, 2)


def test_the_history_of_an_item_shows_what_is_still_being_recorded(session):
    order = receive(session, forty(session)[:1])
    (item,) = queries.items_of(session, order.id)
    service.cancel_item(session, item.id, reason="nhận nhầm", by="lan")
    log.write(session)

    entries = history(session, item.id)

    assert {entry.fact.name for entry in entries} == {
        "reception.item_received",
        "reception.item_cancelled",
    }
    assert {entry.at for entry in entries} == {None}


def test_clerks_at_once_get_numbers_without_a_gap_and_share_the_registry(database):
    with transaction() as session:
        requester, what = factories.customer(session), factories.service(session)

    def clerk(n):
        items = [NewItem(service_id=what.id, serial=f"A{m}") for m in range(n, n + 5)]
        with transaction() as session:
            return receive(session, items, requester).number

    with ThreadPoolExecutor(6) as clerks:
        numbers = sorted(clerks.map(clerk, range(12)))

    with reading() as session:
        known = session.scalars(select(Instrument.serial)).all()
        assert len(session.scalars(select(Order)).all()) == 12
    assert [int(number[-5:]) for number in numbers] == list(range(1, 13))
    assert len(known) == len(set(known)) == 16
