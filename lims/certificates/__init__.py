"""Certificates: what the centre signs and anyone may check."""
