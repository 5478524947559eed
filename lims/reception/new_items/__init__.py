"""What is brought becomes the items of an order: pasted serials, rules, the registry."""
