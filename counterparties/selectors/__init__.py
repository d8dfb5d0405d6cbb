"""Reads of people, clients and their contracts."""

from counterparties.selectors.actors import (
    actor_for,
    actor_of_membership,
    may_enter_as,
    membership_of,
    memberships_valid,
    served_holding_ids,
    stages_valid,
)
from counterparties.selectors.clients import ClientPerson, ClientRow, client_rows
from counterparties.selectors.workplace import Workplace, workplace_for

__all__ = [
    "ClientPerson",
    "ClientRow",
    "Workplace",
    "actor_for",
    "actor_of_membership",
    "client_rows",
    "may_enter_as",
    "membership_of",
    "memberships_valid",
    "served_holding_ids",
    "stages_valid",
    "workplace_for",
]
