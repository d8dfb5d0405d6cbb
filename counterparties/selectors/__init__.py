"""Reads of people, clients and their contracts."""

from counterparties.selectors.actors import (
    actor_for,
    actor_of_membership,
    grants_of,
    membership_of,
    memberships_held,
    memberships_valid,
    served_holding_ids,
    trusted_stages,
)
from counterparties.selectors.clients import ClientPerson, ClientRow, client_rows
from counterparties.selectors.rights import stages_valid
from counterparties.selectors.workplace import Workplace, stock_mask_of, workplace_for

__all__ = [
    "ClientPerson",
    "ClientRow",
    "Workplace",
    "actor_for",
    "actor_of_membership",
    "client_rows",
    "grants_of",
    "membership_of",
    "memberships_held",
    "memberships_valid",
    "served_holding_ids",
    "stages_valid",
    "stock_mask_of",
    "trusted_stages",
    "workplace_for",
]
