"""What a manager asks of a client's card, and a limit that he lets through for a time."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.models import City
from counterparties.models import Contract

LONGEST_DAYS = 90


class PriceAsked(forms.Form):
    """What a good costs the client: by article or code, under a contract, in a city, at a quantity."""

    tab = forms.CharField(widget=forms.HiddenInput, required=False, initial="prices")
    sku = forms.CharField(label=_("Артикул или код"), max_length=100)
    contract = forms.TypedChoiceField(label=_("Договор"), coerce=int)
    city = forms.ModelChoiceField(
        City.objects.filter(is_active=True).order_by("position", "name"), label=_("Город")
    )
    quantity = forms.DecimalField(
        label=_("Количество"), min_value=Decimal("0.001"), max_digits=12, decimal_places=3, initial=Decimal(1)
    )

    def __init__(self, data: Any = None, *, contracts: Sequence[Contract], city: City, **kwargs: Any) -> None:
        super().__init__(data, initial={"city": city.pk, "tab": "prices", "quantity": 1}, **kwargs)
        choices = [(one.pk, f"{one.legal_entity.name}, № {one.number}") for one in contracts]
        self.fields["contract"].choices = choices  # type: ignore[attr-defined]


class TemporaryLimit(forms.Form):
    """Up to which sum and day orders pass in spite of the limit, and why."""

    contract = forms.TypedChoiceField(label=_("Договор"), coerce=int)
    amount = forms.DecimalField(
        label=_("Сверх лимита не больше, ₽"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2
    )
    valid_until = forms.DateField(
        label=_("До какого дня включительно"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Не дальше 90 дней. После этого дня прежние условия вернутся сами."),
    )
    reason = forms.CharField(
        label=_("Причина"), max_length=300, help_text=_("Останется в истории; администраторы её увидят.")
    )

    def __init__(self, data: Any = None, *, contracts: Sequence[Contract], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [(one.pk, f"{one.legal_entity.name}, № {one.number}") for one in contracts]
        self.fields["contract"].choices = choices  # type: ignore[attr-defined]

    def clean_valid_until(self) -> date:
        day: date = self.cleaned_data["valid_until"]
        today = timezone.localdate()
        if not today <= day <= today + timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError(_t("Выберите день от сегодняшнего, не дальше 90 дней."))
        return day
