"""What goes back to its owner: paid for, by ticks, with a paper to sign."""
