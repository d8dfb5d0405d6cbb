"""How often goods are ordered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.index.touching import touches
from catalog.models.goods import Sku


class SkuPopularity(models.Model):
    """Score of a sku, higher is more popular; written by those who know of orders."""

    sku = models.OneToOneField(Sku, on_delete=models.CASCADE, primary_key=True, related_name="popularity")
    score = models.FloatField(_("популярность"))

    class Meta:
        verbose_name = _("популярность")
        verbose_name_plural = _("популярность")
        triggers = touches("popularity", ids="sku_id")

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.score}"
