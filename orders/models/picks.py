"""Quantities that are typed into lists of goods, before they go to a cart."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract, LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor


class PickSheetQuerySet(models.QuerySet["PickSheet"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own sheets for the legal entities they may act for; a drafting manager's are apart."""
        return self.filter(
            user_id=actor.user_id,
            legal_entity__in=LegalEntity.objects.visible_to(actor),
            drafted_by=actor.drafts_as_id,
        )


class PickSheet(models.Model):
    """Подбор: what a person has typed beside goods for one cart and not yet put into it.

    `round` counts how often the sheet went to the cart: a page that shows an older round may write
    nothing into the sheet, so that the same quantities do not go twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pick_sheets")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    round = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PickSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("подбор")
        verbose_name_plural = _("подборы")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "legal_entity", "contract", "city", "drafted_by"],
                nulls_distinct=False,
                name="pick_sheet_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Pick(models.Model):
    """One typed quantity, in base units."""

    sheet = models.ForeignKey(PickSheet, on_delete=models.CASCADE, related_name="picks")
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)

    class Meta:
        verbose_name = _("подобранное количество")
        verbose_name_plural = _("подобранные количества")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "sku"], name="pick_unique"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pick_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.quantity}"
