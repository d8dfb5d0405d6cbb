"""Filters of the list of orders: what is typed, what it means, and chips that take one of them away."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import LegalEntity
from orders.selectors import OrderFilter, PaidState
from orders.selectors.listing import PAGE_SIZE, PAGE_SIZES
from orders.states import OrderOrigin, OrderState
from portal.lib.dates import format_date

KEPT = (
    "q", "goods", "state", "legal_entity", "client", "contract", "author", "origin", "paid", "since",
    "until", "size",
)  # fmt: skip
"""Parameters that a saved view keeps."""


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OrderSearch(forms.Form):
    """Filters of the list of orders; the legal entities are the actor's own."""

    q = forms.CharField(
        label=_("Поиск"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": _("Номер, ваш номер, артикул или товар")}
        ),
    )
    state = forms.MultipleChoiceField(
        label=_("Состояние"),
        required=False,
        choices=OrderState.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    goods = forms.CharField(label=_("Артикул или товар в заказе"), required=False, max_length=100)
    legal_entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=_("Юрлицо"), required=False, empty_label=_("Все юрлица")
    )
    client = forms.CharField(label=_("Клиент, юрлицо или ИНН"), required=False, max_length=100)
    contract = forms.CharField(label=_("Номер договора"), required=False, max_length=50)
    author = forms.CharField(label=_("Кто заказал"), required=False, max_length=100)
    origin = forms.ChoiceField(
        label=_("Откуда"), required=False, choices=[("", _("Портал и 1С")), *OrderOrigin.choices]
    )
    paid = forms.ChoiceField(
        label=_("Оплата"), required=False, choices=[("", _("Любая оплата")), *PaidState.choices]
    )
    since = forms.DateField(label=_("С даты"), required=False, widget=_day())
    until = forms.DateField(label=_("По дату"), required=False, widget=_day())
    size = forms.TypedChoiceField(
        label=_("На странице"),
        required=False,
        coerce=int,
        choices=[(size, size) for size in PAGE_SIZES],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["legal_entity"]
        choice.queryset = LegalEntity.objects.visible_to(actor).order_by("name", "pk")
        if not actor.is_client:  # thousands of them: an employee types the name
            choice.widget = forms.HiddenInput()
        self.is_valid()

    @property
    def chosen(self) -> OrderFilter:
        """What is asked for; a field that says nonsense asks for nothing."""
        told = self.cleaned_data
        entity = told.get("legal_entity")
        return OrderFilter(
            states=tuple(told.get("state") or ()),
            legal_entity_id=entity.pk if entity else None,
            search=told.get("q") or "",
            goods=told.get("goods") or "",
            client=told.get("client") or "",
            contract=told.get("contract") or "",
            author=told.get("author") or "",
            origin=told.get("origin") or "",
            paid=told.get("paid") or "",
            since=told.get("since"),
            until=told.get("until"),
        )

    @property
    def size_chosen(self) -> int:
        return int(self.cleaned_data.get("size") or PAGE_SIZE)


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words, and the address without it."""

    text: str
    query: str


def chips(form: OrderSearch, query: QueryDict) -> list[Chip]:
    """One for each thing asked for; each chosen state has its own."""
    told = form.cleaned_data
    found = [
        Chip(str(OrderState(state).label), _without(query, "state", state))
        for state in told.get("state") or ()
    ]
    for name, text in (
        ("q", told.get("q")),
        ("goods", told.get("goods")),
        ("legal_entity", told.get("legal_entity")),
        ("client", told.get("client")),
        ("contract", told.get("contract") and _("договор {number}").format(number=told["contract"])),
        ("author", told.get("author")),
        ("origin", told.get("origin") and OrderOrigin(told["origin"]).label),
        ("paid", told.get("paid") and PaidState(told["paid"]).label),
        ("since", told.get("since") and _("с {day}").format(day=format_date(told["since"]))),
        ("until", told.get("until") and _("по {day}").format(day=format_date(told["until"]))),
    ):
        if text:
            found.append(Chip(str(text), _without(query, name)))
    return found


def query_kept(query: QueryDict) -> str:
    """The address as a saved view keeps it: filters alone, no page, nothing empty."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        values = [value for value in query.getlist(name) if value]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def _without(query: QueryDict, name: str, value: str | None = None) -> str:
    rest = query.copy()
    rest.pop("page", None)
    kept = [one for one in rest.getlist(name) if value is not None and one != value]
    rest.setlist(name, kept) if kept else rest.pop(name, None)
    return f"?{rest.urlencode()}"
