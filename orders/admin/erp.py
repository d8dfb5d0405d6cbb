"""What 1C holds of an order, for the administrator: to look at only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orders.models import ErpDocument, ErpLine


class ReadOnly:
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ErpLineInline(ReadOnly, admin.TabularInline):
    model = ErpLine
    extra = 0
    fields = ("position", "article", "name", "quantity", "unit", "price", "gross", "is_cancelled")
    ordering = ("position",)


class ErpDocumentInline(ReadOnly, admin.TabularInline):
    model = ErpDocument
    extra = 0
    fields = ("kind", "number", "date", "total", "is_deleted", "formed_at")
    ordering = ("date", "pk")
