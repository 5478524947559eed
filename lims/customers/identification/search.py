"""How the register is searched: beginnings of words without accents, codes and telephones."""

import re

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from lims.customers.models import Customer, search_key

SHORTEST_DIGITS = 3
"""Fewer digits are the number of a market or a ward, not the beginning of a code."""


def matching(q: str) -> ColumnElement[bool]:
    """Say which customers a search finds: every word begins a word of the name, or a code does."""
    words = search_key(q).split()
    named = and_(
        *((literal(" ") + Customer.folded).contains(f" {word}", autoescape=True) for word in words),
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


def best_matches(q: str, limit: int) -> Select[Customer]:
    """Look for a customer by what somebody types; names that begin with it come first."""
    start = case((Customer.folded.startswith(search_key(q), autoescape=True), 0), else_=1)
    query = select(Customer).where(matching(q)).order_by(start, Customer.folded, Customer.id)
    return query.limit(limit)
