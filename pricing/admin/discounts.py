"""Discount rules, with a look at what one would do to a client's price before it is saved."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, ForeignKeyRawIdWidget
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract
from portal.lib.money import format_quantity
from pricing.admin.individual import InForceFilter
from pricing.models import DiscountRule, IndividualPrice
from pricing.selectors import PriceExplanation, price_explained, terms_for
from pricing.wording import Reason, reasons_in_full

_SMALLEST = Decimal("0.001")


class PreviewForm(forms.Form):
    """For whom, where, when and how much of what the rule is tried."""

    contract = forms.ModelChoiceField(
        Contract.objects.all(),
        label=_("Договор клиента"),
        required=False,
        widget=ForeignKeyRawIdWidget(IndividualPrice._meta.get_field("contract").remote_field, admin.site),
        help_text=_("Пусто: цены города для того, у кого нет договора."),
    )
    city = forms.ModelChoiceField(
        City.objects.filter(is_active=True).order_by("position", "name"), label=_("Город")
    )
    sku = forms.ModelChoiceField(
        Sku.objects.select_related("product"),
        label=_("Позиция"),
        widget=ForeignKeyRawIdWidget(IndividualPrice._meta.get_field("sku").remote_field, admin.site),
    )
    quantity = forms.DecimalField(
        label=_("Количество"), min_value=_SMALLEST, max_digits=15, decimal_places=3, initial=1
    )
    on = forms.DateField(label=_("На дату"), initial=timezone.localdate, widget=AdminDateWidget)
    prefix = "try"


@dataclass(frozen=True, slots=True)
class Preview:
    """The price of the chosen client with the rule and without it."""

    with_rule: PriceExplanation
    without_rule: PriceExplanation

    @property
    def reasons(self) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        return reasons_in_full(self.with_rule), reasons_in_full(self.without_rule)


@admin.register(DiscountRule)
class DiscountRuleAdmin(admin.ModelAdmin):
    """Discounts do not add up: the highest priority wins, then the largest percent, then the oldest."""

    change_form_template = "admin/pricing/discountrule/change_form.html"
    list_display = (
        "name", "percent", "priority", "is_active", "conditions", "from_quantity",
        "valid_from", "valid_until",
    )  # fmt: skip
    list_filter = ("is_active", InForceFilter, "group", "city")
    list_select_related = ("section", "brand", "sku__product", "group", "holding", "contract", "city")
    search_fields = (
        "name", "section__name", "brand__name", "sku__article", "sku__product__name",
        "holding__name", "contract__number",
    )  # fmt: skip
    search_help_text = _("Название, раздел, бренд, артикул, товар, клиент или номер договора")
    ordering = ("-is_active", "-priority", "-percent", "pk")
    raw_id_fields = ("section", "brand", "sku", "holding", "contract")
    fieldsets = (
        (None, {"fields": ("name", "percent", "priority", "is_active")}),
        (_("На что"), {"fields": ("section", "brand", "sku", "minimum_quantity")}),
        (_("Кому"), {"fields": ("group", "holding", "contract", "city")}),
        (_("Когда"), {"fields": ("valid_from", "valid_until")}),
    )

    @admin.display(description=_("условия"))
    def conditions(self, rule: DiscountRule) -> str:
        met = (rule.section, rule.brand, rule.sku, rule.group, rule.holding, rule.contract, rule.city)
        return "; ".join(str(condition) for condition in met if condition is not None) or str(
            _("без условий")
        )

    @admin.display(description=_("от количества"), ordering="minimum_quantity")
    def from_quantity(self, rule: DiscountRule) -> str:
        return format_quantity(rule.minimum_quantity) if rule.minimum_quantity else ""

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "preview/", self.admin_site.admin_view(self.preview_view), name="pricing_discountrule_preview"
        )
        return [preview, *super().get_urls()]

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The rule as it stands in the form, saved or not, tried on a client; nothing is written."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        saved = self._saved(request)
        rule_form = self.get_form(request, saved, change=saved is not None)(
            request.POST or None, instance=saved
        )
        is_asked = "try-city" in request.POST
        question = PreviewForm(request.POST if is_asked else None)
        preview = None
        if rule_form.is_valid() and is_asked and question.is_valid():
            preview = _preview(rule_form.instance, **question.cleaned_data)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Проверка скидки"),
            "opts": self.opts,
            "rule": rule_form.instance,
            "rule_form": rule_form,
            "question": question,
            "preview": preview,
            "media": self.media + question.media,
        }
        return TemplateResponse(request, "admin/pricing/discountrule/preview.html", context)

    @staticmethod
    def _saved(request: HttpRequest) -> DiscountRule | None:
        """The rule whose form it is; nothing for a new one."""
        told = request.POST.get("rule", "")
        number = told if told.isascii() and told.isdigit() and len(told) < 19 else 0
        return DiscountRule.objects.filter(pk=number).first()


def _preview(
    rule: DiscountRule,
    *,
    contract: Contract | None,
    city: City,
    sku: Sku,
    quantity: Decimal,
    on: date,
) -> Preview:
    terms = terms_for(contract=contract, city=city, on=on)
    asked: dict[str, Any] = {"sku_id": sku.pk, "terms": terms, "quantity": quantity}
    return Preview(
        with_rule=price_explained(**asked, instead=rule),
        without_rule=price_explained(**asked, left_out_id=rule.pk),
    )
