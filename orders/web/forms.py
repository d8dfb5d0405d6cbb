"""What people type into carts, checkout and reviews."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finance.states import PaymentTerms
from orders.choices import CheckoutChoices
from orders.quantities import parse_quantity
from orders.refusals import WrongQuantity
from orders.services.offers import PICKUP


class QuantityField(forms.CharField):
    """A quantity as people write it: «10», «2,5», «1 000»."""

    default_error_messages = {"required": _("Укажите количество.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_quantity(text)
        except WrongQuantity as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class MoneyField(forms.DecimalField):
    """A sum in roubles as people write it: «1 234,50»."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = "".join(value.split()).replace(",", ".")
            if value and not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?", value):
                raise forms.ValidationError(_("Укажите сумму числом, например 1 234,50."))
        return super().to_python(value)


class CartAdd(forms.Form):
    """A good and how much of it; the good itself is looked up by the service."""

    sku = forms.IntegerField(min_value=1)
    quantity = QuantityField()


class Watch(forms.Form):
    """A good to wait for; it is looked up by the service."""

    sku = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class LineQuantity(forms.Form):
    """A new quantity of a cart's line."""

    quantity = QuantityField()


class CheckoutTerms(forms.Form):
    """What goes with an order; key and sum are hidden and say what the person saw.

    `guards_seen` comes from orders/_guards.html, the choices and `delivery_seen` from orders/_terms.html.
    """

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    expected_total = forms.DecimalField(max_digits=20, decimal_places=2, widget=forms.HiddenInput)
    guards_seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    delivery = forms.RegexField(
        rf"^({PICKUP}|[0-9]{{1,18}})\Z",
        label=_("Доставка"),
        error_messages={
            "required": _("Выберите адрес доставки или самовывоз."),
            "invalid": _("Выберите адрес доставки или самовывоз."),
        },
    )
    delivery_seen = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    service = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    payment_terms = forms.ChoiceField(required=False, choices=PaymentTerms.choices)
    shipping = forms.ChoiceField(required=False, choices=[("ready", ""), ("together", "")])
    desired_date = forms.DateField(
        label=_("Нужен к"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    client_reference = forms.CharField(
        label=_("Ваш номер заказа"),
        required=False,
        max_length=50,
        help_text=_("Покажем его в списке заказов."),
    )
    comment = forms.CharField(
        label=_("Комментарий"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def delivery_address_id(self) -> int | None:
        chosen = self.cleaned_data["delivery"]
        return None if chosen == PICKUP else int(chosen)

    @property
    def choices(self) -> CheckoutChoices:
        """What was chosen; of goods that are fetched nobody is asked how to bring them."""
        filled = self.cleaned_data
        return CheckoutChoices(
            payment_terms=filled["payment_terms"],
            delivery_service_id=None if filled["delivery"] == PICKUP else filled["service"],
            ships_together=filled["shipping"] == "together",
            desired_date=filled["desired_date"],
        )

    def clean_desired_date(self) -> date | None:
        wanted: date | None = self.cleaned_data["desired_date"]
        if wanted is not None and wanted < timezone.localdate():
            raise forms.ValidationError(_("Эта дата уже прошла."))
        return wanted


class Checkout(CheckoutTerms):
    """The same for a cart."""

    cart = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class ReviewForm(forms.Form):
    """What a buyer tells of a product."""

    rating = forms.TypedChoiceField(
        label=_("Оценка"),
        coerce=int,
        choices=[
            (5, _("5 – отлично")),
            (4, _("4 – хорошо")),
            (3, _("3 – нормально")),
            (2, _("2 – плохо")),
            (1, _("1 – очень плохо")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Поставьте оценку.")},
    )
    text = forms.CharField(
        label=_("Отзыв"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Как товар показал себя в работе. Не указывайте телефоны, цены и название компании."),
        error_messages={"required": _("Напишите хотя бы одну фразу.")},
    )
    pros = forms.CharField(
        label=_("Достоинства"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    cons = forms.CharField(
        label=_("Недостатки"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PaymentRecord(forms.Form):
    """Money that came for an order."""

    amount = MoneyField(label=_("Сумма, ₽"))
    paid_on = forms.DateField(
        label=_("Дата оплаты"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    document_number = forms.CharField(label=_("Номер платежного поручения"), max_length=50)
