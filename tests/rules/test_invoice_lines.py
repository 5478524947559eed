"""What a line of an invoice names, and what an invoice is called when money came in."""

import pytest

from lims.billing.invoices.lines import spans
from lims.billing.models import Invoice
from lims.kernel.db import new_id
from lims.vocabulary import InvoiceStanding, InvoiceState
from tests.factories import TODAY


@pytest.mark.parametrize(
    ("marks", "written"),
    [
        ([], []),
        (["A1", "A2"], ["A1", "A2"]),
        (["A001", "A002", "A003"], ["A001..A003"]),
        (["A009", "A010", "A011", "B1"], ["A009..A011", "B1"]),
        (["9", "10", "11"], ["9", "10", "11"]),
        (["X-1", "không số", "X-2"], ["X-1", "không số", "X-2"]),
        (["A003", "A002", "A001"], ["A003", "A002", "A001"]),
    ],
)
def test_three_and_more_serial_numbers_in_a_row_are_a_span(marks, written):
    assert spans(marks) == written


@pytest.mark.parametrize(
    ("state", "paid", "standing"),
    [
        (InvoiceState.DRAFT, 0, InvoiceStanding.DRAFT),
        (InvoiceState.DISCARDED, 0, InvoiceStanding.DISCARDED),
        (InvoiceState.ISSUED, 0, InvoiceStanding.ISSUED),
        (InvoiceState.ISSUED, 40, InvoiceStanding.PART_PAID),
        (InvoiceState.ISSUED, 105, InvoiceStanding.PAID),
    ],
)
def test_an_invoice_that_is_paid_says_so(state, paid, standing):
    invoice = Invoice(buyer_id=new_id(), drafted_on=TODAY, state=state, net=100, vat=5, paid=paid)

    assert invoice.standing is standing


def test_an_invoice_of_nothing_is_paid():
    invoice = Invoice(buyer_id=new_id(), drafted_on=TODAY, state=InvoiceState.ISSUED)

    assert invoice.standing is InvoiceStanding.PAID
