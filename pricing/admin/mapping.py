"""Who buys at which price type."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from pricing.models import CityPriceType, ContractPricing, HoldingPricing


class MappingAdmin(admin.ModelAdmin):
    """A row gives a price type to somebody; a closed one is passed over."""

    list_filter = ("price_type", "price_type__is_open")

    @admin.display(description=_("открыт"), boolean=True)
    def is_open(self, row: Any) -> bool:
        return bool(row.price_type.is_open)


@admin.register(CityPriceType)
class CityPriceTypeAdmin(MappingAdmin):
    list_display = ("city", "price_type", "is_open")
    list_select_related = ("city", "price_type")
    search_fields = ("city__name",)
    ordering = ("city__position", "city__name")


@admin.register(HoldingPricing)
class HoldingPricingAdmin(MappingAdmin):
    list_display = ("holding", "price_type", "is_open")
    list_select_related = ("holding", "price_type")
    search_fields = ("holding__name", "holding__legal_entities__name", "holding__legal_entities__inn")
    search_help_text = _("Клиент, его юридическое лицо или ИНН")
    ordering = ("holding__name",)
    raw_id_fields = ("holding",)


@admin.register(ContractPricing)
class ContractPricingAdmin(MappingAdmin):
    list_display = ("contract", "legal_entity", "price_type", "is_open")
    list_select_related = ("contract__legal_entity", "price_type")
    search_fields = ("contract__number", "contract__legal_entity__name", "contract__legal_entity__inn")
    search_help_text = _("Номер договора, юридическое лицо или ИНН")
    ordering = ("contract__legal_entity__name", "contract__number")
    raw_id_fields = ("contract",)

    @admin.display(description=_("юрлицо"), ordering="contract__legal_entity__name")
    def legal_entity(self, row: ContractPricing) -> str:
        return str(row.contract.legal_entity)
