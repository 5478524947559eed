"""What happened, kept for ever: facts, the log, what follows from them, and the proof of both."""
