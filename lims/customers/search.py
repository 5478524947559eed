"""How the register is searched: beginnings of words without accents, codes and telephones."""

import re

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from lims.customers.models import Customer
from lims.kernel.words import fold

SHORTEST_DIGITS = 3
"""Fewer digits are the number of a market or a ward, not the beginning of a code."""


def key(name: str) -> str:
    """Return a name as it is compared: “Cty TNHH (A.B)” and "CTY TNHH A B" are one."""
    return fold(re.sub(r"[\W_]+", " ", name)) or fold(name)


def matching(q: str) -> ColumnElement[bool]:
    """Say which customers a search finds: every word begins a word of the name, or a code does."""
    words = key(q).split()
    named = and_(
        *((literal(" ") + Customer.folded).contains(f" {one}", autoescape=True) for one in words),
        literal(value=True),
    )
    digits = re.sub(r"[\s.\-+]", "", q)
    if not (digits.isascii() and digits.isdigit()) or len(digits) < SHORTEST_DIGITS:
        return named
    telephone = func.replace(func.replace(Customer.phone, ".", ""), " ", "")
    return or_(
        named,
        func.replace(Customer.tax_code, "-", "").startswith(digits),
        Customer.budget_code == digits,
        Customer.personal_number == digits,
        telephone.contains(digits),
    )


def found(q: str, limit: int) -> Select[Customer]:
    """Look for a customer by what somebody types; names that begin with it come first."""
    start = case((Customer.folded.startswith(key(q), autoescape=True), 0), else_=1)
    query = select(Customer).where(matching(q)).order_by(start, Customer.folded, Customer.id)
    return query.limit(limit)
