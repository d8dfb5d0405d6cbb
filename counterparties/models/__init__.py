"""The seller, the clients, their people and contracts."""

from counterparties.models.changes import (
    ChangeField,
    ChangeOutcome,
    ChangeRequest,
    ChangeState,
    ChangeSubject,
)
from counterparties.models.clients import (
    ClientGroup,
    DeliveryAddress,
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityKind,
    LegalEntityUserObjectPermission,
    VatMode,
)
from counterparties.models.consents import Consent, ConsentKind, ConsentText
from counterparties.models.contracts import Contract, ContractState
from counterparties.models.invitations import Invitation, InvitationState
from counterparties.models.merging import MergeKind, MergeRecord
from counterparties.models.organizations import (
    BankDetails,
    Organization,
    OrganizationBankAccount,
    TaxRegime,
)
from counterparties.models.people import (
    GrantState,
    Membership,
    MembershipQuerySet,
    Role,
    RolePermission,
    StageGrant,
)
from counterparties.models.registration import (
    REGISTRATION_STEPS,
    AccessRequest,
    AccessRequestState,
    Registration,
    RegistrationState,
)
from counterparties.models.sign_in import CompanySignIn
from counterparties.models.visits import (
    VISIT_IDLE_LIMIT,
    VISIT_LIMIT,
    EntryRefusal,
    Visit,
    VisitAction,
    VisitCart,
    VisitEnd,
    VisitRefusal,
)

__all__ = [
    "REGISTRATION_STEPS",
    "VISIT_IDLE_LIMIT",
    "VISIT_LIMIT",
    "AccessRequest",
    "AccessRequestState",
    "BankDetails",
    "ChangeField",
    "ChangeOutcome",
    "ChangeRequest",
    "ChangeState",
    "ChangeSubject",
    "ClientGroup",
    "CompanySignIn",
    "Consent",
    "ConsentKind",
    "ConsentText",
    "Contract",
    "ContractState",
    "DeliveryAddress",
    "EntryRefusal",
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
    "MembershipQuerySet",
    "MergeKind",
    "MergeRecord",
    "Organization",
    "OrganizationBankAccount",
    "Registration",
    "RegistrationState",
    "Role",
    "RolePermission",
    "StageGrant",
    "TaxRegime",
    "VatMode",
    "Visit",
    "VisitAction",
    "VisitCart",
    "VisitEnd",
    "VisitRefusal",
]
