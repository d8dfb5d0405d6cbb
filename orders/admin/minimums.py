"""The smallest orders that are taken."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from orders.models import OrderMinimum


@admin.register(OrderMinimum)
class OrderMinimumAdmin(admin.ModelAdmin):
    """Rules of a contract in a city, of either, of everybody; the closest one is in force."""

    list_display = ("whose", "where", "amount")
    list_select_related = ("contract__legal_entity", "city")
    list_filter = ("city",)
    search_fields = ("contract__number", "contract__legal_entity__name", "contract__legal_entity__inn")
    autocomplete_fields = ("contract",)
    ordering = ("contract__legal_entity__name", "city__position", "pk")

    @admin.display(description=_("договор"), empty_value=_("все договоры"))
    def whose(self, rule: OrderMinimum) -> str | None:
        return f"{rule.contract.legal_entity}, {rule.contract}" if rule.contract else None

    @admin.display(description=_("город"), empty_value=_("все города"))
    def where(self, rule: OrderMinimum) -> str | None:
        return str(rule.city) if rule.city else None
