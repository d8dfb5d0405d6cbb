"""Time zones that a person of the trade lives in; Russian ones know no summer time."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Zone(models.TextChoices):
    """By whose clock a person's quiet hours and digest go."""

    KALININGRAD = "Europe/Kaliningrad", _("Калининград, UTC+2")
    MOSCOW = "Europe/Moscow", _("Москва, UTC+3")
    SAMARA = "Europe/Samara", _("Самара, UTC+4")
    YEKATERINBURG = "Asia/Yekaterinburg", _("Екатеринбург, UTC+5")
    OMSK = "Asia/Omsk", _("Омск, UTC+6")
    KRASNOYARSK = "Asia/Krasnoyarsk", _("Красноярск, UTC+7")
    IRKUTSK = "Asia/Irkutsk", _("Иркутск, UTC+8")
    YAKUTSK = "Asia/Yakutsk", _("Якутск, UTC+9")
    VLADIVOSTOK = "Asia/Vladivostok", _("Владивосток, UTC+10")
    MAGADAN = "Asia/Magadan", _("Магадан, UTC+11")
    KAMCHATKA = "Asia/Kamchatka", _("Камчатка, UTC+12")
