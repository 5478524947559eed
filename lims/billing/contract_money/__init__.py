"""How far the money of each contract has come, summed from the facts."""
