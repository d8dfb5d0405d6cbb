"""What people choose in the list of papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import LegalEntity
from documents.states import ReceivedKind

_NUMBER_LENGTH = 50


class DocumentSearch(forms.Form):
    """Filters of the list; an invoice of ours and one of 1C are one kind."""

    q = forms.CharField(
        label=_("Номер документа"),
        required=False,
        max_length=_NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": _("Номер документа"), "type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Вид"), required=False, choices=[("", _("Все документы")), *ReceivedKind.choices]
    )
    legal_entity = forms.ModelChoiceField(
        label=_("Юрлицо"),
        required=False,
        queryset=LegalEntity.objects.none(),
        empty_label=_("Все юрлица"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entities = LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")
        self.fields["legal_entity"].queryset = entities  # type: ignore[attr-defined]
