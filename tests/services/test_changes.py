"""The watch over changes sees every way of writing, and takes no other fact for the one owed."""

import pytest
from sqlalchemy import delete, update

from lims.eventlog import log
from lims.eventlog.events import REGISTRY
from lims.features import METADATA
from lims.reception.events import ItemHandedOver
from lims.reception.models import Item
from lims.vocabulary import ItemState
from tests import factories
from tests.services.changes import ANY, TOLD_BY


def by_the_session(_session, item):
    item.state = ItemState.HANDED_OVER


def by_a_statement(session, item):
    session.execute(update(Item).values(state=ItemState.HANDED_OVER).where(Item.id == item.id))


def past_the_session(session, item):
    table = Item.__table__
    session.connection().execute(
        update(table).where(table.c.id == item.id).values(state="handed_over")
    )
    session.refresh(item)


def handed_over(item):
    return ItemHandedOver(item_id=item.id, order_id=item.order_id, to="", on=factories.TODAY)


@pytest.fixture
def changes(every_change_is_told):
    """The watch of this very test, which in the end looks away from what it has found."""
    yield every_change_is_told
    every_change_is_told.pretended |= {("item", "state"), ("item", ANY)}


@pytest.mark.parametrize("write", [by_the_session, by_a_statement, past_the_session])
def test_a_change_without_its_fact_is_found_however_it_was_written(session, changes, write):
    item, other = factories.item(session), factories.item(session)
    log.append(session, handed_over(other), by="lan")

    write(session, item)

    assert changes.silent() == [f"item.state of {(item.id,)}"]
    log.append(session, handed_over(item), by="lan")
    assert changes.silent() == []


def test_a_row_that_is_gone_is_a_change(session, changes):
    item = factories.item(session)

    session.execute(delete(Item).where(Item.id == item.id))

    assert changes.silent() == [f"item.{ANY} of {(item.id,)}"]


def test_what_tells_a_change_is_a_fact_of_ours_and_the_change_one_of_a_column_of_ours():
    owed = {
        (table, column, *fact.split(" by "))
        for table, facts in TOLD_BY.items()
        for column, names in facts.items()
        for fact in names
    }
    columns = {table.name: {ANY, *table.columns.keys()} for table in METADATA.sorted_tables}

    assert {name for _, _, name, *_ in owed} <= set(REGISTRY)
    assert not [row for row in owed if not {row[1], *row[3:]} <= columns[row[0]]]
