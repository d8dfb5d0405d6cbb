"""Codes of clients, for those who look why a row of theirs was taken for this good."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.models import ClientCode


@admin.register(ClientCode)
class ClientCodeAdmin(admin.ModelAdmin):
    """Looked at only: clients keep their codes themselves, nothing is deleted."""

    list_display = ("code", "holding", "sku", "source", "author", "created_at", "removed_at")
    list_select_related = ("holding", "sku__product", "author")
    list_filter = ("source", ("removed_at", admin.EmptyFieldListFilter))
    list_per_page = 50
    search_fields = ("code", "key", "holding__name", "sku__product__name", "sku__product__article")
    search_help_text = _("Код, клиент, товар или артикул")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    fields = (
        "holding", "code", "sku", "source", "upload", "author", "acting_user", "created_at", "removed_at",
        "removed_by",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("Коды клиентов")} | (extra_context or {}))
