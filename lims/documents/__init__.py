"""What the centre issues as documents: composed, frozen, set in type, and kept as bytes."""
