"""Reminders: what falls due."""
