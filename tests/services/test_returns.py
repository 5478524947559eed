"""What goes back: by ticks, in parts, paid for, each return under a number of its own."""

import pytest
from sqlalchemy import select

from lims.billing import service
from lims.billing.commands import HandOverItems
from lims.billing.returns import order_items, paper
from lims.documents import rendering
from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.kernel.errors import Refusals, RuleBroken
from lims.reception import service as reception
from lims.reception.models import HandedOverItem, HandOver
from lims.vocabulary import ItemState, Outcome, ResultState
from tests import factories
from tests.factories import TODAY


@pytest.fixture
def mixed(session):
    """An order on credit: passed, failed, not performed, given up, and one still at the bench."""
    buyer = factories.customer(session, name="Chợ Rạch Sỏi")
    contract = factories.contract(session, buyer, on_credit=True)
    order = factories.order(session, buyer, contract_id=contract.id, item_count=5)
    items = [factories.item(session, order, line=line) for line in range(1, 6)]
    factories.authorised(session, items[0])
    factories.authorised(session, items[1], outcome=Outcome.FAIL, reason="quá sai số")
    factories.authorised(session, items[2], outcome=Outcome.NOT_PERFORMED, reason="mất điện")
    reception.cancel_item(session, items[3].id, reason="khách rút", by="tiepnhan")
    return order, items


def give_back(session, order, *items, to="Bà Sáu"):
    ids = tuple(item.id for item in items)
    return service.hand_over(session, order.id, HandOverItems(to=to, item_ids=ids), by="tiepnhan")


def test_a_part_goes_back_today_and_the_rest_later_each_under_its_own_act(session, mixed):
    order, items = mixed

    first = give_back(session, order, items[0], items[1])
    second = service.hand_over(session, order.id, HandOverItems(to="Ông Hai"), by="tiepnhan")

    assert (first.number, second.number) == (f"{order.number}-BG1", f"{order.number}-BG2")
    assert (first.receiver, second.receiver) == ("Bà Sáu", "Ông Hai")
    rows = session.execute(select(HandedOverItem.item_id, HandedOverItem.hand_over_id)).all()
    acts = dict(map(tuple, rows))
    assert [acts.get(item.id) for item in items] == [*[first.id] * 2, *[second.id] * 2, None]
    assert [item.state for item in items] == [*[ItemState.HANDED_OVER] * 4, ItemState.RECEIVED]
    assert [made.id for made in order_items.hand_overs(session, order.id)] == [first.id, second.id]
    log.write(session)
    names = [*session.scalars(select(Outgoing.name))]
    assert names.count("reception.items_handed_over") == 2
    assert names.count("reception.item_handed_over") == 4


def test_what_is_ticked_and_not_done_is_refused_by_itself_and_nothing_goes_back(session, mixed):
    order, items = mixed

    with pytest.raises(Refusals) as refusals:
        give_back(session, order, items[0], items[4])

    assert list(refusals.value.rows) == [1]


def test_nothing_of_another_order_goes_back_with_this_one(session, mixed):
    order, items = mixed
    stranger = factories.item(session)

    with pytest.raises(RuleBroken, match="are not of order") as refusal:
        give_back(session, order, items[0], stranger)

    assert refusal.value.field == "item_ids"
    assert session.scalars(select(HandOver)).all() == []


def test_no_part_goes_back_before_the_whole_order_is_paid(session):
    order = factories.order(session, item_count=2)
    items = [factories.item(session, order, line=line) for line in (1, 2)]
    for item in items:
        factories.authorised(session, item, outcome=Outcome.NOT_PERFORMED)
    buyer = order.payer_id
    factories.charge(session, session.get_one(factories.Customer, buyer), order_id=order.id)

    with pytest.raises(RuleBroken, match="no part of it goes back before"):
        give_back(session, order, items[0])


def test_the_paper_lists_what_went_back_with_result_and_certificate(session, mixed):
    order, items = mixed
    first = give_back(session, order, *items[:2])

    content = paper.compose(session, first.id)
    give_back(session, order, items[2], items[3])
    again = paper.compose(session, first.id)

    assert [(line["code"], line["result"]) for line in content["items"]] == [
        (items[0].code, "pass"),
        (items[1].code, "fail"),
    ]
    assert content["items"][1]["reason"] == "quá sai số"
    assert (content["number"], content["receiver"]) == (f"{order.number}-BG1", "Bà Sáu")
    assert content["remaining"] == "3"
    assert again == content
    rendering.check("hand-over", content)


def test_the_paper_says_what_was_given_up_and_what_was_taken_back_since(session, mixed):
    order, items = mixed
    made = give_back(session, order, items[0], items[3])
    result = session.scalars(
        select(factories.Result).where(factories.Result.item_id == items[0].id)
    ).one()
    log.append(session, result.withdraw(items[0], order, reason="sai", on=TODAY), by="giamdoc")

    content = paper.compose(session, made.id)

    assert [line["result"] for line in content["items"]] == ["withdrawn", "cancelled"]
    assert order_items.of_hand_over(session, made.id)[0].result is ResultState.WITHDRAWN
