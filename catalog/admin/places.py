"""Cities and warehouses: who is served from where, and what lists do with goods that have run out."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ErpAdmin, counted
from catalog.models import City, CityWarehouse, Warehouse


class CityWarehouseInline(admin.TabularInline):
    """Which warehouses serve the city, in which order, how fast, until which hour."""

    model = CityWarehouse
    extra = 0
    fields = ("position", "warehouse", "delivery_days", "cutoff_time")
    ordering = ("position", "pk")


class PlainCityAdmin(admin.ModelAdmin):
    """A city and its warehouses; prices are added where they are known."""

    list_display: tuple[str, ...] = ("name", "position", "is_active", "absent_policy", "warehouses")
    list_editable = ("position", "is_active", "absent_policy")
    search_fields = ("name",)
    ordering = ("position", "name")
    fieldsets = (
        (None, {"fields": ("name", "position", "is_active")}),
        (
            _("Товары, которых сейчас нет"),
            {
                "fields": ("absent_policy", "order_days"),
                "description": _(
                    "Что списки города делают с товарами, которые его склады держат, но которые закончились. "
                    "Страница такого товара открывается всегда: с аналогами и датой поступления."
                ),
            },
        ),
    )
    inlines: ClassVar[Any] = (CityWarehouseInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[City]:
        cities: QuerySet[City] = super().get_queryset(request)
        return cities.annotate(warehouse_count=counted(CityWarehouse.objects.all(), "city"))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.display(description=_("складов"), ordering="warehouse_count")
    def warehouses(self, city: City) -> int:
        return city.warehouse_count  # type: ignore[attr-defined, no-any-return]


@admin.register(Warehouse)
class WarehouseAdmin(ErpAdmin):
    list_display = ("name", "address", "is_active", "cities")
    list_editable = ("is_active",)
    search_fields = ("name", "address")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Warehouse]:
        warehouses: QuerySet[Warehouse] = super().get_queryset(request)
        return warehouses.annotate(city_count=counted(CityWarehouse.objects.all(), "warehouse"))

    @admin.display(description=_("обслуживает городов"), ordering="city_count")
    def cities(self, warehouse: Warehouse) -> int:
        return warehouse.city_count  # type: ignore[attr-defined, no-any-return]
