"""Money that comes in, on paper or over the counter."""
