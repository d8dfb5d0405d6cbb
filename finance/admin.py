"""Payments for the administrator: an append-only list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from finance.models import Payment


@admin.register(Payment)
class PaymentAdmin(admin.ModelAdmin):
    list_display = ("paid_on", "legal_entity", "reference", "document_number", "amount", "recorded_by")
    list_select_related = ("legal_entity", "recorded_by")
    list_filter = ("organization",)
    search_fields = ("document_number", "reference", "legal_entity__name", "legal_entity__inn")
    date_hierarchy = "paid_on"
    ordering = ("-paid_on", "-pk")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
