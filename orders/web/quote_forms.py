"""What people type to ask for prices and to answer."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.quote_states import QuoteState
from orders.services.quote_answers import OfferAnswer
from orders.services.quotes import MOST_LINES, QuoteWish
from orders.web.forms import CheckoutTerms, QuantityField

OFFER_DAYS = 7
"""How long an offer holds unless the manager says otherwise."""
FIND_LENGTH = 100


class PriceField(forms.DecimalField):
    """A unit price as people write it: «1 234,50», «0,0125»."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=4, min_value=Decimal("0.0001"), **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
        return super().to_python(value)


def _date(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


def _not_past(day: date | None) -> date | None:
    if day is not None and day < timezone.localdate():
        raise forms.ValidationError(_("Эта дата уже прошла."))
    return day


class QuantityOrNothing(QuantityField):
    """A quantity that may be left out."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if str(value or "").strip() else None


class QuoteLineForm(forms.Form):
    """One line of a request: a good that was chosen, or words."""

    sku = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Что нужно"), required=False, max_length=300)
    quantity = QuantityOrNothing(label=_("Количество"), required=False)
    unit_name = forms.CharField(label=_("Единица"), required=False, max_length=20)
    target_price = PriceField(label=_("Желаемая цена, ₽"), required=False)
    desired_date = _date(label=_("Нужно к"), required=False)
    comment = forms.CharField(label=_("Комментарий"), required=False, max_length=300)

    def clean_desired_date(self) -> date | None:
        return _not_past(self.cleaned_data["desired_date"])

    @property
    def is_named(self) -> bool:
        return bool(self.cleaned_data.get("sku") or self.cleaned_data.get("text"))

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or self.cleaned_data
        is_named = bool(filled.get("sku") or filled.get("text"))
        if is_named and not filled.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Укажите количество."))
        if not is_named and filled.get("quantity"):
            self.add_error("text", _("Напишите, что нужно."))
        return filled

    @property
    def wish(self) -> QuoteWish:
        filled = self.cleaned_data
        return QuoteWish(
            sku_id=filled["sku"],
            text=filled["text"],
            quantity=filled["quantity"],
            target_price=filled["target_price"],
            desired_date=filled["desired_date"],
            comment=filled["comment"],
            unit_name=filled["unit_name"],
        )


QuoteLines = forms.formset_factory(
    QuoteLineForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True
)


class QuoteForm(forms.Form):
    """What goes with a request of prices; the place is the one the page was opened for."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    contract = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    legal_entity = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    city = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    comment = forms.CharField(
        label=_("Комментарий к запросу"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Remark(forms.Form):
    """A few words to the other side."""

    text = forms.CharField(label=_("Что изменить"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class OfferCheckout(CheckoutTerms):
    """How an offer is ordered: the same as any order, but the goods are lines of a version."""

    version = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)


class QuoteSearch(forms.Form):
    """Filters of the lists."""

    q = forms.CharField(
        label=_("Поиск"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Номер, юрлицо или товар")}),
    )
    state = forms.ChoiceField(
        label=_("Состояние"), required=False, choices=[("", _("Любое состояние")), *QuoteState.choices]
    )


class AnswerForm(forms.Form):
    """What is offered for one line; an empty price declines it."""

    sku = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    price = PriceField(label=_("Цена, ₽"), required=False)
    quantity = QuantityField(label=_("Количество"))
    ready_date = _date(label=_("Будет готово"), required=False)
    note = forms.CharField(label=_("Примечание"), required=False, max_length=300)
    find = forms.CharField(label=_("Замена: артикул или название"), required=False, max_length=FIND_LENGTH)

    def answer(self, line_id: int) -> OfferAnswer:
        filled = self.cleaned_data
        return OfferAnswer(
            line_id=line_id,
            sku_id=filled["sku"],
            price=filled["price"],
            quantity=filled["quantity"],
            ready_date=filled["ready_date"],
            note=filled["note"],
        )


class OfferForm(forms.Form):
    """The offer as a whole."""

    base_version = forms.IntegerField(min_value=0, max_value=32767, widget=forms.HiddenInput)
    valid_until = _date(label=_("Цены действуют до"))
    comment = forms.CharField(
        label=_("Комментарий для клиента"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirm_low = forms.BooleanField(label=_("Подтверждаю цены ниже допустимых"), required=False)


def usual_day() -> date:
    return timezone.localdate() + timedelta(days=OFFER_DAYS)


def wishes_of(forms_filled: Sequence[QuoteLineForm]) -> list[QuoteWish]:
    """Lines that name something."""
    return [one.wish for one in forms_filled if one.is_named]
