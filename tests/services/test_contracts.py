from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from lims.contracts import service
from lims.contracts.commands import DraftContract, NewDeliverable, NewLine
from lims.contracts.models import ContractLine
from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.kernel.db import new_id
from lims.kernel.errors import NotFound, Refusals, RuleBroken, WrongState
from lims.kernel.numbering import Series
from lims.vocabulary import ContractKind, ContractState, DeliverableKind, Funding
from tests import factories
from tests.services.changes import as_if, as_if_never

PRODUCTS = NewDeliverable(
    kind=DeliverableKind.PRODUCT,
    title="Hồ sơ công bố chất lượng",
    quantity=3,
    amount=9_000_000,
    vat_rate=Decimal("0.08"),
)
STANDARD = replace(
    PRODUCTS,
    kind=DeliverableKind.STANDARD,
    title="TCCS nước mắm",
    quantity=1,
    amount=5_000_000,
)


def told(session):
    log.write(session)
    return [one.name for one in session.scalars(select(Outgoing).order_by(Outgoing.seq))]


def command(session, **terms):
    terms.setdefault("customer_id", factories.customer(session).id)
    terms.setdefault("kind", ContractKind.LABORATORY)
    terms.setdefault("funding", Funding.CUSTOMER)
    terms.setdefault("subject", "Kiểm định cân chợ năm 2026")
    return DraftContract(**terms)


def draft(session, **terms):
    return service.draft(session, command(session, **terms), by="lan")


def technical(session, *deliverables, **more):
    return draft(session, kind=ContractKind.TECHNICAL, deliverables=list(deliverables), **more)


def test_a_line_takes_price_and_rate_from_the_tariff_unless_it_says_otherwise(session):
    scales = factories.service(session, amount=30_000, vat_rate="0.05")
    pumps = factories.service(session, amount=250_000, vat_rate="0.08")

    contract = draft(
        session,
        lines=[
            NewLine(service_id=scales.id, quantity=40),
            NewLine(service_id=pumps.id, quantity=2, unit_price=200_000),
            NewLine(
                service_id=new_priceless(session).id,
                quantity=1,
                unit_price=1_000,
                vat_rate=Decimal(0),
            ),
        ],
    )

    lines = service.lines_of(session, contract.id)
    assert [(one.unit_price, one.vat_rate) for one in lines] == [
        (30_000, Decimal("0.05")),
        (200_000, Decimal("0.08")),
        (1_000, Decimal(0)),
    ]
    assert service.amount(session, contract.id) == 1_260_000 + 432_000 + 1_000
    assert (contract.state, contract.number) == (ContractState.DRAFT, None)
    assert told(session) == ["contracts.contract_drafted"]


def new_priceless(session):
    made = factories.service(session)
    for price in session.scalars(select(factories.Price).where(_of(made))):
        as_if_never(session, price)
    return made


def _of(made):
    return factories.Price.service_id == made.id


def test_a_service_without_a_price_cannot_be_agreed_by_the_tariff(session):
    with pytest.raises(Refusals) as refusals:
        draft(session, lines=[NewLine(service_id=new_priceless(session).id, quantity=1)])

    refusal = refusals.value.rows[0]
    assert (refusals.value.batch, refusal.field) == ("lines", "service_id")
    assert "Line 1: the tariff has no price" in str(refusal)


def test_a_contract_is_drawn_up_with_somebody_who_is_in_the_register(session):
    with pytest.raises(NotFound):
        draft(session, customer_id=new_id())


def test_a_contract_cannot_end_before_it_begins(session):
    with pytest.raises(RuleBroken, match="past") as refusal:
        draft(session, valid_to=date(2026, 3, 2))

    assert refusal.value.field == "valid_to"
    assert draft(session, valid_to=date(2026, 3, 3)).valid_to == date(2026, 3, 3)


def test_numbers_are_given_at_signing_without_a_gap(session):
    first, second, third = (draft(session) for _ in range(3))

    numbers = [service.sign(session, one.id, by="lan").number for one in (third, first)]

    assert numbers == ["HD26-00001", "HD26-00002"]
    assert second.number is None
    assert session.get_one(Series, ("contract", 2026)).last == 2


