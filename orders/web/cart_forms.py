"""What people type on the pages of many carts."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import CartSharing
from orders.services.cart_puts import Choice, Put

_MOST_DIGITS = 18


class CartName(forms.Form):
    """The name of a cart."""

    name = forms.CharField(
        label=_("Название"), max_length=100, error_messages={"required": _("Укажите название корзины.")}
    )


class CartShare(forms.Form):
    """Who else works with a cart."""

    sharing = forms.ChoiceField(label=_("Доступ"), choices=CartSharing.choices)


class LineNote(forms.Form):
    """What a client says of a line."""

    client_reference = forms.CharField(label=_("Номер строки у вас"), max_length=50, required=False)
    desired_date = forms.DateField(
        label=_("Нужно к"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    comment = forms.CharField(
        label=_("Комментарий к строке"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_desired_date(self) -> date | None:
        day: date | None = self.cleaned_data["desired_date"]
        if day is not None and day < timezone.localdate():
            raise forms.ValidationError(_("Эта дата уже прошла."))
        return day


def ids_read(form: QueryDict, field: str) -> list[int]:
    """Numbers of ticked rows, each once; what is no number is passed over."""
    return list(dict.fromkeys(int(text) for text in form.getlist(field) if _is_number(text)))


def places_read(form: QueryDict) -> list[tuple[int, int]]:
    """Pairs of legal entity and contract: `place=12-34`, or `only` one; what is no pair is passed over."""
    named = form.getlist("only") or form.getlist("place")
    pairs = (str(text).partition("-") for text in named)
    return [(int(one), int(two)) for one, _dash, two in pairs if _is_number(one) and _is_number(two)]


def choices_read(form: QueryDict) -> dict[int, Choice]:
    """What becomes of each line: `put-<line>=sum`, with `analog-<line>=<sku>` an analog instead."""
    found: dict[int, Choice] = {}
    for name in form:
        line = name.removeprefix("put-")
        if not name.startswith("put-") or not _is_number(line) or form[name] not in list(Put):
            continue
        analog: Any = form.get(f"analog-{line}", "")
        found[int(line)] = Choice(Put(str(form[name])), int(analog) if _is_number(analog) else None)
    return found


def _is_number(text: Any) -> bool:
    written = str(text)
    return written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS
