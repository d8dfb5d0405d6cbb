"""How often clients buy goods, counted beforehand: the morning asks for hundreds of clients at once."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Sku
from counterparties.models import Holding


class PurchaseRhythm(models.Model):
    """A sku that a client buys again and again; follows from his orders, of the portal and of 1C alike.

    `usual` is the usual quantity, `last_price` that of one unit with VAT. `broken_from` is the first day
    on which he is late by more than the allowance.
    """

    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="rhythms"
    )
    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, related_name="+")
    days = models.PositiveIntegerField(_("раз в дней"))
    usual = models.DecimalField(_("обычно"), max_digits=15, decimal_places=3)
    last_price = models.DecimalField(_("последняя цена"), max_digits=18, decimal_places=4)
    last_on = models.DateField(_("последний раз"))
    broken_from = models.DateField(_("ритм сбит с"))

    class Meta:
        verbose_name = _("ритм закупок")
        verbose_name_plural = _("ритмы закупок")
        constraints = [
            models.UniqueConstraint(fields=["holding", "sku"], name="purchase_rhythm_once"),
            models.CheckConstraint(condition=Q(days__gt=0, usual__gt=0), name="purchase_rhythm_sane"),
        ]
        indexes = [models.Index(fields=["holding", "broken_from"], name="purchase_rhythm_broken")]

    def __str__(self) -> str:
        return f"{self.holding_id}: {self.sku_id}"
