"""The log of visits in clients' cabinets, of what was done there and of refused entrances: read only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from counterparties.admin.registration import ReadOnlyAdmin
from counterparties.models import Visit, VisitAction, VisitRefusal


@admin.register(Visit)
class VisitAdmin(ReadOnlyAdmin):
    """Who worked in whose name, when, why and how it ended."""

    list_display = ("started_at", "employee", "person", "holding", "cart", "ended_at", "end", "reason")
    list_select_related = ("employee", "person", "holding")
    list_filter = ("end", "cart")
    search_fields = ("employee__full_name", "person__full_name", "person__email", "holding__name")
    date_hierarchy = "started_at"
    ordering = ("-started_at", "-pk")
    show_full_result_count = False


@admin.register(VisitAction)
class VisitActionAdmin(ReadOnlyAdmin):
    """Every changing request, done or refused."""

    list_display = ("at", "employee", "person", "what", "label", "status", "path", "request_id")
    list_select_related = ("employee", "person")
    search_fields = ("employee__full_name", "person__full_name", "label", "request_id")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    show_full_result_count = False


@admin.register(VisitRefusal)
class VisitRefusalAdmin(ReadOnlyAdmin):
    """Who tried a door that is closed to him."""

    list_display = ("at", "employee", "person", "why", "ip", "request_id")
    list_select_related = ("employee", "person")
    list_filter = ("reason",)
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    show_full_result_count = False

    @admin.display(description=_("причина"), ordering="reason")
    def why(self, refusal: VisitRefusal) -> str:
        return refusal.get_reason_display()
