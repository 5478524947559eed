"""What the printed tally of a period is made from."""

from typing import NotRequired, TypedDict

from lims.documents.parts import Common, Signatory
from lims.documents.types import register


class TallyRow(TypedDict):
    """One measure of the period; `total` rows are printed bold."""

    measure: str
    discipline: NotRequired[str]
    field: NotRequired[str]
    unit: NotRequired[str]
    plan: NotRequired[str]
    actual: str
    percent: NotRequired[str]
    total: NotRequired[bool]


TallyDates = TypedDict("TallyDates", {"from": str, "to": str, "frozen_at": str})


class Tally(Common, TallyDates):
    """Bảng tổng hợp số liệu trong kỳ, with its own dates and the moment it was frozen."""

    period: str
    issued_on: str
    rows: list[TallyRow]
    remarks: NotRequired[list[str]]
    prepared_by: str
    signatory: Signatory


register("tally", Tally)
