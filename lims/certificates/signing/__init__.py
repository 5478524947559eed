"""How certificates come to be: what waits, what is signed, and what replaces what."""
