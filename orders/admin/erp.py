"""What 1C holds of an order, for the administrator: to look at only."""

from django.contrib import admin

from orders.models import ErpDocument, ErpLine
from portal.lib.readonly import ReadOnly


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
