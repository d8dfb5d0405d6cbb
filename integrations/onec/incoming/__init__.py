"""Orders and counterparties that 1C sends to the portal, whatever its dialect."""
