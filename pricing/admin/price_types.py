"""Which prices of 1C are open, in what they are counted, how low discounts may go."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.related import ForeignKey
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.admin import ErpAdmin, counted
from pricing.models import (
    CityPriceType,
    ContractPricing,
    CurrencyRate,
    HoldingPricing,
    Price,
    PriceType,
)
from pricing.terms import ROUBLE


def unassigned() -> Q:
    """Price types that nobody buys at and no floor stands on, those for purchase and for advice left out."""
    uses = [
        CityPriceType.objects.filter(price_type=OuterRef("pk")),
        HoldingPricing.objects.filter(price_type=OuterRef("pk")),
        ContractPricing.objects.filter(price_type=OuterRef("pk")),
        PriceType.objects.filter(floor_type=OuterRef("pk")),
    ]
    return Q(*(~Exists(rows) for rows in uses), is_base=False, is_purchase=False, is_recommended=False)


class AssignedFilter(admin.SimpleListFilter):
    """Whether anybody buys at the price type."""

    title = gettext_lazy("назначение")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", _("Не назначены")), ("yes", _("Назначены"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[PriceType]) -> QuerySet[PriceType]:
        if self.value() == "no":
            return queryset.filter(unassigned())
        return queryset.exclude(unassigned()) if self.value() == "yes" else queryset


class PriceTypeForm(forms.ModelForm):
    """Purchase prices never open."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("is_purchase") and data.get("is_open"):
            self.add_error("is_open", _("Закупочный вид цен клиентам не открывают."))
        if data.get("is_purchase") and data.get("is_recommended"):
            self.add_error("is_recommended", _("Закупочные цены не бывают рекомендованными розничными."))
        return data


@admin.register(PriceType)
class PriceTypeAdmin(ErpAdmin):
    """New types of 1C stay closed until somebody opens them: purchase prices come the same way."""

    form = PriceTypeForm
    list_display = (
        "name", "is_open", "is_purchase", "is_base", "currency", "offers", "assigned",
        "cities", "clients", "contracts", "floor_type",
    )  # fmt: skip
    list_filter = (AssignedFilter, "is_open", "is_purchase", "currency")
    list_select_related = ("floor_type",)
    search_fields = ("name",)
    ordering = ("name",)
    readonly_fields = ("name", "currency", "is_vat_included")
    fieldsets = (
        (None, {"fields": (*readonly_fields, "is_open", "is_purchase", "is_base", "is_recommended")}),
        (
            gettext_lazy("Как считать цены"),
            {"fields": ("rounding_step", "rounding", "floor_type")},
        ),
    )
    actions = ("types_open", "types_close")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceType]:
        types: QuerySet[PriceType] = super().get_queryset(request)
        return types.annotate(
            offer_count=counted(Price.objects.filter(amount__gt=0), "price_type"),
            city_count=counted(CityPriceType.objects.all(), "price_type"),
            client_count=counted(HoldingPricing.objects.all(), "price_type"),
            contract_count=counted(ContractPricing.objects.all(), "price_type"),
            is_unassigned=unassigned(),
        )

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name == "floor_type":
            own = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            kwargs["queryset"] = PriceType.objects.exclude(pk__in=[own] if own else []).order_by("name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.action(description=gettext_lazy("Открыть клиентам"), permissions=["change"])
    def types_open(self, request: HttpRequest, queryset: QuerySet[PriceType]) -> None:
        refused = list(queryset.filter(is_purchase=True).values_list("name", flat=True))
        PriceType.objects.filter(pk__in=[row.pk for row in queryset], is_purchase=False).update(is_open=True)
        if refused:
            names = ", ".join(refused)
            self.message_user(
                request, _("Закупочные не открыты: {names}.").format(names=names), messages.ERROR
            )

    @admin.action(description=gettext_lazy("Закрыть: цены исчезнут сразу"), permissions=["change"])
    def types_close(self, request: HttpRequest, queryset: QuerySet[PriceType]) -> None:
        PriceType.objects.filter(pk__in=[row.pk for row in queryset]).update(is_open=False)

    @admin.display(description=gettext_lazy("цен"), ordering="offer_count")
    def offers(self, price_type: PriceType) -> int:
        return int(vars(price_type)["offer_count"])

    @admin.display(description=gettext_lazy("назначен"))
    def assigned(self, price_type: PriceType) -> str:
        """«Не назначен: N предложений» where nobody buys at what 1C sends."""
        if not vars(price_type)["is_unassigned"]:
            return ""
        return _("не назначен: {count} предложений").format(count=self.offers(price_type))

    @admin.display(description=gettext_lazy("городов"), ordering="city_count")
    def cities(self, price_type: PriceType) -> int:
        return int(vars(price_type)["city_count"])

    @admin.display(description=gettext_lazy("клиентов"), ordering="client_count")
    def clients(self, price_type: PriceType) -> int:
        return int(vars(price_type)["client_count"])

    @admin.display(description=gettext_lazy("договоров"), ordering="contract_count")
    def contracts(self, price_type: PriceType) -> int:
        return int(vars(price_type)["contract_count"])


class CurrencyRateForm(forms.ModelForm):
    """A currency in three Latin letters, as 1C's price types name theirs."""

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).strip().upper()
        if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("Три латинские буквы, например USD или CNY."))
        if currency == ROUBLE:
            raise forms.ValidationError(_("Рублю курс не нужен."))
        return currency


@admin.register(CurrencyRate)
class CurrencyRateAdmin(admin.ModelAdmin):
    """From its date on a rate holds until the next one; without a rate foreign prices are on request."""

    form = CurrencyRateForm
    list_display = ("currency", "date", "rate")
    list_filter = ("currency",)
    ordering = ("-date", "currency")
    date_hierarchy = "date"
