"""Акты сверки in the admin: to look at, not to change."""

from django.contrib import admin

from documents.models import Act, ActSchedule
from portal.lib.readonly import ReadOnly


@admin.register(Act)
class ActAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "legal_entity",
        "organization",
        "period_from",
        "period_to",
        "state",
        "is_stale",
        "closing",
        "asked_at",
    )
    list_filter = ("state", "is_stale", "source", "organization")
    list_select_related = ("legal_entity", "organization")
    search_fields = ("legal_entity__name", "legal_entity__inn", "document__number_print")
    date_hierarchy = "period_to"
    ordering = ("-asked_at", "-pk")


@admin.register(ActSchedule)
class ActScheduleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("legal_entity", "organization", "contract", "period", "day", "is_active", "made_by")
    list_filter = ("is_active", "period")
    list_select_related = ("legal_entity", "organization", "contract", "made_by")
    search_fields = ("legal_entity__name", "legal_entity__inn")
    ordering = ("legal_entity", "pk")
