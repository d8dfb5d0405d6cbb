"""The administrator's pages; one module for each noun."""

from counterparties.admin import clients, registration

__all__ = ["clients", "registration"]
