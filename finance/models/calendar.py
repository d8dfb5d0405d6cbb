"""The production calendar: what differs from five days of work and two of rest."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a Saturday on which people work."""

    date = models.DateField(_("день"), unique=True)
    is_working = models.BooleanField(_("рабочий"), default=False)
    name = models.CharField(_("праздник"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("день производственного календаря")
        verbose_name_plural = _("производственный календарь")

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y}"
