"""Plans of sales, month by month."""

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from counterparties.models import SalesPlan


class SalesPlanForm(forms.ModelForm):
    """Any day of a month means the month."""

    employee = forms.ModelChoiceField(
        User.objects.filter(is_staff=True, is_active=True).order_by("full_name"), label=_("Менеджер")
    )

    class Meta:
        model = SalesPlan
        fields = ("employee", "month", "amount")

    def clean_month(self) -> Any:
        return self.cleaned_data["month"].replace(day=1)


@admin.register(SalesPlan)
class SalesPlanAdmin(admin.ModelAdmin):
    form = SalesPlanForm
    list_display = ("month", "employee", "amount")
    list_select_related = ("employee",)
    list_filter = ("month",)
    search_fields = ("employee__full_name", "employee__email")
    ordering = ("-month", "employee__full_name", "pk")
