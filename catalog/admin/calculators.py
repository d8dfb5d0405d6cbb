"""Calculators and configurators, declared here; faults stand at their fields, a preview counts the draft."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.calculators.checking import Draft, draft_faults
from catalog.models import (
    Calculator,
    CalculatorCheck,
    CalculatorInput,
    CalculatorLine,
    CalculatorStep,
    CalculatorTable,
    ConfiguratorRule,
    ConfiguratorSlot,
)
from catalog.selectors.calculators import property_names

_FORMULA = forms.Textarea(attrs={"rows": 2, "cols": 50})
_LINES = forms.Textarea(attrs={"rows": 4, "cols": 60})
_SHORT = forms.TextInput(attrs={"size": 12})
_LONG = forms.TextInput(attrs={"size": 90})
_WIDGETS: dict[str, forms.Widget] = {
    "expression": _FORMULA, "condition": _FORMULA, "quantity": _FORMULA,
    "choices": _LINES, "rows": _LINES, "filters": _LINES, "properties": _LINES,
    "name": _SHORT, "unit": _SHORT, "default": _SHORT, "target": _SHORT,
    "message": _LONG, "note": _LONG, "hint": _LONG,
}  # fmt: skip


class PlainNumber(forms.DecimalField):
    """A number without the noughts that the database keeps behind it."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class DeclaredFormSet(forms.BaseInlineFormSet):
    """Rows of one list that know the rows of all the others: formulas name each other."""

    siblings: "list[DeclaredFormSet]" = []

    def clean(self) -> None:
        """Put faults that only the whole calculator shows at the fields of this list."""
        super().clean()
        kind = _kind(self)
        rows = _kept(self)
        for fault in draft_faults(_draft(self.siblings), properties=property_names()):
            if fault.kind == kind and fault.row < len(rows) and fault.field in rows[fault.row].fields:
                rows[fault.row].add_error(fault.field, fault.message)


def _kind(formset: forms.BaseInlineFormSet) -> str:
    return str(formset.get_default_prefix())


def _kept(formset: forms.BaseInlineFormSet) -> list[forms.ModelForm]:
    """Rows that stay: neither ticked for deletion nor an empty spare one."""
    return [
        form
        for form in formset.forms
        if not (form["DELETE"].value() if "DELETE" in form.fields else False)
        and (form.instance.pk is not None or form.has_changed())
    ]


def _draft(formsets: list[DeclaredFormSet]) -> Draft:
    lists: dict[str, Any] = {
        _kind(formset): tuple({name: form[name].value() for name in form.fields} for form in _kept(formset))
        for formset in formsets
    }
    return Draft(**lists)


class DeclaredInline(admin.StackedInline):
    """A list of a calculator."""

    formset = DeclaredFormSet
    extra = 0
    classes = ("collapse",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in _WIDGETS:
            kwargs["widget"] = _WIDGETS[db_field.name]
        if isinstance(db_field, models.DecimalField):
            kwargs["form_class"] = PlainNumber
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class InputInline(DeclaredInline):
    model = CalculatorInput
    fields = (
        ("position", "name", "label"), ("kind", "unit", "default"), ("minimum", "maximum", "step"), "choices",
        "hint",
    )  # fmt: skip
    ordering = ("position", "pk")


class TableInline(DeclaredInline):
    model = CalculatorTable
    fields = (("name", "way"), "rows", "note")
    ordering = ("name",)


class StepInline(DeclaredInline):
    model = CalculatorStep
    fields = (("position", "name", "label"), "expression", ("unit", "is_shown"), "note")
    ordering = ("position", "pk")


class CheckInline(DeclaredInline):
    model = CalculatorCheck
    fields = (("position", "level"), "condition", "message")
    ordering = ("position", "pk")


class LineInline(DeclaredInline):
    model = CalculatorLine
    fields = (
        ("position", "label"), "condition", "quantity", ("section", "sku"), "filters",
        ("order", "is_by_pack", "is_optional", "alternatives"),
    )  # fmt: skip
    autocomplete_fields = ("section", "sku")
    ordering = ("position", "pk")


class SlotInline(DeclaredInline):
    model = ConfiguratorSlot
    fields = (
        ("position", "name", "label"), ("section", "sku"), "filters", "properties", "quantity",
        ("minimum", "maximum"), ("order", "is_required"),
    )  # fmt: skip
    autocomplete_fields = ("section", "sku")
    ordering = ("position", "pk")


class RuleInline(DeclaredInline):
    model = ConfiguratorRule
    fields = (("position", "kind", "target"), "condition", "message")
    ordering = ("position", "pk")


@admin.register(Calculator)
class CalculatorAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "is_published", "position", "page")
    list_filter = ("kind", "is_published")
    search_fields = ("name", "slug")
    search_help_text = _("Название или адрес")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("sections",)
    ordering = ("kind", "position", "name")
    fields = (("kind", "is_published", "position"), "name", "slug", "intro", "sections", "page")
    readonly_fields = ("page",)
    inlines = (InputInline, TableInline, StepInline, CheckInline, LineInline, SlotInline, RuleInline)

    @admin.display(description=_("проверка"))
    def page(self, calculator: Calculator) -> SafeString | str:
        """The page itself counts a draft for an administrator, step by step, hidden ones too."""
        if not calculator.slug:
            return "–"
        address = reverse("orders:calculator", args=[calculator.slug])
        return format_html('<a href="{}?steps=all">{}</a>', address, _t("Посчитать черновик"))

    def _create_formsets(self, request: HttpRequest, obj: Any, change: bool) -> Any:
        """Let lists know each other before they are checked."""
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        for formset in formsets:
            formset.siblings = formsets
        return formsets, inlines
