"""What people choose in the list of papers, and of archives."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import LegalEntity, Organization
from documents.archive.papers import ArchiveScope
from documents.selectors import DocumentFilter
from documents.selectors.listing import FROM_ERP, SIGNED, WITH_ORIGINAL, WITHOUT_ORIGINAL
from documents.states import DocumentKind, DocumentState, ReceivedKind

_NUMBER_LENGTH = 50
_OURS_ONLY = [(kind.value, kind.label) for kind in (DocumentKind.SHIPPING, DocumentKind.PROXY)]
KINDS = [*ReceivedKind.choices, *_OURS_ONLY]
"""A paper of ours and one of 1C of the same meaning are one kind."""


def _day(**kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "title": kwargs["label"]})
    return forms.DateField(widget=widget, **kwargs)


class DocumentSearch(forms.Form):
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
    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо"),
        required=False,
        queryset=LegalEntity.objects.none(),
        empty_label=_("Все юрлица"),
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

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        entities = LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")
        fields["legal_entity"].queryset = entities

    @property
    def chosen(self) -> DocumentFilter:
        """What is filled in rightly; the rest filters nothing."""
        told = self.cleaned_data
        entity, organization = told.get("legal_entity"), told.get("organization")
        return DocumentFilter(
            number=told.get("q") or "",
            kind=told.get("kind") or "",
            legal_entity_id=entity.pk if entity else None,
            state=told.get("state") or "",
            organization_id=organization.pk if organization else None,
            since=told.get("since"),
            until=told.get("until"),
            order=told.get("order") or "",
            original=told.get("original") or "",
        )


class ArchiveForm(forms.Form):
    """Which papers go into an archive."""

    since = _day(label=_("С"))
    until = _day(label=_("По"))
    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо"),
        required=False,
        queryset=LegalEntity.objects.none(),
        empty_label=_("Все юрлица"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Виды документов"),
        required=False,
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ничего не отмечено: все виды."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        entities = LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")
        fields["legal_entity"].queryset = entities

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
        entity = told["legal_entity"]
        return ArchiveScope(told["since"], told["until"], entity.pk if entity else None, tuple(kinds))


def last_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month before."""
    first = today.replace(day=1)
    last = date.fromordinal(first.toordinal() - 1)
    return last.replace(day=1), last
