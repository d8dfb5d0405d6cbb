"""The administrator's pages of the catalogue; one module for each noun.

1C is master of goods, people of what is shown where. The two pages that show prices stand here: only this
module may look up to `pricing`.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin import (
    articles,
    beside,
    calculators,
    descriptions,
    dictionary,
    facets,
    goods,
    queries,
    trees,
)
from catalog.admin.base import ErpAdmin, ErpInline, counted
from catalog.admin.places import CityWarehouseInline, PlainCityAdmin
from catalog.models import City, Sku, Stock
from pricing.models import CityPriceType, Price

__all__ = [
    "ErpAdmin",
    "ErpInline",
    "articles",
    "beside",
    "calculators",
    "counted",
    "descriptions",
    "dictionary",
    "facets",
    "goods",
    "queries",
    "trees",
]


class CityPriceTypeInline(admin.StackedInline):
    """At which prices the city buys without a contract's own."""

    model = CityPriceType


@admin.register(City)
class CityAdmin(PlainCityAdmin):
    list_display = (*PlainCityAdmin.list_display[:-1], "price_type", "warehouses")
    list_select_related = ("pricing__price_type",)
    inlines = (CityPriceTypeInline, CityWarehouseInline)

    @admin.display(description=_("вид цен"))
    def price_type(self, city: City) -> str:
        return str(city.pricing.price_type) if hasattr(city, "pricing") else "–"


class StockInline(admin.TabularInline):
    """1C's stock to read; what is on its way may be told here where 1C does not tell it."""

    model = Stock
    fields = ("warehouse", "free", "reserved", "expected", "expected_date", "updated_at")
    readonly_fields = ("warehouse", "free", "reserved", "updated_at")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

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
