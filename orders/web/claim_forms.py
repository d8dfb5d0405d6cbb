"""What people type to make a claim and to answer one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from counterparties.actor import Actor
from counterparties.models import LegalEntity
from orders.claim_states import ClaimKind, ClaimState, ClaimWish
from portal.files.scans import ENDINGS

ANSWER_LENGTH, NOTE_LENGTH = 500, 200


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; none where they are not required."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        told: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not told and self.required:
            raise forms.ValidationError(_("Выберите файлы."))
        return [super(FilesField, self).clean(one, initial) for one in told]


def _files(**kwargs: Any) -> FilesField:
    return FilesField(
        label=_("Фото и документы"),
        allow_empty_file=True,  # the service says which one is empty
        max_length=None,
        help_text=_("JPG, PNG, TIFF или PDF: до 20 файлов, каждый до 10 МБ."),
        widget=_Files(attrs={"accept": ENDINGS}),
        **kwargs,
    )


class ClaimForm(forms.Form):
    """What is wrong, what to do about it, and what shows it; rows are fields of their own."""

    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Что случилось"), choices=ClaimKind.choices)
    wish = forms.ChoiceField(label=_("Что сделать"), choices=ClaimWish.choices)
    comment = forms.CharField(
        label=_("Описание"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = _files(required=False)


class ClaimFilesForm(forms.Form):
    """More photos of a claim."""

    photos = _files()


class ClaimSearch(forms.Form):
    """Filters of the list; a wrong value asks for nothing."""

    q = forms.CharField(
        label=_("Поиск"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Номер, отгрузка, заказ, артикул")}),
    )
    state = forms.ChoiceField(
        label=_("Состояние"),
        required=False,
        choices=[("", _("Любое состояние")), ("open", _("Ждут ответа")), *ClaimState.choices],
    )
    kind = forms.ChoiceField(
        label=_("Вид"), required=False, choices=[("", _("Любой вид")), *ClaimKind.choices]
    )
    legal_entity = forms.ModelChoiceField(
        LegalEntity.objects.none(), label=_("Юрлицо"), required=False, empty_label=_("Все юрлица")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["legal_entity"]
        choice.queryset = LegalEntity.objects.visible_to(actor).order_by("name", "pk")
