"""What people choose in the list of papers, and of archives."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import LegalEntity, Organization
from documents.archive.papers import ArchiveScope
from documents.selectors import DocumentFilter
from documents.selectors.listing import FROM_ERP, SIGNED, WITH_ORIGINAL, WITHOUT_ORIGINAL, firm_like
from documents.states import DocumentKind, DocumentState, ReceivedKind

_NUMBER_LENGTH = 50
_FIRM_LENGTH = 100
_OURS_ONLY = [(kind.value, kind.label) for kind in (DocumentKind.SHIPPING, DocumentKind.PROXY)]
KINDS = [*ReceivedKind.choices, *_OURS_ONLY]
"""A paper of ours and one of 1C of the same meaning are one kind."""


def _day(**kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "title": kwargs["label"]})
    return forms.DateField(widget=widget, **kwargs)


def _firm(**kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": _("Юрлицо или ИНН"), "type": "search"})
    return forms.CharField(
        label=_("Юрлицо или ИНН"), required=False, max_length=_FIRM_LENGTH, widget=widget, **kwargs
    )


class FirmForm(forms.Form):
    """A client chooses a firm from his own, an employee types its name or ИНН: he may serve thousands."""

    firm = _firm()
    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо"),
        required=False,
        queryset=LegalEntity.objects.none(),
        empty_label=_("Все юрлица"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firms = LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")
        fields: dict[str, Any] = self.fields
        if actor.is_client:
            del fields["firm"]
            fields["legal_entity"].queryset = self.firms
        else:
            del fields["legal_entity"]


class DocumentSearch(FirmForm):
    """Filters of the list; an invoice of ours and one of 1C are one kind."""

    q = forms.CharField(
        label=_("Номер документа"),
        required=False,
        max_length=_NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": _("Номер документа"), "type": "search"}),
    )
    kind = forms.ChoiceField(label=_("Вид"), required=False, choices=[("", _("Все документы")), *KINDS])
    state = forms.ChoiceField(
        label=_("Состояние"),
        required=False,
        choices=[("", _("Любое состояние")), *DocumentState.choices, (FROM_ERP, _("Из 1С"))],
    )
    organization = forms.ModelChoiceField(
        label=_("Организация"),
        required=False,
        queryset=Organization.objects.order_by("name", "pk"),
        empty_label=_("Все организации"),
    )
    original = forms.ChoiceField(
        label=_("Оригинал"),
        required=False,
        choices=[
            ("", _("С файлом и без")),
            (WITH_ORIGINAL, _("Файл есть")),
            (WITHOUT_ORIGINAL, _("Файла нет")),
            (SIGNED, _("Есть подписанный")),
        ],
    )
    order = forms.CharField(
        label=_("Номер заказа"),
        required=False,
        max_length=_NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": _("Номер заказа"), "inputmode": "numeric"}),
    )
    since = _day(label=_("С даты"), required=False)
    until = _day(label=_("По дату"), required=False)

    holding = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    field_order = (
        "q", "kind", "state", "firm", "legal_entity", "organization", "original", "order", "since", "until",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        if actor.is_client:
            del self.fields["holding"]

    @property
    def chosen(self) -> DocumentFilter:
        """What is filled in rightly; the rest filters nothing."""
        told = self.cleaned_data
        entity, organization = told.get("legal_entity"), told.get("organization")
        return DocumentFilter(
            number=told.get("q") or "",
            kind=told.get("kind") or "",
            legal_entity_id=entity.pk if entity else None,
            firm=told.get("firm") or "",
            holding_id=told.get("holding"),
            state=told.get("state") or "",
            organization_id=organization.pk if organization else None,
            since=told.get("since"),
            until=told.get("until"),
            order=told.get("order") or "",
            original=told.get("original") or "",
        )


class ArchiveForm(FirmForm):
    """Which papers go into an archive."""

    since = _day(label=_("С"))
    until = _day(label=_("По"))
    firm = _firm(help_text=_("Пусто: все ваши клиенты."))
    kinds = forms.MultipleChoiceField(
        label=_("Виды документов"),
        required=False,
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ничего не отмечено: все виды."),
    )

    field_order = ("since", "until", "firm", "legal_entity", "kinds")

    def clean_firm(self) -> LegalEntity | None:
        """The one firm of that ИНН or name, else of a part of the name."""
        text = str(self.cleaned_data["firm"])
        if not text:
            return None
        whole = list(self.firms.filter(Q(inn=text) | Q(name__iexact=text))[:2])
        found = whole or list(self.firms.filter(firm_like(text))[:2])
        if not found:
            raise forms.ValidationError(_("Такого юрлица среди ваших клиентов нет."))
        if len(found) > 1:
            raise forms.ValidationError(_("Подходит несколько юрлиц. Напишите название полностью или ИНН."))
        return found[0]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and until < since:
            raise forms.ValidationError(_("Период заканчивается раньше, чем начинается."))
        return told

    @property
    def scope(self) -> ArchiveScope:
        """Накладные of ours have a kind of their own, and are meant with those of 1C."""
        told = self.cleaned_data
        kinds = list(told["kinds"])
        if ReceivedKind.SHIPMENT in kinds:
            kinds.append(DocumentKind.WAYBILL)
        entity = told.get("legal_entity") or told.get("firm")
        return ArchiveScope(told["since"], told["until"], entity.pk if entity else None, tuple(kinds))


def last_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month before."""
    first = today.replace(day=1)
    last = date.fromordinal(first.toordinal() - 1)
    return last.replace(day=1), last
