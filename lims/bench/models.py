"""Sheets of work and the results on them."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from lims.bench.events import (
    ResultAuthorised,
    ResultChanged,
    ResultChecked,
    ResultSentBack,
    ResultSubmitted,
    ResultWithdrawn,
)
from lims.bench.readings.shapes import Readings, breaks_limit
from lims.catalogue.models import Method
from lims.equipment.models import Standard
from lims.kernel.db import JSON_COLUMN, Base, new_id
from lims.kernel.errors import Forbidden, WrongState
from lims.reception.models import Item, Order
from lims.vocabulary import Discipline, ItemState, Outcome, Place, ResultState

UNUSUAL = frozenset({Outcome.FAIL, Outcome.NOT_PERFORMED})
"""What a person has to give a reason for."""


class WorkSheet(Base):
    """What one person did in one go: same order, method, standards, place and conditions."""

    __tablename__ = "sheet"

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    discipline: Mapped[Discipline]
    method_id: Mapped[UUID] = mapped_column(ForeignKey(Method.id))
    performed_on: Mapped[date]
    performed_by: Mapped[str]
    place: Mapped[Place]
    environment: Mapped[dict[str, str]] = mapped_column(JSON_COLUMN, default_factory=dict)
    """Readings as typed: {"temperature": "27.5", "humidity": "70"}; units °C and %."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


class SheetStandard(Base):
    """A standard used for a sheet, with the certificate it had that day (7.5.1, 6.5)."""

    __tablename__ = "sheet_standard"

    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(WorkSheet.id), primary_key=True)
    standard_id: Mapped[UUID] = mapped_column(ForeignKey(Standard.id), primary_key=True, index=True)
    code: Mapped[str]
    name: Mapped[str]
    certificate: Mapped[str]
    due_on: Mapped[date]


class Minutes(Base):
    """The numbered minutes (biên bản) of the results authorised together from one sheet."""

    __tablename__ = "minutes"

    number: Mapped[str] = mapped_column(unique=True)
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(WorkSheet.id), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    issued_on: Mapped[date]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)


