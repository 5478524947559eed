"""Identity: who the people are, what they may do, and until when."""
