"""Goods, cities, warehouses for an administrator: 1C is master of goods, people of what is shown where."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import (
    Brand,
    City,
    CityWarehouse,
    Classifier,
    Pack,
    Picture,
    Product,
    ProductSection,
    Property,
    Section,
    Sku,
    Stock,
    Unit,
    Warehouse,
)
from pricing.models import CityPriceType, Price


def counted(rows: QuerySet[Any], by: str) -> Coalesce:
    """Number of rows that refer to the row of the list by this field."""
    totals = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(total=Count("pk"))
    return Coalesce(Subquery(totals.values("total"), output_field=models.IntegerField()), 0)


class ErpAdmin(admin.ModelAdmin):
    """Rows that 1C sends: nobody adds or deletes them here, orders may refer to them."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ErpInline(admin.TabularInline):
    """Rows of 1C inside another one, to read."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class CityWarehouseInline(admin.TabularInline):
    """Which warehouses serve the city, in which order, how fast."""

    model = CityWarehouse
    extra = 0
    ordering = ("position", "pk")


class CityPriceTypeInline(admin.StackedInline):
    """At which prices the city buys without a contract's own."""

    model = CityPriceType


@admin.register(City)
class CityAdmin(admin.ModelAdmin):
    list_display = ("name", "position", "is_active", "price_type", "warehouses")
    list_editable = ("position", "is_active")
    list_select_related = ("pricing__price_type",)
    search_fields = ("name",)
    ordering = ("position", "name")
    inlines = (CityPriceTypeInline, CityWarehouseInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[City]:
        cities: QuerySet[City] = super().get_queryset(request)
        return cities.annotate(warehouse_count=counted(CityWarehouse.objects.all(), "city"))

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.display(description=_("вид цен"))
    def price_type(self, city: City) -> str:
        return str(city.pricing.price_type) if hasattr(city, "pricing") else "–"

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


@admin.register(Classifier)
class ClassifierAdmin(ErpAdmin):
    list_display = ("name", "position")
    list_editable = ("position",)
    ordering = ("position", "name")
    readonly_fields = ("name",)


@admin.register(Section)
class SectionAdmin(ErpAdmin):
    list_display = ("name", "parent", "classifier", "products", "is_hidden")
    list_editable = ("is_hidden",)
    list_filter = ("is_hidden", "classifier")
    list_select_related = ("parent", "classifier")
    search_fields = ("name",)
    ordering = ("sort_key",)
    readonly_fields = ("name", "classifier", "parent")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        sections: QuerySet[Section] = super().get_queryset(request)
        return sections.annotate(product_count=counted(ProductSection.objects.all(), "section"))

    @admin.display(description=_("товаров"), ordering="product_count")
    def products(self, section: Section) -> int:
        return section.product_count  # type: ignore[attr-defined, no-any-return]


@admin.register(Brand)
class BrandAdmin(ErpAdmin):
    list_display = ("name", "products")
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Brand]:
        brands: QuerySet[Brand] = super().get_queryset(request)
        return brands.annotate(product_count=counted(Product.objects.all(), "brand"))

    @admin.display(description=_("товаров"), ordering="product_count")
    def products(self, brand: Brand) -> int:
        return brand.product_count  # type: ignore[attr-defined, no-any-return]


@admin.register(Unit)
class UnitAdmin(ErpAdmin):
    list_display = ("name", "code", "full_name", "international_code")
    search_fields = ("name", "code", "full_name")
    ordering = ("name",)
    readonly_fields = ("name", "code", "full_name", "international_code")


@admin.register(Property)
class PropertyAdmin(ErpAdmin):
    list_display = ("name", "value_type", "is_hidden")
    list_editable = ("is_hidden",)
    list_filter = ("value_type", "is_hidden")
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("name", "value_type")


class SkuInline(ErpInline):
    model = Sku
    fields = ("characteristic", "article", "barcode", "is_hidden")
    show_change_link = True


class PackInline(ErpInline):
    model = Pack
    fields = ("unit", "coefficient")


class PictureInline(ErpInline):
    model = Picture
    fields = ("position", "source_path")
    ordering = ("position", "pk")


@admin.register(Product)
class ProductAdmin(ErpAdmin):
    """1C is the master; here one may only look, and hide a product until 1C does."""

    list_display = ("article", "name", "brand", "unit", "vat_percent", "is_hidden", "updated_at")
    list_display_links = ("article", "name")
    list_filter = ("is_hidden",)
    list_select_related = ("brand", "unit")
    search_fields = ("article", "name", "barcode", "code")
    search_help_text = _("Артикул, наименование, штрихкод или код в 1С")
    ordering = ("sort_key",)
    fields = (
        "name", "full_name", "article", "code", "barcode", "kind", "item_type",
        "brand", "unit", "vat_percent", "description", "is_hidden", "created_at", "updated_at",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "is_hidden")
    inlines = (SkuInline, PackInline, PictureInline)


class StockInline(ErpInline):
    model = Stock
    fields = ("warehouse", "free", "reserved", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stock]:
        stocks: QuerySet[Stock] = super().get_queryset(request)
        return stocks.select_related("warehouse").order_by("warehouse__name")


class PriceInline(ErpInline):
    model = Price
    fields = ("price_type", "minimum_quantity", "amount", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Price]:
        prices: QuerySet[Price] = super().get_queryset(request)
        return prices.select_related("price_type").order_by("price_type__name", "minimum_quantity")


@admin.register(Sku)
class SkuAdmin(ErpAdmin):
    """What is ordered, with its stock and prices as they came."""

    list_display = ("article", "product", "characteristic", "barcode", "is_hidden")
    list_display_links = ("article", "product")
    list_filter = ("is_hidden",)
    list_select_related = ("product",)
    search_fields = ("article", "product__article", "product__name", "barcode", "characteristic")
    search_help_text = _("Артикул, наименование, характеристика или штрихкод")
    ordering = ("product__sort_key", "characteristic")
    readonly_fields = ("product", "characteristic", "article", "barcode")
    inlines = (StockInline, PriceInline)
