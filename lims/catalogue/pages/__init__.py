"""The pages of instrument types, methods and the tariff."""
