"""What people send to be recognised, how it is to be read, and what they decide about its rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import Upload
from orders.recognition.columns import Meaning
from orders.services.upload_rows import Decision
from portal.lib.tables.contract import MOST_BYTES, MOST_COLUMNS
from portal.lib.tables.texts import DELIMITERS, ENCODINGS

_MOST_PASTED = 1_000_000
_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "cp1251": "Windows-1251",
    "utf-16": "UTF-16",
    "koi8-r": "KOI8-R",
    "cp866": "DOS (CP866)",
}
_DELIMITER_NAMES = {";": _("точка с запятой"), "\t": _("табуляция"), ",": _("запятая"), "|": _("черта |")}
MEANING_LABELS = {
    Meaning.CODE: _("Артикул или код"),
    Meaning.BARCODE: _("Штрихкод"),
    Meaning.NAME: _("Наименование"),
    Meaning.QUANTITY: _("Количество"),
    Meaning.UNIT: _("Единица"),
}


class FileSent(forms.Form):
    """A file with a table."""

    file = forms.FileField(
        label=_("Файл CSV, XLSX, XLS или ODS"),
        error_messages={"required": _("Выберите файл."), "empty": _("Файл пустой.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Файл больше 10 МБ: разделите его на несколько."))
        return file

    def content(self) -> dict[str, Any]:
        """Bytes and name."""
        file = self.cleaned_data["file"]
        return {"content": file.read(), "name": file.name}


class TextPasted(forms.Form):
    """Rows copied out of a table or a letter."""

    text = forms.CharField(
        label=_("Строки из таблицы или письма"),
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "ВА47-29\t10\nКабель ВВГнг 3х2,5\t100 м"}),
        max_length=_MOST_PASTED,
        error_messages={
            "required": _("Вставьте строки."),
            "max_length": _("Текст длиннее миллиона знаков: отправьте его файлом."),
        },
    )

    def content(self) -> dict[str, Any]:
        """The text as bytes, under a name."""
        return {"content": self.cleaned_data["text"].encode(), "name": str(_("Вставленный текст"))}


class LayoutChosen(forms.Form):
    """How a file is to be read. Another encoding, delimiter or sheet looks for the columns anew."""

    round = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    encoding = forms.ChoiceField(label=_("Кодировка"), required=False)
    delimiter = forms.ChoiceField(label=_("Разделитель"), required=False)
    sheet = forms.ChoiceField(label=_("Лист"), required=False)
    header = forms.IntegerField(
        label=_("Строка заголовка (0 – нет)"), min_value=0, max_value=10_000, required=False
    )

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        kept = upload.layout
        columns = {f"column_{name}": place for name, place in kept.get("columns", {}).items()}
        kwargs.setdefault("initial", {**kept, **columns, "round": upload.round})
        super().__init__(*args, **kwargs)
        self.kept = kept
        self._narrow(kept)
        heads = kept.get("heads", [])
        self.may_choose_columns = bool(heads) and "blank" not in kept
        if self.may_choose_columns:
            for meaning, label in MEANING_LABELS.items():
                self.fields[f"column_{meaning}"] = forms.TypedChoiceField(
                    label=label, required=False, coerce=int, empty_value=None, choices=_columns(heads)
                )

    def _narrow(self, kept: dict[str, Any]) -> None:
        """Only what makes sense for the file: sheets of a book, encodings of a text."""
        sheets = kept.get("sheets", [])
        choices: dict[str, list[tuple[str, Any]]] = {
            "encoding": [] if sheets else [(name, _ENCODING_NAMES[name]) for name in ENCODINGS],
            "delimiter": [] if sheets else [(sign, _DELIMITER_NAMES[sign]) for sign in DELIMITERS],
            "sheet": [(name, name) for name in sheets],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            if not offered:
                del self.fields[name]
            elif isinstance(field, forms.ChoiceField):
                field.choices = offered

    def layout(self) -> dict[str, Any]:
        """What the upload keeps of it."""
        told = self.cleaned_data
        found = {name: told[name] for name in ("encoding", "delimiter", "sheet") if told.get(name)}
        if any(found.get(name, "") != self.kept.get(name, "") for name in found):
            return found
        if self.may_choose_columns:
            found["header"] = told.get("header") or 0
            found["columns"] = {
                str(meaning): told[f"column_{meaning}"]
                for meaning in MEANING_LABELS
                if told.get(f"column_{meaning}") is not None
            }
        return found


def _columns(heads: list[str]) -> list[tuple[str, str]]:
    """Columns by their letters, as Excel has them, with what stands over them."""
    named = [
        (str(place), f"{_letters(place)} – {head}" if head else _letters(place))
        for place, head in enumerate(heads[:MOST_COLUMNS])
    ]
    return [("", "–"), *named]


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


class RowDecided(forms.Form):
    """One answer to a row; the button says which."""

    round = forms.IntegerField(min_value=0)
    action = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in ("choose", "code", "quantity", "rest", "skip", "reset")],
    )
    analog = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    sku = forms.IntegerField(required=False, min_value=1, max_value=2**31)
    code = forms.CharField(required=False, max_length=300)
    quantity = forms.CharField(required=False, max_length=100)
    same = forms.BooleanField(required=False)
    remember = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("analog"):  # a button of its own; the client's code still means what it meant
            return told | {"action": "choose", "sku": told["analog"], "remember": False, "same": False}
        if not told.get("action"):
            raise forms.ValidationError(_("Выберите товар или укажите количество."))
        if told.get("action") in {"choose", "code"}:  # Enter in a field presses the first button
            told["action"] = "code" if told.get("code") else "choose" if told.get("sku") else "quantity"
        needed = {"choose": "sku", "code": "code", "quantity": "quantity"}.get(told.get("action", ""))
        if needed and not told.get(needed):
            raise forms.ValidationError(_("Выберите товар или укажите количество."))
        return told

    def decision(self) -> Decision:
        """What is to be done with the row."""
        told, action = self.cleaned_data, self.cleaned_data["action"]
        is_good = action in {"choose", "code"}
        return Decision(
            sku_id=told["sku"] if action == "choose" else None,
            code=told["code"] if action == "code" else "",
            quantity=told["quantity"] if action == "quantity" else "",
            takes_available=action == "rest",
            is_skipped=action == "skip",
            is_reset=action == "reset",
            to_same=told["same"] and (is_good or action == "skip"),
            is_remembered=told["remember"] and is_good,
        )


class PutInto(forms.Form):
    """Which cart ready rows go to, and how."""

    NEW = -1
    round = forms.IntegerField(min_value=0)
    cart = forms.IntegerField(required=False, min_value=NEW)
    mode = forms.ChoiceField(required=False, choices=[("add", "add"), ("replace", "replace")])
    name = forms.CharField(required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("cart") == self.NEW and not told.get("name"):
            raise forms.ValidationError(_("Назовите корзину."))
        return told
