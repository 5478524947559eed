"""The acts of billing, through one door."""

from lims.billing.charges import agree, quote
from lims.billing.invoices import discard, draft_invoice, issue
from lims.billing.payments import pay
from lims.billing.walk_in import WalkIn, hand_over, on_credit, require_paid, walk_in

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
