"""Roles of a client's people, and which permissions each role has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission


class Role(models.TextChoices):
    """Ready roles of a person inside a holding."""

    HEAD = "head", _("Руководитель")
    ACCOUNTANT = "accountant", _("Бухгалтер")
    BUYER = "buyer", _("Закупщик")
    RECEIVER = "receiver", _("Приемщик")
    VIEWER = "viewer", _("Наблюдатель")


ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.HEAD: frozenset(
        {
            Permission.ORDER_CREATE,
            Permission.ORDER_SUBMIT,
            Permission.ORDER_VIEW_ALL,
            Permission.DOCUMENT_VIEW,
            Permission.FINANCE_VIEW,
            Permission.PEOPLE_MANAGE,
        }
    ),
    Role.ACCOUNTANT: frozenset(
        {Permission.ORDER_VIEW_ALL, Permission.DOCUMENT_VIEW, Permission.FINANCE_VIEW}
    ),
    Role.BUYER: frozenset({Permission.ORDER_CREATE, Permission.ORDER_SUBMIT, Permission.DOCUMENT_VIEW}),
    Role.RECEIVER: frozenset({Permission.ORDER_VIEW_ALL}),
    Role.VIEWER: frozenset({Permission.ORDER_VIEW_ALL}),
}

STAFF_PERMISSIONS: frozenset[Permission] = frozenset(
    {
        Permission.CLIENT_SERVE,
        Permission.CLIENT_ENTER,
        Permission.ORDER_VIEW_ALL,
        Permission.DOCUMENT_VIEW,
        Permission.FINANCE_VIEW,
        Permission.PAYMENT_RECORD,
    }
)

# Codenames of object permissions (django-guardian).
SERVE_HOLDING = "serve_holding"
ACT_FOR_LEGAL_ENTITY = "act_for_legal_entity"
