"""The registry of instruments: each known by its type, its serial and its holder."""
