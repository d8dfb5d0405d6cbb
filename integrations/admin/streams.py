"""What arrives out of order, and whose id is whose."""

from django.contrib import admin

from integrations.admin.readonly import ReadOnly
from integrations.models import ExchangeStream, ExternalId, PendingOffer


@admin.register(PendingOffer)
class PendingOfferAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("external_id", "node", "received_at")
    list_select_related = ("node",)
    list_filter = ("node",)
    search_fields = ("external_id",)
    ordering = ("-received_at", "-pk")
    fields = ("node", "external_id", "payload", "received_at")


@admin.register(ExternalId)
class ExternalIdAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("external_id", "kind", "object_id", "node")
    list_select_related = ("node",)
    list_filter = ("kind", "node")
    search_fields = ("external_id", "=object_id")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(ExchangeStream)
class ExchangeStreamAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("node", "kind", "catalog_external_id", "formed_at")
    list_select_related = ("node",)
    list_filter = ("node",)
    ordering = ("-formed_at",)
