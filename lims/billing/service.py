"""The acts of billing, through one door."""

from lims.billing.charges.agreement import agree, quote
from lims.billing.invoices.drafting import discard, draft_invoice, issue
from lims.billing.payments.receiving import pay
from lims.billing.payments.walk_in import WalkIn, walk_in
from lims.billing.returns.handing_over import hand_over, on_credit, require_paid

__all__ = [
    "WalkIn",
    "agree",
    "discard",
    "draft_invoice",
    "hand_over",
    "issue",
    "on_credit",
    "pay",
    "quote",
    "require_paid",
    "walk_in",
]
