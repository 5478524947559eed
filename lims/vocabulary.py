"""The words of the centre: every closed list, once, each with the term of the law.

The English label of a member is its value with spaces; its Vietnamese is in the catalogue.
"""

from enum import Enum, StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is trusted with."""

    RECEPTION = "reception"
    """Tiếp nhận."""

    TECHNICIAN = "technician"
    """Kiểm định viên, nhân viên hiệu chuẩn hoặc thử nghiệm."""

    CHECKER = "checker"
    """Người soát lại."""

    SIGNATORY = "signatory"
    """Người ký: thủ trưởng hoặc người được ủy quyền."""

    ACCOUNTANT = "accountant"
    """Kế toán."""

    DIRECTOR = "director"
    """Giám đốc."""

    QUALITY = "quality"
    """Phụ trách chất lượng."""

    INSPECTOR = "inspector"
    """Thanh tra, kiểm tra: chỉ đọc."""

    ADMIN = "admin"
    """Quản trị hệ thống."""


class Discipline(StrEnum):
    """What the centre is asked to do, in the words of the Law on Measurement, Art 3."""

    VERIFICATION = "verification"
    """Kiểm định: it meets the metrological requirements, or it does not."""

    CALIBRATION = "calibration"
    """Hiệu chuẩn: indication against reference value, with uncertainty; no verdict."""

    TESTING = "testing"
    """Thử nghiệm: characteristics of a sample against its limits."""

    TECHNICAL = "technical_service"
    """Dịch vụ kỹ thuật: advice whose accepted deliverables are standards and products."""


class Occasion(StrEnum):
    """Why an instrument is verified (TT 23/2013/TT-BKHCN, Art 19)."""

    INITIAL = "initial"
    """Ban đầu."""

    PERIODIC = "periodic"
    """Định kỳ."""

    AFTER_REPAIR = "after_repair"
    """Sau sửa chữa."""


class Field(StrEnum):
    """Lĩnh vực đo: the field of measurement of a designation and of an inspector's card."""

    LENGTH = "length"
    MASS = "mass"
    VOLUME_FLOW = "volume_and_flow"
    PRESSURE = "pressure"
    FORCE = "force"
    TEMPERATURE = "temperature"
    ELECTRICITY = "electricity"
    PHYSICO_CHEMICAL = "physico_chemical"
    OPTICS_ACOUSTICS = "optics_and_acoustics"
    OTHER = "other"


class ItemState(StrEnum):
    """Where an item stands between the counter and its return."""

    RECEIVED = "received"
    """Đã tiếp nhận: waits for the bench."""

    RECORDED = "recorded"
    """Đã ghi kết quả: not submitted yet."""

    SUBMITTED = "submitted"
    """Chờ soát lại."""

    CHECKED = "checked"
    """Chờ ký."""

    AUTHORISED = "authorised"
    """Đã phê duyệt kết quả."""

    NOT_PERFORMED = "not_performed"
    """Không thực hiện."""

    HANDED_OVER = "handed_over"
    """Đã trả."""

    CANCELLED = "cancelled"
    """Đã hủy."""


class Outcome(StrEnum):
    """What the work on an item came to."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    """Đạt yêu cầu kỹ thuật đo lường."""

    FAIL = "fail"
    """Không đạt."""

    NOT_PERFORMED = "not_performed"
    """Không thực hiện: not counted, not certified, not charged."""

    MEASURED = "measured"
    """Có kết quả đo: calibration and testing state results, the law asks no verdict."""


class ResultState(StrEnum):
    """Where a result stands; authorised is the hub on which everything after hangs."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHECKED = "checked"
    AUTHORISED = "authorised"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What a person may be authorised to do (ISO/IEC 17025:2017, 6.2.6)."""

    PERFORM = "perform"
    CHECK = "check"
    SIGN = "sign"


class CustomerKind(StrEnum):
    """Who a customer is to the tax office."""

    ORGANISATION = "organisation"
    BUDGET_UNIT = "budget_unit"
    """Đơn vị có quan hệ với ngân sách."""

    PERSON = "person"


class Funding(StrEnum):
    """Who the money comes from, which decides the class of revenue (NĐ 54/2016, Art 8)."""

    CUSTOMER = "customer"
    """Dịch vụ sự nghiệp công không dùng ngân sách: class d."""

    STATE = "state"
    """Dịch vụ sự nghiệp công dùng ngân sách nhà nước: class c."""


class Place(StrEnum):
    """Where the work is done."""

    LABORATORY = "laboratory"
    SITE = "site"


class CertificateMode(StrEnum):
    """Whether an order wants one certificate for each item, or one for the list."""

    EACH = "each"
    LIST = "list"


class CertificateKind(StrEnum):
    """What the centre signs; numbers are gapless for each kind and year."""

    VERIFICATION = "verification"
    """Giấy chứng nhận kiểm định."""

    CALIBRATION = "calibration"
    """Giấy chứng nhận hiệu chuẩn."""

    TEST_REPORT = "test_report"
    """Phiếu kết quả thử nghiệm."""


class Validity(StrEnum):
    """What became of an item's place on a certificate; *expired* is a matter of the day asked."""

    LIVE = "live"
    """Còn hiệu lực."""

    ENDED = "ended"
    """Hết hiệu lực trước hạn: a later fail, an alteration or a loss (TT 23/2013, Art 20(7))."""

    SUPERSEDED = "superseded"
    """Được thay thế bởi giấy chứng nhận sau."""

    WITHDRAWN = "withdrawn"
    """Đã thu hồi."""