class Result(Base):
    """What was found of one item; once authorised, what everything after hangs on."""

    __tablename__ = "result"
    __table_args__ = (
        Index(
            "uq__result__item",
            "item_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix__result__state", "state", "id"),
        Index("ix__result__item", "item_id"),
    )

    item_id: Mapped[UUID] = mapped_column(ForeignKey(Item.id))
    sheet_id: Mapped[UUID] = mapped_column(ForeignKey(WorkSheet.id), index=True)
    outcome: Mapped[Outcome]
    performed_by: Mapped[str]
    performed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    """Why it failed or was not performed."""

    readings: Mapped[Readings] = mapped_column(JSON_COLUMN, default_factory=dict)
    """Original observations as typed (7.5.1), and what was computed from them, as text."""

    state: Mapped[ResultState] = mapped_column(default=ResultState.DRAFT)
    checked_by: Mapped[str | None] = mapped_column(default=None)
    authorised_by: Mapped[str | None] = mapped_column(default=None)
    authorised_on: Mapped[date | None] = mapped_column(default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    return_reason: Mapped[str] = mapped_column(default="")
    """Why it was sent back, until it is submitted again."""

    minutes_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Minutes.id), default=None, index=True
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)

    @property
    def is_exception(self) -> bool:
        """Tell whether a checker should look first: it failed, came back, or breaks a limit."""
        unusual = self.outcome in UNUSUAL or bool(self.return_reason)
        return unusual or breaks_limit(self.readings)

    def _require(self, state: ResultState, refusal: str, item: Item) -> None:
        if self.state is not state:
            raise WrongState(refusal, code=item.code, state=self.state)

    def change(
        self,
        item: Item,
        *,
        outcome: Outcome,
        reason: str,
        readings: Readings,
        sheet: WorkSheet,
        on: date,
    ) -> ResultChanged:
        """Write a draft again; the log keeps what it said before (7.5.2)."""
        self._require(
            ResultState.DRAFT,
            "The result of item %(code)s cannot be changed any more: it is %(state)s.",
            item,
        )
        before, self.outcome = self.outcome, outcome
        self.reason, self.readings = reason, readings
        self.sheet_id, self.performed_on = sheet.id, sheet.performed_on
        return ResultChanged(
            result_id=self.id,
            item_id=item.id,
            outcome=outcome,
            before=before,
            reason=reason,
            sheet_id=sheet.id,
            on=on,
        )

    def submit(self, item: Item, *, by: str, on: date) -> ResultSubmitted:
        """Stand by it; only who did the work can."""
        self._require(
            ResultState.DRAFT,
            "The result of item %(code)s cannot be submitted: it is %(state)s.",
            item,
        )
        if by != self.performed_by:
            raise Forbidden(
                "The result of item %(code)s was recorded by %(performer)s, who has to submit it.",
                code=item.code,
                performer=self.performed_by,
            )
        item.move(ItemState.SUBMITTED, asked="submitted")
        self.state, self.return_reason = ResultState.SUBMITTED, ""
        return ResultSubmitted(result_id=self.id, item_id=item.id, on=on)

    def check(self, item: Item, *, by: str, on: date) -> ResultChecked:
        """Agree with it as a second person (ISO/IEC 17025:2017, 7.8.1.1)."""
        self._require(
            ResultState.SUBMITTED,
            "The result of item %(code)s does not wait for a check: it is %(state)s.",
            item,
        )
        if by == self.performed_by:
            raise Forbidden(
                "Nobody checks their own work: item %(code)s needs another checker.",
                code=item.code,
            )
        item.move(ItemState.CHECKED, asked="checked")
        self.state, self.checked_by = ResultState.CHECKED, by
        return ResultChecked(result_id=self.id, item_id=item.id, checker=by, on=on)

    def send_back(self, item: Item, *, reason: str, on: date) -> ResultSentBack:
        """Ask its author to look again."""
        if self.state is not ResultState.CHECKED:
            self._require(
                ResultState.SUBMITTED,
                "The result of item %(code)s cannot be sent back: it is %(state)s.",
                item,
            )
        item.move(ItemState.RECORDED, asked="sent back")
        self.state, self.checked_by, self.return_reason = ResultState.DRAFT, None, reason
        return ResultSentBack(result_id=self.id, item_id=item.id, reason=reason, on=on)

    def authorise(
        self, item: Item, order: Order, *, valid_until: date | None, by: str, on: date
    ) -> ResultAuthorised:
        """Answer for it in the name of the centre."""
        self._require(
            ResultState.CHECKED,
            "The result of item %(code)s has to be checked first: it is %(state)s.",
            item,
        )
        if by == self.performed_by:
            raise Forbidden(
                "Nobody authorises their own work: item %(code)s needs another signatory.",
                code=item.code,
            )
        done = self.outcome is not Outcome.NOT_PERFORMED
        item.move(ItemState.AUTHORISED if done else ItemState.NOT_PERFORMED, asked="authorised")
        self.state, self.authorised_by, self.authorised_on = ResultState.AUTHORISED, by, on
        self.valid_until = valid_until if self.outcome is Outcome.PASS else None
        return ResultAuthorised(
            result_id=self.id,
            item_id=item.id,
            order_id=order.id,
            contract_id=order.contract_id,
            instrument_id=item.instrument_id,
            service_id=item.service_id,
            discipline=item.discipline,
            field=item.field,
            area=item.area,
            outcome=self.outcome,
            units=item.units,
            performed_on=self.performed_on,
            valid_until=self.valid_until,
            on=on,
        )

    def withdraw(self, item: Item, order: Order, *, reason: str, on: date) -> ResultWithdrawn:
        """Take it back (ISO/IEC 17025:2017, 7.10).

        The item may be worked on again, unless its owner has it: then it comes as a new order.
        """
        self._require(
            ResultState.AUTHORISED,
            "The result of item %(code)s cannot be withdrawn: it is %(state)s.",
            item,
        )
        if item.state is not ItemState.HANDED_OVER:
            item.move(ItemState.RECEIVED, asked="withdrawn")
        self.state = ResultState.WITHDRAWN
        if self.authorised_on is None:
            raise AssertionError("An authorised result has its day.")
        return ResultWithdrawn(
            result_id=self.id,
            item_id=item.id,
            order_id=order.id,
            contract_id=order.contract_id,
            instrument_id=item.instrument_id,
            service_id=item.service_id,
            discipline=item.discipline,
            field=item.field,
            area=item.area,
            outcome=self.outcome,
            units=item.units,
            authorised_on=self.authorised_on,
            reason=reason,
            on=on,
        )
