"""What each paper of the centre is printed from: the shape of its content, field by field.

Everything is a string already in the words of the office (dates as dd/mm/yyyy, numbers with the
decimal comma); legal sentences and titles live in the templates, in Vietnamese with English.
A key that is not named here is refused: a calibration certificate has no place for a due date
(ISO/IEC 17025:2017, 7.8.4.3).
"""

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

from lims.kernel.office_papers import Invoice, Receipt, Tally
from lims.kernel.paper_parts import Checkable, Common, Customer, Inspector, Officer, Paper, Party


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

    kind: Literal["verification", "calibration", "testing"]
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


class Verification(Checkable):
    """Giấy chứng nhận kiểm định của một phương tiện đo (TT 24/2013/TT-BKHCN, Điều 41)."""

    name: str
    type: str
    serial: str
    maker: str
    year: NotRequired[str]
    characteristics: list[str]
    user: str
    place_of_use: str
    verification_kind: str
    method: str
    standards: NotRequired[list[str]]
    performed_on: str
    sticker: NotRequired[str]
    seals: NotRequired[str]
    valid_until: str
    inspector: Inspector


class VerifiedItem(TypedDict):
    """One instrument on a list certificate."""

    name: str
    type: str
    serial: str
    maker: NotRequired[str]
    characteristics: NotRequired[str]
    user: str
    place_of_use: NotRequired[str]
    sticker: NotRequired[str]
    valid_until: str


class VerificationList(Checkable):
    """Giấy chứng nhận kiểm định của nhiều phương tiện đo; `subject` names them together."""

    subject: str
    requester: str
    place: str
    verification_kind: str
    method: str
    standards: NotRequired[list[str]]
    performed_on: str
    items: list[VerifiedItem]
    inspector: Inspector


class TraceableStandard(TypedDict):
    """A standard of a calibration, and whom its own calibration leads to."""

    code: str
    name: str
    certificate: str
    traceable_to: str


class Point(TypedDict):
    """One measuring point, each value rounded as it will be read."""

    nominal: str
    reference: str
    indication: str
    error: str
    uncertainty: str
    k: str


class ResultTable(TypedDict):
    """One table of points; as found and as left are two tables (7.8.4.1d)."""

    title: str
    unit: NotRequired[str]
    points: list[Point]


class Conformity(TypedDict):
    """A statement of conformity the customer asked for, with its decision rule (7.8.6)."""

    statement: str
    rule: str


class Calibration(Checkable):
    """Giấy chứng nhận hiệu chuẩn; it has no place for a due date (7.8.4.3)."""

    name: str
    type: str
    serial: str
    maker: str
    year: NotRequired[str]
    characteristics: list[str]
    customer: Customer
    place: str
    condition: str
    method: str
    environment: str
    received_on: str
    performed_on: str
    sticker: NotRequired[str]
    standards: list[TraceableStandard]
    traceability: str
    results: list[ResultTable]
    coverage: str
    conformity: NotRequired[Conformity]
    deviations: NotRequired[str]
    customer_supplied: NotRequired[str]
    remarks: NotRequired[list[str]]
    performed_by: str
    checked_by: str


class Sample(TypedDict):
    """The sample as it was received."""

    code: str
    name: str
    description: str
    condition: str
    sampling: str


class TestedParameter(TypedDict):
    """One parameter; `external` marks a result from another laboratory (7.8.2.1p)."""

    name: str
    method: str
    unit: str
    result: str
    uncertainty: NotRequired[str]
    limit: NotRequired[str]
    meets: NotRequired[Literal["yes", "no"]]
    external: NotRequired[bool]


class TestReport(Checkable):
    """Phiếu kết quả thử nghiệm."""

    customer: Customer
    sample: Sample
    place: str
    specification: NotRequired[str]
    environment: str
    received_on: str
    performed_on: str
    parameters: list[TestedParameter]
    decision_rule: NotRequired[str]
    conclusion: NotRequired[str]
    deviations: NotRequired[str]
    customer_supplied: NotRequired[str]
    remarks: NotRequired[list[str]]
    performed_by: str
    checked_by: str


PAPERS: Mapping[str, Paper] = {
    "slip": Paper(content=Slip, codes=("order_url", "items.code")),
    "minutes": Paper(content=Minutes),
    "verification": Paper(content=Verification, codes=("check_url",)),
    "verification-list": Paper(content=VerificationList, codes=("check_url",)),
    "calibration": Paper(content=Calibration, codes=("check_url",)),
    "test-report": Paper(content=TestReport, codes=("check_url",)),
    "invoice": Paper(content=Invoice, codes=("check_url",)),
    "receipt": Paper(content=Receipt),
    "tally": Paper(content=Tally),
}
