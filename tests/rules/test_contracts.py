from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from lims.contracts.models import Contract, ContractLine, Deliverable
from lims.kernel.errors import RuleBroken, WrongState
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding
from tests.factories import TODAY


def contract(**said):
    said.setdefault("subject", "Kiểm định cân chợ")
    return Contract(
        customer_id=uuid4(), kind=ContractKind.LABORATORY, funding=Funding.CUSTOMER, **said
    )


def deliverable(**said):
    said = {"quantity": 2, "amount": 10_000_001, "vat_rate": Decimal("0.08")} | said
    return Deliverable(
        contract_id=uuid4(), kind=DeliverableKind.PRODUCT, title="Hồ sơ công bố", **said
    )


def test_signing_gives_the_number_and_says_what_was_agreed():
    one = contract()

    fact = one.sign("HD26-00001", amount=1_260_000, on=TODAY)

    assert (one.state, one.number, one.signed_on) == (ContractState.SIGNED, "HD26-00001", TODAY)
    assert (fact.number, fact.amount, fact.customer_id) == (
        "HD26-00001",
        1_260_000,
        one.customer_id,
    )


def test_a_contract_is_signed_only_once():
    one = contract(state=ContractState.SIGNED, number="HD26-00001")

    with pytest.raises(WrongState, match="HD26-00001 is signed already"):
        one.sign("HD26-00002", amount=0, on=TODAY)


def test_only_a_draft_is_written_again():
    one = contract()

    one.change(TODAY)

    assert one.revision == 2
    with pytest.raises(WrongState):
        contract(state=ContractState.CLOSED).change(TODAY)


@pytest.mark.parametrize("state", [ContractState.DRAFT, ContractState.CLOSED])
def test_nothing_is_ordered_under_a_contract_that_is_not_in_force(state):
    with pytest.raises(WrongState, match="not in force"):
        contract(state=state).require_open(TODAY)


def test_a_contract_holds_on_its_last_day_and_no_longer():
    one = contract(state=ContractState.SIGNED, number="HD1", valid_to=date(2026, 3, 31))

    one.require_open(date(2026, 3, 31))
    contract(state=ContractState.SIGNED).require_open(TODAY)
    with pytest.raises(RuleBroken, match="ran out on 2026-03-31"):
        one.require_open(date(2026, 4, 1))


def test_a_signed_contract_is_closed_and_a_draft_is_not():
    one = contract(state=ContractState.SIGNED, number="HD26-00001")

    fact = one.close(TODAY)

    assert (one.state, fact.number) == (ContractState.CLOSED, "HD26-00001")
    with pytest.raises(WrongState):
        one.close(TODAY)
    with pytest.raises(WrongState, match="Kiểm định cân chợ is not in force"):
        contract().close(TODAY)


def test_a_line_comes_to_its_quantity_at_its_price_with_vat():
    line = ContractLine(
        contract_id=uuid4(),
        position=1,
        service_id=uuid4(),
        quantity=40,
        unit_price=30_000,
        vat_rate=Decimal("0.05"),
    )

    assert line.amount == 1_260_000


def test_accepting_a_deliverable_says_how_many_and_what_they_come_to():
    one = deliverable()

    fact = one.accept(minutes="BBNT-01", on=TODAY)

    assert (fact.kind, fact.quantity) == (DeliverableKind.PRODUCT, 2)
    assert (fact.amount, fact.vat, one.total) == (10_000_001, 800_000, 10_800_001)
    assert (one.accepted_on, one.minutes) == (TODAY, "BBNT-01")


def test_a_deliverable_is_accepted_only_once():
    one = deliverable(accepted_on=TODAY)

    with pytest.raises(WrongState, match="Hồ sơ công bố was accepted already"):
        one.accept(minutes="BBNT-02", on=TODAY)
