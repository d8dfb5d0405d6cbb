"""`manage.py calendar_load`: fill the production calendar with the days off of 2026 and 2027."""

from typing import Any

from django.core.management.base import BaseCommand

from finance.calendar import DAYS_OFF
from finance.models import CalendarDay


class Command(BaseCommand):
    """Days that are there already stay as they are: an administrator may know better."""

    help = "Заполнить производственный календарь на 2026 и 2027 годы; внесенные дни не меняются."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        before = CalendarDay.objects.count()
        CalendarDay.objects.bulk_create(
            (CalendarDay(date=day, name=name) for day, name in DAYS_OFF.items()), ignore_conflicts=True
        )
        self.stdout.write(f"Добавлено дней: {CalendarDay.objects.count() - before}")
