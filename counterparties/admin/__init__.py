"""The administrator's pages; one module for each noun."""

from counterparties.admin import (
    clients,
    managers,
    memberships,
    merging,
    people,
    registration,
    roles,
    stages,
    visits,
)

__all__ = [
    "clients",
    "managers",
    "memberships",
    "merging",
    "people",
    "registration",
    "roles",
    "stages",
    "visits",
]
