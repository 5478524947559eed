"""What the minutes of an order are printed from."""

from typing import Literal, NotRequired, TypedDict

from lims.documents.parts import Common, Officer
from lims.documents.types import register
from lims.vocabulary import Discipline


class StandardUsed(TypedDict):
    """A standard named in the minutes, with the certificate that was valid on the day."""

    code: str
    name: str
    certificate: str
    valid_until: str


class MinutesItem(TypedDict):
    """One line of the minutes; `reason` says why it failed or was not performed."""

    code: str
    name: str
    serial: str
    user: str
    outcome: Literal["pass", "fail", "done", "not_performed"]
    reason: NotRequired[str]
    sticker: NotRequired[str]


class Minutes(Common):
    """Biên bản kiểm định, hiệu chuẩn hoặc thử nghiệm."""

    kind: Discipline
    """Its titles stand in the template."""

    requester: str
    place: str
    method: str
    environment: str
    standards: list[StandardUsed]
    items: list[MinutesItem]
    remarks: NotRequired[list[str]]
    performed_on: str
    performed_by: Officer
    checked_by: str
    witness: NotRequired[str]


register("minutes", Minutes)
