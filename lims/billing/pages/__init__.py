"""The pages of the accountant and of the counter that are about money."""
