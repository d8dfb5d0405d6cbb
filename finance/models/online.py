"""Payments through a provider."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity, Organization
from counterparties.reach import reach
from finance.states import OnlineState
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class OnlinePaymentQuerySet(models.QuerySet["OnlinePayment"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(reach(actor, Permission.FINANCE_VIEW, author="created_by"))


@tracked()
class OnlinePayment(models.Model):
    """One payment of a legal entity to an organization, for one or several things it owes.

    `uid` is the key of idempotence at the provider and the address of the page to come back to.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="online_payments")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    purpose = models.CharField(_("назначение"), max_length=210)
    state = models.CharField(_("состояние"), max_length=20, choices=OnlineState, default=OnlineState.CREATED)
    provider_id = models.CharField(_("номер у провайдера"), max_length=64, blank=True)
    confirmation_url = models.URLField(max_length=500, blank=True)
    cancel_reason = models.CharField(_("почему отменен"), max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("создан"))
    finished_at = models.DateTimeField(_("завершен"), null=True, blank=True)

    objects = OnlinePaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("онлайн-платеж")
        verbose_name_plural = _("онлайн-платежи")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="online_payment_positive"),
            models.UniqueConstraint(
                fields=["provider_id"], condition=~Q(provider_id=""), name="online_payment_provider_id_unique"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["succeeded", "canceled"], finished_at__isnull=False)
                | (~Q(state__in=["succeeded", "canceled"]) & Q(finished_at__isnull=True)),
                name="online_payment_finished_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity}: {self.amount}"


class OnlinePaymentItem(models.Model):
    """What part of the payment is for: an invoice, an order or a debit entry, named by reference."""

    payment = models.ForeignKey(OnlinePayment, on_delete=models.CASCADE, related_name="items")
    reference = models.CharField(_("за что"), max_length=50)
    label = models.CharField(_("как названо"), max_length=200)
    amount = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("за что платеж")
        verbose_name_plural = _("за что платеж")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="online_payment_item_positive"),
            models.UniqueConstraint(fields=["payment", "reference"], name="online_payment_item_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.amount}"
