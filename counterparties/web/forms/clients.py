"""What a person may ask of the pages of clients."""

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import LegalEntity


class LegalEntityChoice(forms.Form):
    """In whose name to act; only the actor's own are known to it."""

    legal_entity = forms.ModelChoiceField(LegalEntity.objects.none())

    def __init__(self, *args: object, actor: Actor, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["legal_entity"].queryset = LegalEntity.objects.visible_to(actor)  # type: ignore[attr-defined]


class ClientSearch(forms.Form):
    """One line of search over clients, their legal entities, ИНН and people."""

    q = forms.CharField(
        label=_("Поиск"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Клиент, юрлицо, ИНН, человек"), "type": "search"}),
    )
