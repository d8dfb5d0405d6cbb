"""Requests for shipment, receipts and changes, for the administrator: to look at only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders.models import (
    OrderChange,
    OrderChangeLine,
    Receipt,
    ReceiptLine,
    ShipmentRequest,
    ShipmentRequestLine,
)
from portal.lib.readonly import ReadOnly


class SeenOnly(ReadOnly, admin.ModelAdmin):
    """An employee with rights in the admin sees what belongs to the clients he serves."""

    show_full_result_count = False
    ordering = ("-pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        seen = self.model._default_manager.visible_to(request.actor)  # type: ignore[attr-defined]
        return rows.filter(pk__in=seen.values("pk"))


class RequestLineInline(ReadOnly, admin.TabularInline):
    model = ShipmentRequestLine
    extra = 0
    fields = ("line", "quantity", "shipped")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShipmentRequestLine]:
        return super().get_queryset(request).select_related("line").order_by("pk")


class ReceiptLineInline(ReadOnly, admin.TabularInline):
    model = ReceiptLine
    extra = 0
    fields = ("row", "quantity", "note")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReceiptLine]:
        return super().get_queryset(request).select_related("row").order_by("pk")


class ChangeLineInline(ReadOnly, admin.TabularInline):
    model = OrderChangeLine
    extra = 0
    fields = ("line", "quantity_before", "quantity")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderChangeLine]:
        return super().get_queryset(request).select_related("line").order_by("pk")


@admin.register(ShipmentRequest)
class ShipmentRequestAdmin(SeenOnly):
    list_display = ("number", "state", "legal_entity", "warehouse", "method", "desired_date", "created_at")
    list_select_related = ("legal_entity", "warehouse")
    list_filter = ("state", "method", "warehouse")
    search_fields = ("number", "legal_entity__name", "legal_entity__inn")
    inlines = (RequestLineInline,)


@admin.register(Receipt)
class ReceiptAdmin(SeenOnly):
    list_display = ("shipment", "order", "received_by", "received_at")
    list_select_related = ("shipment__part__order", "received_by")
    search_fields = ("shipment__number", "shipment__part__number")
    inlines = (ReceiptLineInline,)

    @admin.display(description=_("заказ"))
    def order(self, receipt: Receipt) -> str:
        return receipt.shipment.part.order.label


@admin.register(OrderChange)
class OrderChangeAdmin(SeenOnly):
    list_display = ("order", "state", "created_by", "created_at", "decided_by", "decided_at")
    list_select_related = ("order", "created_by", "decided_by")
    list_filter = ("state",)
    search_fields = ("order__number",)
    inlines = (ChangeLineInline,)
