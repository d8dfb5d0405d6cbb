"""What people type to have goods shipped and to say what has come."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import DeliveryAddress, LegalEntity
from orders.models import ShipmentMethod
from orders.selectors.shipment_list import REQUESTS, SHIPMENTS
from orders.shipping import ShipmentWish
from orders.states import ShipmentRequestState


def _date(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


def _time(**kwargs: Any) -> forms.TimeField:
    return forms.TimeField(
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), required=False, **kwargs
    )


def _text(length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=length, **kwargs)


class ShipmentForm(forms.Form):
    """How, when and with whom goods leave; the addresses are the payer's."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    method = forms.ChoiceField(label=_("Способ"), choices=ShipmentMethod.choices)
    delivery_address = forms.ModelChoiceField(
        DeliveryAddress.objects.none(), label=_("Адрес доставки"), required=False, empty_label=_("Самовывоз")
    )
    desired_date = _date(label=_("Дата отгрузки"))
    hour_from = _time(label=_("С"))
    hour_to = _time(label=_("До"))
    contact = _text(150, label=_("Контактное лицо, телефон"))
    carrier = _text(150, label=_("Перевозчик, терминал"))
    loading = _text(50, label=_("Тип погрузки"))
    pallets = forms.IntegerField(label=_("Паллет"), required=False, min_value=0, max_value=999)
    driver = _text(150, label=_("Водитель"))
    driver_phone = _text(40, label=_("Телефон водителя"))
    driver_paper = _text(100, label=_("Документ водителя"))
    car = _text(100, label=_("Машина, прицеп"))
    attorney_number = _text(50, label=_("Доверенность № или номер МЧД"))
    attorney_date = _date(label=_("Доверенность от"), required=False)
    attorney_until = _date(label=_("Доверенность до"), required=False)
    is_edo = forms.BooleanField(label=_("УПД через ЭДО"), required=False)
    comment = forms.CharField(
        label=_("Примечание"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, legal_entity: LegalEntity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["delivery_address"]
        choice.queryset = DeliveryAddress.objects.filter(legal_entity=legal_entity, is_active=True).order_by(
            "-is_default", "pk"
        )

    @property
    def wish(self) -> ShipmentWish:
        told = dict(self.cleaned_data)
        del told["idempotency_key"]
        address = told.pop("delivery_address")
        return ShipmentWish(delivery_address_id=address.pk if address else None, **told)


class ShipmentAnswer(forms.Form):
    """A move of a request and what the client is told of it."""

    state = forms.CharField(max_length=17)
    answer = forms.CharField(label=_("Ответ"), required=False, max_length=500)


class ShipmentSearch(forms.Form):
    """Filters of the list of shipments; the legal entities are the actor's own."""

    q = _text(
        100,
        label=_("Поиск"),
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Номер, заказ или артикул")}),
    )
    what = forms.ChoiceField(
        label=_("Что"),
        required=False,
        choices=[
            ("", _("Заявки и отгрузки")),
            (REQUESTS, _("Только заявки")),
            (SHIPMENTS, _("Только отгрузки")),
        ],
    )
    state = forms.ChoiceField(
        label=_("Состояние заявки"),
        required=False,
        choices=[("", _("Любое состояние")), *ShipmentRequestState.choices],
    )
    legal_entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=_("Юрлицо"), required=False, empty_label=_("Все юрлица")
    )
    since = _date(label=_("С"), required=False)
    until = _date(label=_("По"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["legal_entity"]
        choice.queryset = LegalEntity.objects.visible_to(actor).order_by("name", "pk")
