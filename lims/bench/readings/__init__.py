"""What was read at the bench: how it is typed, what is kept of it, and the limits it meets."""
