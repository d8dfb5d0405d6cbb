"""The quick order pad between visits."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import City
from counterparties.models import Contract, LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor


class PadQuerySet(models.QuerySet["Pad"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own pads for the legal entities they may act for; a drafting manager's are apart."""
        return self.filter(
            user_id=actor.user_id,
            legal_entity__in=LegalEntity.objects.visible_to(actor),
            drafted_by=actor.drafts_as_id,
        )


class Pad(models.Model):
    """Быстрый заказ: rows that a person types, kept as they stand until they go to a cart.

    `rows` is a list of {"code", "quantity", "unit", "sku"}: what was typed, and the sku that was chosen
    by hand where the code fits several. `round` counts how often the pad went to a cart: a page that
    shows an older round may write nothing, so that the same rows do not go twice.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pads")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    rows = models.JSONField(_("строки"), default=list, blank=True)
    round = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = PadQuerySet.as_manager()

    class Meta:
        verbose_name = _("быстрый заказ")
        verbose_name_plural = _("быстрые заказы")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "legal_entity", "contract", "city", "drafted_by"],
                nulls_distinct=False,
                name="pad_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
