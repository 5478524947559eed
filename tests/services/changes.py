"""What changed in the rows of a test, however it was written, and which fact has to tell it.

ORM, Core and bulk statements alike pass the engine on their way: the first UPDATE or DELETE of a
table keeps its rows as they were, and the end of the test compares.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Delete, Table, Update, delete, event, select, update
from sqlalchemy.orm import Session

from lims.eventlog import log
from lims.eventlog.log import Outgoing
from lims.kernel.db import Base

Key = tuple[Any, ...]
Row = Mapping[str, Any]
Facts = dict[str, tuple[str, ...]]

ANY = "*"
"""Whichever column is not named; and the row itself, when it is gone."""

AS_IF = "as_if"
"""The execution option of a test that pretends: the columns that had always been so."""

UNTOLD = {
    *("log_head", "outbox", "follower", "delivery", "schedule", "throttle", "answer", "series"),
    *("count_cell", "count_line", "money_cell", "money_line"),
    "sticker_book",  # its next number follows from the stickers taken
}
"""Tables that only serve the machinery, or whose rows follow from others."""

CHECKS = ("bench.result_submitted", "bench.result_checked", "bench.result_sent_back")
ANSWERS = ("bench.result_authorised", "bench.result_withdrawn")
TOLD_BY: dict[str, Facts] = {
    "api_token": {ANY: ("identity.token_revoked by user_id",)},
    "certificate": {ANY: ("certificates.certificate_withdrawn",)},
    "certificate_place": {
        ANY: ("certificates.place_ended by item_id", "certificates.place_revived by item_id"),
    },
    "charge": {
        ANY: ("billing.charge_cancelled",),
        "invoice_id": (
            "billing.charge_cancelled",
            "billing.invoice_drafted by invoice_id",
            "billing.invoice_discarded by invoice_id",
        ),
        "state": ("billing.charge_cancelled", "billing.invoice_issued by invoice_id"),
    },
    "closed_period": {ANY: ("settings.period_reopened",)},
    "contract": {
        ANY: ("contracts.contract_changed", "contracts.contract_signed"),
        "state": ("contracts.contract_signed", "contracts.contract_closed"),
        "revision": (
            *("contracts.contract_changed", "contracts.contract_signed"),
            "contracts.contract_closed",
        ),
    },
    "contract_line": {ANY: ("contracts.contract_changed by contract_id",)},
    "customer": {ANY: ("customers.customer_changed",)},
    "deliverable": {
        ANY: ("contracts.contract_changed by contract_id",),
        "accepted_on": ("contracts.deliverable_accepted",),
        "minutes": ("contracts.deliverable_accepted",),
    },
    "expense": {ANY: ("autonomy.expense_reversed",)},
    "holiday": {ANY: ("settings.holiday_set",)},
    "instrument": {
        ANY: ("customers.instrument_changed",),
        "due_on": ("customers.instrument_due_set",),
        "due_result_id": ("customers.instrument_due_set",),
    },
    "instrument_type": {ANY: ("catalogue.entry_changed",)},
    "invoice": {
        ANY: ("billing.invoice_issued",),
        "state": ("billing.invoice_issued", "billing.invoice_discarded"),
        "paid": ("billing.payment_received", "billing.payment_allocated"),
    },
    "item": {
        "state": (
            *("bench.result_recorded", *CHECKS, *ANSWERS),
            *("reception.item_cancelled", "reception.item_handed_over"),
        )
    },
    "legal_cycle": {ANY: ("catalogue.cycle_set",)},
    "method": {ANY: ("catalogue.entry_changed",)},
    "paper": {"sha256": ("kernel.paper_printed",)},
    "parameter": {ANY: ("kernel.parameter_set",)},
    "payment": {"allocated": ("billing.payment_received", "billing.payment_allocated")},
    "person": {ANY: ("identity.user_changed", "identity.user_disabled")},
    "plan": {ANY: ("tallies.plan_set",)},
    "price": {ANY: ("catalogue.price_set",)},
    "result": {
        ANY: ("bench.result_changed",),
        "state": (*CHECKS, *ANSWERS),
        "checked_by": CHECKS,
        "return_reason": CHECKS,
        "authorised_by": ANSWERS,
        "authorised_on": ANSWERS,
        "valid_until": ANSWERS,
        "minutes_id": ("bench.minutes_issued by minutes_id",),
    },
    "service": {ANY: ("catalogue.entry_changed",)},
    "standard": {
        ANY: (
            *("equipment.standard_changed", "equipment.standard_calibrated"),
            "equipment.standard_taken_out",
        ),
        "in_service": ("equipment.standard_taken_out",),
    },
    "sticker": {"state": ("marks.stickers_activated", "marks.sticker_spoiled")},
}
"""By table and column: the facts that may tell its change. A fact names the row by its id, or
(`by`) by what stands in another column of it, before or after."""


@dataclass
class Changes:
    """The rows of each table as they were before anything changed them."""

    session: Session
    first: dict[Table, dict[Key, Row]] = field(default_factory=dict)
    pretended: set[tuple[str, str]] = field(default_factory=set)

    def watch(self) -> None:
        """Look at every statement on its way to the database."""
        event.listen(self.session.get_bind(), "before_execute", self._look)

    def end(self) -> None:
        """Look no more."""
        event.remove(self.session.get_bind(), "before_execute", self._look)

    def _look(
        self, connection: Connection, clause: object, _many: object, _one: object, options: Row
    ) -> None:
        if not isinstance(clause, Update | Delete):
            return
        table = clause.table
        if AS_IF in options:
            self.pretended |= {(table.name, column) for column in options[AS_IF]}
        elif table.name not in UNTOLD:
            self.first[table] = _rows(connection, table) | self.first.get(table, {})

    def silent(self) -> list[str]:
        """Name each changed column that no fact of its own tells."""
        self.session.flush()
        log.write(self.session)
        facts = [
            (row.name, f"{row.subject} {row.payload}")
            for row in self.session.scalars(select(Outgoing))
        ]
        return [
            f"{table.name}.{column} of {key}"
            for table, key, column, row in self._changed()
            if not any(_tells(owed, row, facts) for owed in _owed(table, column))
        ]

    def _changed(self) -> Iterator[tuple[Table, object, str, Row]]:
        for table, rows in self.first.items():
            now = _rows(self.session.connection(), table)
            for key, before in rows.items():
                after = now.get(key)
                row = {name: (before[name], (after or before)[name]) for name in before}
                changed = [ANY] if after is None else _different(row)
                yield from (
                    (table, key, column, row)
                    for column in changed
                    if (table.name, column) not in self.pretended
                )


def as_if(session: Session, row: Base, **values: object) -> None:
    """It had always been so: written past the session, so that no fact is asked for."""
    table = row.__table__
    session.flush()
    session.execute(
        update(table).where(*_is(row)).values(**values), execution_options={AS_IF: [*values]}
    )
    session.refresh(row)


def as_if_never(session: Session, row: Base) -> None:
    """It had never been there."""
    session.flush()
    session.execute(delete(row.__table__).where(*_is(row)), execution_options={AS_IF: [ANY]})
    session.expunge(row)


def _is(row: Base) -> list[Any]:
    return [column == getattr(row, column.name) for column in row.__table__.primary_key]


def _rows(connection: Connection, table: Table) -> dict[Key, Row]:
    keys = [column.name for column in table.primary_key]
    rows = connection.execute(select(table)).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in rows}


def _different(row: Row) -> list[str]:
    return [name for name, (before, after) in row.items() if before != after]


def _owed(table: Table, column: str) -> tuple[str, ...]:
    facts = TOLD_BY.get(table.name, {})
    return facts.get(column) or facts.get(ANY, ())


def _tells(owed: str, row: Row, facts: list[tuple[str, str]]) -> bool:
    name, _, by = owed.partition(" by ")
    ids = [str(key) for key in row[by or "id"] if isinstance(key, UUID)]
    return any(name == told and key in text for told, text in facts for key in ids)
