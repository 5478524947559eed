"""The centre: what it takes in, measures, certifies, bills and counts."""
