"""The accountant ticks which of the waiting charges go on a draft."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from lims.billing import service
from lims.billing.access import WRITING
from lims.billing.commands import DraftInvoice
from lims.billing.invoices import lines
from lims.contracts.models import Contract
from lims.customers.models import Customer
from lims.kernel.db import fetch
from lims.web.access import actor, allow
from lims.web.commands import command, query
from lims.web.requests import as_id, asked, see
from schemas.billing import PickForm

pages = Blueprint("drafting", __name__)


@pages.get("/billing/invoices/pick")
@allow(*WRITING)
@query
def pick(session: Session) -> ResponseReturnValue:
    """Show what waits of one payer under one contract, by order, all of it ticked."""
    buyer_id, contract_id = as_id(asked("buyer_id")), as_id(asked("contract_id"))
    rows = lines.waiting(session, buyer_id, contract_id) if buyer_id else []
    return render_template(
        "billing/pick.html",
        buyer=fetch(session, Customer, buyer_id) if buyer_id else None,
        contract=fetch(session, Contract, contract_id) if contract_id else None,
        groups=[(order, list(group)) for order, group in groupby(rows, key=_order)],
        total=sum(row.charge.total for row in rows),
        is_full=len(rows) == lines.MOST_PICKED,
    )


@pages.post("/billing/invoices/pick")
@allow(*WRITING)
@command(PickForm)
def draft(session: Session, command: DraftInvoice) -> ResponseReturnValue:
    """Put the ticked charges on a draft."""
    invoice = service.draft_invoice(session, command, by=actor().name)
    return see("billing.invoice", say="Look the draft over, then issue it.", invoice_id=invoice.id)


def _order(row: lines.Waiting) -> tuple[UUID | None, str]:
    return row.charge.order_id, row.order
