"""The pages of the bench and of the review."""
