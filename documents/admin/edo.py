"""Messages at operators of ЭДО in the admin: to look at, not to change."""

from django.contrib import admin

from documents.models import EdoMessage
from portal.lib.readonly import ReadOnly


@admin.register(EdoMessage)
class EdoMessageAdmin(ReadOnly, admin.ModelAdmin):
    """Who was sent what, and what the operator said last."""

    list_display = ("created_at", "operator", "document", "received", "status", "reason", "status_at")
    list_filter = ("status", "operator")
    list_select_related = ("document", "received")
    search_fields = ("message_id", "file_name", "document__number_print", "received__number")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
