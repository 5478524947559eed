"""What is set once and holds from a day on: the centre, dated values, areas, closed periods."""
