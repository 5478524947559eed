"""How a contract is drafted: the page with its rows, and the command it becomes."""
