"""What clients asked 1C for: to look at."""

from django.contrib import admin

from integrations.models import ErpRequest
from portal.lib.readonly import ReadOnly


@admin.register(ErpRequest)
class ErpRequestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("created_at", "kind", "legal_entity", "contract", "paper", "state", "reason", "node")
    list_select_related = ("legal_entity", "contract", "paper", "node")
    list_filter = ("state", "kind", "node")
    search_fields = ("uid", "legal_entity__name", "legal_entity__inn")
    ordering = ("-created_at", "-pk")
