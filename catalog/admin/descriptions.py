"""By what goods are described: brands, units, properties."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin.base import ErpAdmin, counted
from catalog.admin.facets import SECTION_PARAMETER
from catalog.models import Brand, Product, Property, SectionFacet, Unit
from catalog.selectors.coverage import properties_of_section


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
    """1C names a property and its type; the unit and whether it is shown are decided here."""

    list_display = ("name", "value_type", "unit", "filters", "is_hidden")
    list_editable = ("unit", "is_hidden")
    list_filter = ("value_type", "is_hidden")
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("name", "value_type")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Property]:
        properties: QuerySet[Property] = super().get_queryset(request)
        return properties.annotate(filter_count=counted(SectionFacet.objects.all(), "property"))

    @admin.display(description=_("фильтров"), ordering="filter_count")
    def filters(self, row: Property) -> int:
        return row.filter_count  # type: ignore[attr-defined, no-any-return]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Property], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """For the filters of a section only properties that its goods have are offered."""
        section_id = request.GET.get(SECTION_PARAMETER, "")
        if section_id.isascii() and section_id.isdigit() and len(section_id) < 19:
            queryset = queryset.filter(
                pk__in=properties_of_section(int(section_id)).values("pk"), is_hidden=False
            )
        return super().get_search_results(request, queryset, search_term)
