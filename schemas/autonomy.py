"""Expenses and the accounts of a year as pages and machines write them."""

from marshmallow import Schema, fields

from lims.vocabulary import ExpenseClass
from schemas.fields import choice, day, dong, text, whole
from schemas.forms import Body, Form


class ExpenseForm(Form):
    """Money that was spent."""

    spent_on = day(required=True)
    expense_class = choice(ExpenseClass, required=True)
    amount = dong(1, required=True)
    what = text(300, required=True)
    voucher = text(60)


class ExpenseBody(Body):
    """Money that was spent, as a machine says it."""

    spent_on = day(required=True)
    expense_class = choice(ExpenseClass, required=True)
    amount = dong(1, required=True)
    what = text(300, required=True)
    voucher = text(60)


class ExpenseArgs(Schema):
    """Which expenses."""

    year = whole(1990, 2100, load_default=None)
    expense_class = choice(ExpenseClass, data_key="class", load_default=None)


class ExpenseSchema(Schema):
    """An expense as we show it."""

    id = fields.UUID()
    spent_on = fields.Date()
    expense_class = fields.String()
    amount = fields.Integer()
    what = fields.String()
    voucher = fields.String()
    reversed_on = fields.Date(allow_none=True)


class ExpensesPage(Schema):
    """One page of expenses."""

    items = fields.List(fields.Nested(ExpenseSchema))
    next = fields.UUID(allow_none=True)


class ParameterSchema(Schema):
    """The dated value a number rests on."""

    name = fields.String()
    valid_from = fields.Date()
    value = fields.String()
    source = fields.String()


class YearSchema(Schema):
    """The accounts of a year, whole đồng; revenue is without VAT."""

    year = fields.Integer()
    revenue = fields.Dict(keys=fields.String(), values=fields.Integer())
    expenses = fields.Dict(keys=fields.String(), values=fields.Integer())
    recurrent_revenue = fields.Integer()
    recurrent_expenses = fields.Integer()
    taxes = fields.Integer()
    surplus = fields.Integer()
    level = fields.Nested(ParameterSchema, allow_none=True)
    development_share = fields.Nested(ParameterSchema, allow_none=True)
    development_minimum = fields.Integer(allow_none=True)
    rest = fields.Integer(allow_none=True)
