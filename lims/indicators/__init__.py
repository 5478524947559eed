"""Indicators: activities that are not laboratory work, counted by hand."""
