"""Money that came."""

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity, Organization
from counterparties.reach import reach

if TYPE_CHECKING:
    from counterparties.actor import Actor


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Payments of the legal entities whose money the actor may see, and of those merged into them."""
        return self.filter(reach(actor, Permission.FINANCE_VIEW))


class Payment(models.Model):
    """Money that came for a reference such as `order:17`. Append-only: a mistake is reversed."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="payments")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="payments")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="payments")
    reference = models.CharField(_("за что"), max_length=50, db_index=True)
    amount = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2)
    paid_on = models.DateField(_("дата оплаты"))
    document_number = models.CharField(_("номер платежного поручения"), max_length=50)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто у онлайн-платежа."),
    )
    online = models.ForeignKey(
        "finance.OnlinePayment", on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    recorded_at = models.DateTimeField(_("записана"))

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("оплата")
        verbose_name_plural = _("оплаты")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.UniqueConstraint(
                fields=["legal_entity", "document_number", "paid_on", "reference"],
                name="payment_document_unique",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=False) | Q(online__isnull=False),
                name="payment_has_author_or_provider",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.amount} ({self.reference})"
