"""How goods travel, what it costs, and what contracts may choose."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import AddressZone, DeliveryService, DeliveryTariff, DeliveryZone, TradeRule


class TariffInline(admin.TabularInline):
    model = DeliveryTariff
    extra = 0


@admin.register(DeliveryService)
class DeliveryServiceAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "carrier", "position", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    filter_horizontal = ("cities",)
    ordering = ("position", "pk")
    inlines = (TariffInline,)


@admin.register(DeliveryZone)
class DeliveryZoneAdmin(admin.ModelAdmin):
    list_display = ("name", "city")
    list_select_related = ("city",)
    list_filter = ("city",)
    search_fields = ("name", "city__name")
    ordering = ("city__name", "name")


@admin.register(AddressZone)
class AddressZoneAdmin(admin.ModelAdmin):
    """In which zone an address lies; without a row it is the whole city."""

    list_display = ("address", "zone")
    list_select_related = ("address", "zone__city")
    list_filter = ("zone",)
    search_fields = ("address__address", "address__legal_entity__name")
    raw_id_fields = ("address",)
    ordering = ("address__address", "pk")


@admin.register(TradeRule)
class TradeRuleAdmin(admin.ModelAdmin):
    """What a contract may choose; its rule wins over that of its legal entity."""

    list_display = ("whose", "payment_terms")
    list_select_related = ("legal_entity", "contract__legal_entity")
    list_filter = ("payment_terms",)
    search_fields = ("legal_entity__name", "legal_entity__inn", "contract__number")
    autocomplete_fields = ("legal_entity", "contract")
    filter_horizontal = ("services", "warehouses")
    ordering = ("pk",)

    @admin.display(description=_("для кого"))
    def whose(self, rule: TradeRule) -> str:
        return f"{rule.contract.legal_entity}, {rule.contract}" if rule.contract else str(rule.legal_entity)
