"""Billing: what was earned, what was invoiced, what was paid."""