def test_signing_tells_the_whole_amount_with_vat(session):
    scales = factories.service(session, amount=30_000, vat_rate="0.05")
    contract = draft(
        session,
        lines=[NewLine(service_id=scales.id, quantity=40)],
        deliverables=[PRODUCTS],
    )

    service.sign(session, contract.id, by="lan")

    log.write(session)
    query = select(Outgoing).where(Outgoing.name == "contracts.contract_signed")
    assert f'"amount":{1_260_000 + 9_720_000},' in session.scalars(query).one().payload


def test_a_contract_that_is_signed_takes_no_second_number(session):
    contract = draft(session)
    service.sign(session, contract.id, by="lan")

    with pytest.raises(WrongState):
        service.sign(session, contract.id, by="lan")

    assert session.get_one(Series, ("contract", 2026)).last == 1


def test_a_technical_contract_that_delivers_nothing_is_not_signed(session):
    contract = technical(session)

    with pytest.raises(RuleBroken, match="add the standards or products"):
        service.sign(session, contract.id, by="lan")
    service.add_deliverable(session, contract.id, STANDARD, by="lan")
    service.sign(session, contract.id, by="lan")

    assert told(session) == [
        "contracts.contract_drafted",
        "contracts.contract_changed",
        "contracts.contract_signed",
    ]


def test_a_draft_that_ran_out_before_it_was_signed_is_not_signed(session):
    contract = draft(session)
    as_if(session, contract, valid_to=date(2026, 3, 1))

    with pytest.raises(RuleBroken, match="past"):
        service.sign(session, contract.id, by="lan")


def test_nothing_is_added_to_a_signed_contract(session):
    contract = technical(session, STANDARD)
    service.sign(session, contract.id, by="lan")

    with pytest.raises(WrongState):
        service.add_deliverable(session, contract.id, PRODUCTS, by="lan")
    with pytest.raises(WrongState):
        service.rewrite(session, contract.id, command(session), by="lan")


def test_a_draft_is_written_again_as_a_whole(session):
    scales = factories.service(session, amount=30_000, vat_rate="0.05")
    contract = draft(
        session, lines=[NewLine(service_id=scales.id, quantity=40)], deliverables=[PRODUCTS]
    )

    service.rewrite(
        session,
        contract.id,
        command(
            session,
            subject="Kiểm định cân chợ",
            on_credit=True,
            lines=[NewLine(service_id=scales.id, quantity=10)],
        ),
        by="lan",
    )

    assert (contract.subject, contract.on_credit, contract.revision) == (
        "Kiểm định cân chợ",
        True,
        2,
    )
    assert [one.quantity for one in session.scalars(select(ContractLine))] == [10]
    assert service.deliverables_of(session, contract.id) == []


def test_a_deliverable_is_accepted_under_a_signed_contract_by_its_minutes(session):
    contract = technical(session, STANDARD, PRODUCTS)
    first, second = service.deliverables_of(session, contract.id)
    with pytest.raises(WrongState, match="not in force"):
        service.accept(session, first.id, minutes="BBNT-01", by="lan")
    service.sign(session, contract.id, by="lan")

    service.accept(session, first.id, minutes="BBNT-01", by="lan")

    assert (first.title, first.minutes, first.accepted_on) == (
        "TCCS nước mắm",
        "BBNT-01",
        factories.TODAY,
    )
    assert second.accepted_on is None
    assert told(session)[-1] == "contracts.deliverable_accepted"


def test_a_closed_contract_accepts_nothing_more(session):
    contract = technical(session, STANDARD)
    service.sign(session, contract.id, by="lan")

    service.close(session, contract.id, by="lan")

    (one,) = service.deliverables_of(session, contract.id)
    with pytest.raises(WrongState):
        service.accept(session, one.id, minutes="BBNT-01", by="lan")
    assert told(session)[-1] == "contracts.contract_closed"


def test_what_a_customer_may_order_under_is_signed_and_has_not_run_out(session):
    buyer = factories.customer(session)
    for_ever = factories.contract(session, buyer)
    last_day = factories.contract(session, buyer, valid_to=factories.TODAY)
    factories.contract(session, buyer, valid_to=date(2026, 3, 2))
    factories.contract(session, buyer, state=ContractState.DRAFT, number=None)
    factories.contract(session, buyer, state=ContractState.CLOSED)
    factories.contract(session)

    found = service.open_of(session, buyer.id)

    assert {one.id for one in found} == {for_ever.id, last_day.id}
