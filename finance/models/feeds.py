"""Links by which a person's calendar takes terms of payment."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from counterparties.models import Holding


class CalendarFeed(models.Model):
    """One link of a person in one holding; a new one puts an end to the old. Only a hash is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, related_name="+")
    secret_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("создана"))

    class Meta:
        verbose_name = _("ссылка на календарь платежей")
        verbose_name_plural = _("ссылки на календари платежей")
        constraints = [models.UniqueConstraint(fields=["user", "holding"], name="calendar_feed_one_a_person")]

    def __str__(self) -> str:
        return f"{self.user}: {self.holding}"
