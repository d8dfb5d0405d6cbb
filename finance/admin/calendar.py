"""The production calendar."""

from django.contrib import admin

from finance.models import CalendarDay


@admin.register(CalendarDay)
class CalendarDayAdmin(admin.ModelAdmin):
    """`manage.py calendar_load` fills it; moved days of a new decree are added here."""

    list_display = ("date", "name", "is_working")
    list_filter = ("is_working",)
    date_hierarchy = "date"
    ordering = ("date",)
    show_full_result_count = False
