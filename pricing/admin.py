"""Which prices of 1C are open, and who buys at which."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.admin import ErpAdmin, counted
from pricing.models import CityPriceType, ContractPricing, Price, PriceType


@admin.register(PriceType)
class PriceTypeAdmin(ErpAdmin):
    """New types of 1C stay closed until somebody opens them: purchase prices come the same way."""

    list_display = ("name", "is_open", "offers", "cities", "contracts", "currency", "is_vat_included")
    list_editable = ("is_open",)
    list_filter = ("is_open",)
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("name", "currency", "is_vat_included")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceType]:
        types: QuerySet[PriceType] = super().get_queryset(request)
        return types.annotate(
            offer_count=counted(Price.objects.filter(amount__gt=0), "price_type"),
            city_count=counted(CityPriceType.objects.all(), "price_type"),
            contract_count=counted(ContractPricing.objects.all(), "price_type"),
        )

    @admin.display(description=_("цен"), ordering="offer_count")
    def offers(self, price_type: PriceType) -> int:
        return price_type.offer_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("городов"), ordering="city_count")
    def cities(self, price_type: PriceType) -> int:
        return price_type.city_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("договоров"), ordering="contract_count")
    def contracts(self, price_type: PriceType) -> int:
        return price_type.contract_count  # type: ignore[attr-defined, no-any-return]


@admin.register(CityPriceType)
class CityPriceTypeAdmin(admin.ModelAdmin):
    list_display = ("city", "price_type", "is_open")
    list_filter = ("price_type",)
    list_select_related = ("city", "price_type")
    search_fields = ("city__name",)
    ordering = ("city__position", "city__name")

    @admin.display(description=_("открыт"), boolean=True)
    def is_open(self, row: CityPriceType) -> bool:
        return row.price_type.is_open


@admin.register(ContractPricing)
class ContractPricingAdmin(admin.ModelAdmin):
    list_display = ("contract", "legal_entity", "price_type", "is_open")
    list_filter = ("price_type",)
    list_select_related = ("contract__legal_entity", "price_type")
    search_fields = ("contract__number", "contract__legal_entity__name", "contract__legal_entity__inn")
    search_help_text = _("Номер договора, юридическое лицо или ИНН")
    ordering = ("contract__legal_entity__name", "contract__number")
    raw_id_fields = ("contract",)

    @admin.display(description=_("юрлицо"), ordering="contract__legal_entity__name")
    def legal_entity(self, row: ContractPricing) -> str:
        return str(row.contract.legal_entity)

    @admin.display(description=_("открыт"), boolean=True)
    def is_open(self, row: ContractPricing) -> bool:
        return row.price_type.is_open
