"""The seller, the clients, their people and contracts."""

from counterparties.models.clients import (
    DeliveryAddress,
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityKind,
    LegalEntityUserObjectPermission,
)
from counterparties.models.contracts import Contract, ContractState
from counterparties.models.invitations import Invitation, InvitationState
from counterparties.models.organizations import (
    BankDetails,
    Organization,
    OrganizationBankAccount,
    TaxRegime,
)
from counterparties.models.people import GrantState, Membership, Role, RolePermission, StageGrant

__all__ = [
    "BankDetails",
    "Contract",
    "ContractState",
    "DeliveryAddress",
    "GrantState",
    "Holding",
    "HoldingUserObjectPermission",
    "Invitation",
    "InvitationState",
    "LegalEntity",
    "LegalEntityBankAccount",
    "LegalEntityKind",
    "LegalEntityUserObjectPermission",
    "Membership",
    "Organization",
    "OrganizationBankAccount",
    "Role",
    "RolePermission",
    "StageGrant",
    "TaxRegime",
]
