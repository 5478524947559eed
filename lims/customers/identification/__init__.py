"""How a customer is told from others: by the codes of the state, by a name as people type it."""
