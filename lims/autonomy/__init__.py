"""Autonomy: revenue against expenditure, and what the decree lets the centre do with the rest."""
