"""Cards of managers; talks and letters that came by mail are only looked at."""

from django.contrib import admin
from django.http import HttpRequest

from counterparties.admin.registration import ReadOnlyAdmin
from counterparties.models import InboundLetter, ManagerCard, Thread


@admin.register(ManagerCard)
class ManagerCardAdmin(admin.ModelAdmin):
    """An administrator fills in absence for one who fell ill; the photo is the employee's own matter."""

    list_display = ("user", "direct_phone", "work_from", "work_to", "away_from", "away_until", "substitute")
    list_select_related = ("user", "substitute")
    search_fields = ("user__full_name", "user__email")
    ordering = ("user__full_name", "pk")
    autocomplete_fields = ("user", "substitute")
    exclude = ("photo", "updated_at")
    show_full_result_count = False

    def get_readonly_fields(self, request: HttpRequest, obj: ManagerCard | None = None) -> tuple[str, ...]:
        return ("user",) if obj else ()


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    """Who waits for an answer, and for how long."""

    list_display = (
        "subject",
        "holding",
        "started_by",
        "state",
        "taken_by",
        "answer_due_at",
        "last_message_at",
    )
    list_select_related = ("holding", "started_by", "taken_by")
    list_filter = ("state", "kind", "is_personal")
    search_fields = ("subject", "holding__name", "started_by__full_name")
    ordering = ("-last_message_at", "-pk")
    exclude = ("mail_token",)
    show_full_result_count = False


@admin.register(InboundLetter)
class InboundLetterAdmin(ReadOnlyAdmin):
    """What became of each letter."""

    list_display = ("received_at", "sender", "subject", "state", "reason", "thread")
    list_select_related = ("thread",)
    list_filter = ("state",)
    search_fields = ("sender", "subject", "mail_id")
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    show_full_result_count = False
