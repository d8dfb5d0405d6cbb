"""Ready roles of a client's people, and what an employee of the distributor may do."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission, Scope, Stage


class ReadyRole(models.TextChoices):
    """Codes of the roles that every installation has; holdings may add their own."""

    HEAD = "head", _("Руководитель")
    ACCOUNTANT = "accountant", _("Бухгалтер")
    BUYER = "buyer", _("Закупщик")
    RECEIVER = "receiver", _("Приемщик")
    VIEWER = "viewer", _("Наблюдатель")


READY_ROLES: dict[ReadyRole, dict[Permission, Scope]] = {
    ReadyRole.HEAD: {
        Permission.ORDER_CREATE: Scope.HOLDING,
        Permission.ORDER_SUBMIT: Scope.HOLDING,
        Permission.ORDER_VIEW: Scope.HOLDING,
        Permission.DOCUMENT_VIEW: Scope.HOLDING,
        Permission.FINANCE_VIEW: Scope.HOLDING,
        Permission.REQUISITES_EDIT: Scope.HOLDING,
        Permission.DOCUMENT_SIGN: Scope.HOLDING,
        Permission.PEOPLE_MANAGE: Scope.HOLDING,
    },
    ReadyRole.ACCOUNTANT: {
        Permission.ORDER_VIEW: Scope.ENTITIES,
        Permission.DOCUMENT_VIEW: Scope.ENTITIES,
        Permission.FINANCE_VIEW: Scope.ENTITIES,
    },
    ReadyRole.BUYER: {
        Permission.ORDER_CREATE: Scope.ENTITIES,
        Permission.ORDER_SUBMIT: Scope.ENTITIES,
        Permission.ORDER_VIEW: Scope.OWN,
        Permission.DOCUMENT_VIEW: Scope.OWN,
    },
    ReadyRole.RECEIVER: {Permission.ORDER_VIEW: Scope.ENTITIES},
    ReadyRole.VIEWER: {Permission.ORDER_VIEW: Scope.ENTITIES},
}
"""What a role allows. From the second stage on a permission works only while its stage is granted."""

FIRST_STAGE: dict[ReadyRole, Stage] = {
    ReadyRole.HEAD: Stage.AUTHORITY,
    ReadyRole.ACCOUNTANT: Stage.FINANCE,
    ReadyRole.BUYER: Stage.ORDERS,
    ReadyRole.RECEIVER: Stage.ORDERS,
    ReadyRole.VIEWER: Stage.ORDERS,
}
"""The stage that an invitation proposes for a role."""

STAFF_PERMISSIONS: frozenset[Permission] = frozenset(
    {
        Permission.CLIENT_SERVE,
        Permission.CLIENT_ENTER,
        Permission.ORDER_VIEW,
        Permission.DOCUMENT_VIEW,
        Permission.FINANCE_VIEW,
        Permission.PAYMENT_RECORD,
    }
)

# Codenames of object permissions (django-guardian).
SERVE_HOLDING = "serve_holding"
ACT_FOR_LEGAL_ENTITY = "act_for_legal_entity"

ADMINISTRATOR_PERMISSIONS = STAFF_PERMISSIONS | {Permission.CREDIT_OVERRIDE}
"""A manager gets CREDIT_OVERRIDE from an administrator, as a permission of Django or through a group."""
