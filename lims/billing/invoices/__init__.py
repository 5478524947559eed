"""Invoices: drafted from charges, issued under a number, composed for print."""
