"""A demonstration centre, filled by the same acts as the pages."""
