"""What a manager does with the cards of his morning and with a client's notes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.morning import MorningKind

PAUSES = ((1, _("До завтра")), (3, _("На 3 дня")), (7, _("На неделю")))


class CardName(forms.Form):
    """Which card is meant; without a holding the company is nobody's client yet."""

    holding = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    kind = forms.TypedChoiceField(choices=MorningKind.choices, coerce=MorningKind)
    reference = forms.RegexField(r"^[a-z_]+(:[\w-]+)*$", max_length=60)


class CardPause(CardName):
    """For how many days."""

    days = forms.TypedChoiceField(choices=PAUSES, coerce=int)


class MorningFilter(forms.Form):
    """Cards of one kind, or those that were put off."""

    kind = forms.ChoiceField(choices=MorningKind.choices, required=False)
    paused = forms.BooleanField(required=False)
    page = forms.CharField(required=False, max_length=10)


class NoteForm(forms.Form):
    """A note on a client; the key makes a second click harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Новая заметка"),
        max_length=2000,
        help_text=_("Видят только сотрудники, которые ведут клиента. Изменить её потом нельзя."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
