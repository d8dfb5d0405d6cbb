"""Goods that are ordered together."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Sku


class BoughtTogether(models.Model):
    """So many orders that hold the sku hold the other one too; counted anew every night.

    `lift` is how many times oftener than chance would have it.
    """

    sku = models.ForeignKey(
        Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    other = models.ForeignKey(Sku, verbose_name=_("берут с ней"), on_delete=models.CASCADE, related_name="+")
    orders = models.PositiveIntegerField(_("заказов"))
    lift = models.FloatField(_("чаще случайного, раз"))
    computed_on = models.DateField(_("посчитано"))

    class Meta:
        verbose_name = _("берут вместе")
        verbose_name_plural = _("берут вместе")
        constraints = [
            models.UniqueConstraint(fields=["sku", "other"], name="bought_together_unique"),
            models.CheckConstraint(condition=~Q(sku=F("other")), name="bought_together_not_itself"),
            models.CheckConstraint(condition=Q(orders__gt=0, lift__gt=0), name="bought_together_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} + {self.other_id}: {self.orders}"
