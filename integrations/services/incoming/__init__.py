"""Orders and counterparties of 1C put in their places."""
