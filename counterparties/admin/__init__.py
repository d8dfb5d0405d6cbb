"""The administrator's pages; one module for each noun."""

from counterparties.admin import (
    clients,
    groups,
    managers,
    memberships,
    merging,
    people,
    plans,
    registration,
    roles,
    stages,
    talk,
    visits,
)

__all__ = [
    "clients",
    "groups",
    "managers",
    "memberships",
    "merging",
    "people",
    "plans",
    "registration",
    "roles",
    "stages",
    "talk",
    "visits",
]
