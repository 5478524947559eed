"""How a request becomes an order: from the counter's page, or by the names machines use."""
