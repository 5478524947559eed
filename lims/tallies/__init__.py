"""Tallies: the month in numbers, against the plan, each explained by its facts."""
