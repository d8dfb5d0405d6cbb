"""Periods that people ask acts for by name."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.models import ActPeriod
from documents.services.act_schedules import MONTHS, period_before


class Preset(models.TextChoices):
    """A period by its name."""

    MONTH = "month", _("Прошлый месяц")
    QUARTER = "quarter", _("Прошлый квартал")
    YEAR = "year", _("С начала года")
    SINCE = "since", _("С последнего акта")
    OWN = "own", _("Свой период")


def preset_period(
    preset: Preset,
    *,
    today: date,
    own: tuple[date | None, date | None] = (None, None),
    last: date | None = None,
) -> tuple[date, date]:
    """First and last day of a preset; `last` is the end of the last act, `own` what the person has typed."""
    if preset == Preset.MONTH:
        return period_before(today, months=MONTHS[ActPeriod.MONTH])
    if preset == Preset.QUARTER:
        return period_before(today, months=MONTHS[ActPeriod.QUARTER])
    if preset == Preset.SINCE and last is not None:
        return min(last + timedelta(days=1), today), today
    if preset == Preset.OWN and own[0] and own[1]:
        return own[0], own[1]
    return today.replace(month=1, day=1), today
