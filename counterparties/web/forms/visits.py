"""What a manager says when he enters a client's cabinet, and what he writes afterwards."""

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.models import VisitCart


class VisitStart(forms.Form):
    """Why, and in which cart; `holding` and `legal_entity` come from the page that led here."""

    reason = forms.CharField(
        label=_("Зачем входите"),
        required=False,
        max_length=300,
        help_text=_("Клиент увидит это в истории действий."),
        widget=forms.TextInput(attrs={"placeholder": _("Например: собрать заказ по телефону")}),
    )
    cart = forms.TypedChoiceField(
        label=_("Куда собирать товар"),
        choices=VisitCart,
        coerce=VisitCart,
        required=False,
        empty_value=VisitCart.OWN,
        widget=forms.RadioSelect,
        initial=VisitCart.OWN,
    )
    holding = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    legal_entity = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class VisitStartFrom(forms.Form):
    """Where the start page was asked for: an order of the person, or the page to begin at, if any."""

    order = forms.IntegerField(required=False, min_value=1)
    to = forms.RegexField(r"^/(cart/|assortment/(\?due=1)?|documents/price-lists/)$", required=False)
    mode = forms.ChoiceField(choices=VisitCart, required=False)


class VisitMessage(forms.Form):
    message = forms.CharField(
        label=_("Сообщение клиенту"),
        max_length=2000,
        help_text=_("Уйдёт письмом и останется в истории действий клиента."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class VisitsAllowed(forms.Form):
    """The client's own word."""

    is_allowed = forms.BooleanField(label=_("Разрешить менеджеру входить в кабинет"), required=False)
