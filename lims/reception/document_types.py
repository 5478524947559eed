"""What the slip of an order is printed from."""

from typing import NotRequired, TypedDict

from lims.documents.parts import Common, Party
from lims.documents.types import register


class SlipItem(TypedDict):
    """One sample or instrument on the slip and on its label; `label` is a shorter name."""

    code: str
    name: str
    label: NotRequired[str]
    serial: str
    user: str
    service: str
    condition: NotRequired[str]


class Slip(Common):
    """Phiếu tiếp nhận, with a sheet of labels; `number` is the order's."""

    order_url: str
    requester: Party
    payer: NotRequired[Party]
    contract: NotRequired[str]
    received_on: str
    promised_on: NotRequired[str]
    place: str
    items: list[SlipItem]
    note: NotRequired[str]
    handed_over_by: str
    received_by: str


register("slip", Slip, codes=("order_url", "items.code"))
