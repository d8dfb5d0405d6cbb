"""What people type into what they wait for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.masks import StockMask, is_told_exactly
from orders.models import ListWatchKind
from orders.quantities import fits_unit
from orders.web.forms import MoneyField, QuantityField

LONGEST_QUERY = 3000


class AnyQuantityField(QuantityField):
    """A quantity, or nothing: any."""

    def clean(self, value: Any) -> Any:
        return None if not str(value or "").strip() else super().clean(value)


class PriceWish:
    """What of a price is waited for."""

    NOTHING, BELOW, ANY = "no", "below", "any"
    CHOICES = ((NOTHING, _("Не следить за ценой")), (BELOW, _("Станет ниже суммы")), (ANY, _("Изменится")))


class SkuWatch(forms.Form):
    """Stock and price of one sku: what the person wants to hear of. Both may be left out."""

    stock = forms.BooleanField(label=_("Сообщить, когда товар будет в наличии"), required=False)
    quantity = AnyQuantityField(
        label=_("Не меньше"), required=False, help_text=_("Пусто – любое количество.")
    )
    wish = forms.ChoiceField(label=_("Цена"), choices=PriceWish.CHOICES, widget=forms.RadioSelect)
    below = MoneyField(label=_("Ниже, ₽"), required=False, min_value=Decimal("0.01"))

    def __init__(self, *args: Any, mask: str, unit_code: str, is_priced: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mask, self.unit_code = mask, unit_code
        if mask == StockMask.WORDS:
            del self.fields["quantity"]
        if not is_priced:
            del self.fields["wish"], self.fields["below"]

    def clean_quantity(self) -> Decimal | None:
        """No more than the person would be told of: the letter would tell the rest."""
        quantity: Decimal | None = self.cleaned_data["quantity"]
        if not quantity:
            return None
        if not fits_unit(quantity, self.unit_code):
            raise forms.ValidationError(_("Такое количество не отпускается."))
        if not is_told_exactly(quantity, self.mask):
            raise forms.ValidationError(_("Такое количество на складе вам не показывается: укажите меньше."))
        return quantity

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        if told.get("wish") == PriceWish.BELOW and not told.get("below") and "below" not in self.errors:
            self.add_error("below", _("Укажите сумму."))
        return told


class ListWatchForm(forms.Form):
    """A list of the catalogue as its page sends it; `query` is what stood in the address."""

    section = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    query = forms.CharField(max_length=LONGEST_QUERY, required=False)
    name = forms.CharField(max_length=120, required=False)
    kind = forms.ChoiceField(choices=ListWatchKind.choices)
