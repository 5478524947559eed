from datetime import date
from uuid import uuid4

from lims.customers.commands import CorrectCustomer, CorrectInstrument
from lims.customers.models import Customer, Instrument
from lims.vocabulary import CustomerKind
from tests.factories import TODAY


def test_a_change_names_what_changed_and_no_more():
    customer = Customer(name="Chợ", folded="cho", kind=CustomerKind.ORGANISATION, phone="1")

    fact = customer.correct(
        CorrectCustomer(name="Chợ Rạch Sỏi", phone="1", email="a@b.vn"), on=TODAY
    )

    assert fact.fields == "email name"
    assert (customer.name, customer.revision) == ("Chợ Rạch Sỏi", 2)


def instrument(**said):
    return Instrument(holder_id=uuid4(), type_id=uuid4(), serial="A1", serial_folded="a1", **said)


def test_an_instrument_falls_due_by_the_result_that_says_so():
    one, result = instrument(), uuid4()

    fact = one.fall_due(date(2027, 3, 31), result_id=result, on=TODAY)

    assert (one.due_on, one.due_result_id) == (date(2027, 3, 31), result)
    assert (fact.due_on, fact.subject) == (date(2027, 3, 31), one.id)


def test_after_a_fail_no_date_is_due():
    one = instrument(due_on=date(2027, 3, 31))

    assert one.fall_due(None, result_id=uuid4(), on=TODAY).due_on is None
    assert one.due_on is None


def test_an_instrument_taken_out_of_use_says_so():
    one = instrument()

    assert one.correct(CorrectInstrument(scrapped=True, area=""), on=TODAY).fields == "scrapped"
