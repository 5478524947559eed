"""The work on an item: its readings, what they are worth, and who checked them."""