class StickerState(StrEnum):
    """What became of a sticker number: reserved at the result, active at authorisation."""

    RESERVED = "reserved"
    ACTIVE = "active"
    SPOILED = "spoiled"


class ContractKind(StrEnum):
    """What a contract is for."""

    LABORATORY = "laboratory"
    """Kiểm định, hiệu chuẩn, thử nghiệm."""

    TECHNICAL = "technical_service"
    """Tư vấn: accepted by deliverables."""


class ContractState(StrEnum):
    """Where a contract stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    CLOSED = "closed"
    """Đã thanh lý."""


class DeliverableKind(StrEnum):
    """What technical service produces (33 standards and 223 products in 2017)."""

    STANDARD = "standard"
    """Tiêu chuẩn cơ sở."""

    PRODUCT = "product"
    """Sản phẩm được công bố."""


class ChargeState(StrEnum):
    """Where the money for one piece of work stands."""

    EARNED = "earned"
    INVOICED = "invoiced"
    CANCELLED = "cancelled"


class InvoiceState(StrEnum):
    """A draft has no number; an issued invoice is never edited."""

    DRAFT = "draft"
    ISSUED = "issued"
    DISCARDED = "discarded"


class InvoiceStanding(StrEnum):
    """What an invoice is called: how it stands, and how far it is paid."""

    DRAFT = "draft"
    ISSUED = "issued"
    """Đã phát hành: nothing came in for it yet."""

    PART_PAID = "part_paid"
    """Thu một phần."""

    PAID = "paid"
    """Đã thu đủ."""

    DISCARDED = "discarded"


class PaymentMeans(StrEnum):
    """How money came in."""

    CASH = "cash"
    BANK = "bank"


class PeriodKind(StrEnum):
    """What a closed period closes."""

    WORK = "work"
    """Kỳ công việc: results."""

    MONEY = "money"
    """Kỳ kế toán: payments and expenses."""


class RevenueClass(StrEnum):
    """The revenue classes of NĐ 54/2016/NĐ-CP, Art 8(1)."""

    FEES_KEPT = "a"
    SCIENCE_TASKS = "b"
    STATE_PAID_SERVICES = "c"
    SERVICES = "d"
    STATE_SUPPORT = "đ"
    NON_RECURRENT = "e"
    OTHER = "g"


class ExpenseClass(StrEnum):
    """The recurrent expenditure classes of NĐ 54/2016/NĐ-CP, Art 9, and what is kept apart."""

    PAY = "a"
    """Tiền lương, phụ cấp, tiền công."""

    PROFESSIONAL = "b"
    """Chi hoạt động chuyên môn."""

    MANAGEMENT = "c"
    """Chi quản lý."""

    DEPRECIATION = "d"
    """Trích khấu hao tài sản cố định."""

    OTHER = "đ"
    """Chi thường xuyên khác."""

    NON_RECURRENT = "x"
    """Chi không thường xuyên."""

    TAX = "t"
    """Thuế và các khoản nộp Nhà nước."""


class Measure(StrEnum):
    """What the month counts."""

    RECEIVED = "received"
    INSTRUMENTS = "instruments"
    """Authorised results of verification and calibration, pass or fail."""

    PASSED = "passed"
    FAILED = "failed"
    SAMPLES = "samples"
    CERTIFICATES = "certificates"
    CONTRACTS = "contracts"
    STANDARDS = "standards"
    PRODUCTS = "products"


class MoneyMeasure(StrEnum):
    """How far the money of a contract has come."""

    CONTRACTED = "contracted"
    DONE = "done"
    INVOICED = "invoiced"
    PAID = "paid"
    REVENUE = "revenue"
    """Doanh thu: what is done, without its VAT; the other four are gross."""


class Unset(Enum):
    """What a correction leaves out, so that it stays as it is; blank and null are said."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET
