"""What is written into a talk, and by what talks are looked for."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from counterparties.models import ThreadKind, ThreadState
from counterparties.selectors.talk import TalkFilter
from counterparties.talk_subjects import Words
from portal.files.attachments import ENDINGS, Attachment, AttachmentRefused, attachments_read

_TEXT_LENGTH = 10_000


class _Files(forms.FileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Any number of files, looked through by their bytes."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> Any:
        told: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        try:
            return attachments_read([(one.name or "file", one) for one in told])
        except AttachmentRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


class WordsField(forms.CharField):
    """Words of a message: files alone will do, but nobody is told that a message needs no words."""

    is_needed = True


class MessageForm(forms.Form):
    """One message; `key` makes a second press of the button change nothing."""

    text = WordsField(
        label=_("Сообщение"),
        required=False,
        max_length=_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    attachments = AttachmentsField(
        label=_("Файлы"),
        required=False,
        max_length=None,
        help_text=_("PDF, JPG, PNG, TIFF, DOCX, XLSX: до 10 файлов по 10 МБ."),
        widget=_Files(attrs={"accept": ENDINGS}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def words(self) -> Words:
        files: list[Attachment] = self.cleaned_data["attachments"]
        return Words(
            text=self._text(self.cleaned_data["text"].strip()),
            files=files,
            kind=self.kind,
            key=str(self.cleaned_data["key"]),
        )

    @property
    def kind(self) -> ThreadKind:
        return ThreadKind.QUESTION

    def _text(self, said: str) -> str:
        return said


class CallBackForm(MessageForm):
    """The client wants to be called."""

    phone = forms.CharField(label=_("Телефон"), max_length=40)
    when = forms.CharField(
        label=_("Когда удобно"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("Например: сегодня после 15:00")}),
    )
    field_order = ("phone", "when", "text", "attachments", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].is_needed = False  # type: ignore[attr-defined]

    @property
    def kind(self) -> ThreadKind:
        return ThreadKind.CALL_BACK

    def _text(self, said: str) -> str:
        asked = _t("Перезвоните мне: {phone}").format(phone=self.cleaned_data["phone"])
        when = self.cleaned_data["when"]
        return "\n".join(part for part in (f"{asked}, {when}" if when else asked, said) if part)


class PriceForm(MessageForm):
    """The client asks for a price; quantities stand in his words."""

    field_order = ("text", "attachments", "key")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True
        self.fields["text"].label = _("Что и сколько нужно, к какому сроку")

    @property
    def kind(self) -> ThreadKind:
        return ThreadKind.PRICE

    def _text(self, said: str) -> str:
        return "\n".join((_t("Прошу назвать цену."), said))


FORMS: dict[str, type[MessageForm]] = {
    ThreadKind.QUESTION: MessageForm,
    ThreadKind.CALL_BACK: CallBackForm,
    ThreadKind.PRICE: PriceForm,
}


class TalkSearch(forms.Form):
    """A client's list."""

    q = forms.CharField(
        label=_("Тема"),
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"placeholder": _("Номер заказа, документа или товар"), "type": "search"}
        ),
    )
    state = forms.ChoiceField(
        label=_("Состояние"),
        required=False,
        choices=[("", _("Открытые")), (ThreadState.CLOSED, _("Закрытые")), ("all", _("Все"))],
    )
    unread = forms.BooleanField(label=_("Только непрочитанные"), required=False)

    def chosen(self) -> TalkFilter:
        """A wrong value in the address means what is usual."""
        told = self.cleaned_data if self.is_valid() else {}
        state = told.get("state", "")
        return TalkFilter(
            text=told.get("q", "").strip(),
            state="" if state == "all" else state or ThreadState.OPEN,
            is_unread=told.get("unread", False),
            is_waiting=told.get("waiting", False),
            whose=told.get("whose", ""),
        )


class QueueSearch(TalkSearch):
    """A manager's queue."""

    whose = forms.ChoiceField(
        label=_("Чьи"),
        required=False,
        choices=[("", _("Все мои клиенты")), ("mine", _("Отвечаю я")), ("free", _("Никто не взял"))],
    )
    waiting = forms.BooleanField(label=_("Ждут ответа"), required=False)

    field_order = ("q", "whose", "state", "waiting", "unread")


class HandOver(forms.Form):
    user = forms.IntegerField(min_value=1)
