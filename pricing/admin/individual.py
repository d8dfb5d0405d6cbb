"""Individual prices of contracts, and how lists tell what is in force."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pricing.models import IndividualPrice


class InForceFilter(admin.SimpleListFilter):
    """By the dates of a row: now, later, over."""

    title = gettext_lazy("срок")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", _("Идет")), ("later", _("Еще не начался")), ("over", _("Закончился"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        later, over = Q(valid_from__gt=today), Q(valid_until__lt=today)
        match self.value():
            case "now":
                return queryset.exclude(later).exclude(over)
            case "later":
                return queryset.filter(later)
            case "over":
                return queryset.filter(over)
        return queryset


@admin.register(IndividualPrice)
class IndividualPriceAdmin(admin.ModelAdmin):
    """Agreed prices in roubles; they stand above price types, discounts, floors and rounding."""

    list_display = (
        "contract", "legal_entity", "sku", "minimum_quantity", "amount", "valid_from", "valid_until",
    )  # fmt: skip
    list_display_links = ("contract", "sku")
    list_filter = (InForceFilter,)
    list_select_related = ("contract__legal_entity", "sku__product")
    list_per_page = 50
    show_full_result_count = False
    search_fields = (
        "contract__number", "contract__legal_entity__name", "contract__legal_entity__inn",
        "sku__article", "sku__product__article", "sku__product__name",
    )  # fmt: skip
    search_help_text = gettext_lazy("Договор, юридическое лицо, ИНН, артикул или наименование")
    ordering = ("contract", "sku", "minimum_quantity", "valid_from")
    raw_id_fields = ("contract", "sku")

    @admin.display(description=gettext_lazy("юрлицо"), ordering="contract__legal_entity__name")
    def legal_entity(self, price: IndividualPrice) -> str:
        return str(price.contract.legal_entity)
