"""What certificates and reports are printed from.

A calibration certificate has no place for a due date (ISO/IEC 17025:2017, 7.8.4.3).
"""

from typing import Literal, NotRequired, TypedDict

from lims.documents.parts import Checkable, Customer, Inspector
from lims.documents.types import register


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


register("verification", Verification, codes=("check_url",))
register("verification-list", VerificationList, codes=("check_url",))
register("calibration", Calibration, codes=("check_url",))
register("test-report", TestReport, codes=("check_url",))
