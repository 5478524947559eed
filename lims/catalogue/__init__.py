"""Catalogue: what can be asked for, by which method, at which price, how often by law."""
