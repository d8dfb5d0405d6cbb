"""Goods that somebody waits for."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ArrivalWatchQuerySet(models.QuerySet["ArrivalWatch"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own."""
        return self.filter(user_id=actor.user_id)


class ArrivalWatch(models.Model):
    """Somebody asked to be told when a sku is to be had in a city; gone once that was done."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="+")
    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(_("создано"))

    objects = ArrivalWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("ожидание товара")
        verbose_name_plural = _("ожидания товаров")
        constraints = [
            models.UniqueConstraint(fields=["user", "city", "sku"], name="arrival_watch_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.sku_id}"
