"""Expenses and the accounts of a year as pages and machines write them."""

from marshmallow import Schema, fields

from lims.autonomy.commands import EnterExpense, FindExpenses, ReverseExpense
from lims.vocabulary import ExpenseClass
from schemas.fields import choice, day, dong, text, whole
from schemas.forms import Body, ReasonBody
from schemas.paging import PageArgs, page_of


class ExpenseBody(Body):
    """Money that was spent."""

    command = EnterExpense

    spent_on = day(required=True)
    expense_class = choice(ExpenseClass, required=True)
    amount = dong(1, required=True)
    description = text(300, required=True, data_key="what")
    voucher = text(60)


class ReverseBody(ReasonBody):
    """Why an entry is wrong."""

    command = ReverseExpense


class ExpensesArgs(PageArgs):
    """Which expenses, and which part of them."""

    command = FindExpenses

    year = whole(1990, 2100, load_default=None)
    expense_class = choice(ExpenseClass, data_key="class", load_default=None)


class ExpenseSchema(Schema):
    """An expense as we show it."""

    id = fields.UUID()
    spent_on = fields.Date()
    expense_class = fields.String()
    amount = fields.Integer()
    description = fields.String(data_key="what")
    voucher = fields.String()
    reversed_on = fields.Date(allow_none=True)


ExpensesPage = page_of(ExpenseSchema, "ExpensesPage")


class ParameterSchema(Schema):
    """The dated value a number rests on."""

    name = fields.String()
    valid_from = fields.Date()
    value = fields.String()
    source = fields.String()


class YearSchema(Schema):
    """The accounts of a year, whole đồng; revenue is without VAT."""

    year = fields.Integer()
    revenue = fields.Dict(keys=fields.String(), values=fields.Integer(), attribute="sums.revenue")
    expenses = fields.Dict(keys=fields.String(), values=fields.Integer(), attribute="sums.expenses")
    recurrent_revenue = fields.Integer(attribute="sums.recurrent_revenue")
    recurrent_expenses = fields.Integer(attribute="sums.recurrent_expenses")
    taxes = fields.Integer(attribute="sums.taxes")
    surplus = fields.Integer(attribute="sums.surplus")
    level = fields.Nested(ParameterSchema, allow_none=True)
    development_share = fields.Nested(ParameterSchema, allow_none=True, attribute="share")
    development_minimum = fields.Integer(allow_none=True, attribute="minimum")
    rest = fields.Integer(allow_none=True)
