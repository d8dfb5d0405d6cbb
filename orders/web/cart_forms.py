"""What people type on the pages of many carts."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models import CartSharing
from orders.rhythm import Rhythm
from orders.selectors.schedules import MOST_DAYS_BEFORE
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


class ScheduleForm(forms.Form):
    """When a saved cart is ordered again: days of the week every so many weeks, or a day of the month."""

    rhythm = forms.ChoiceField(
        label=_("Как часто"),
        choices=[("weeks", _("по дням недели")), ("month", _("раз в месяц"))],
        widget=forms.RadioSelect,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Дни недели"),
        required=False,
        coerce=int,
        choices=[
            (0, _("пн")), (1, _("вт")), (2, _("ср")), (3, _("чт")), (4, _("пт")), (5, _("сб")), (6, _("вс")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    every_weeks = forms.IntegerField(
        label=_("Раз в сколько недель"), min_value=1, max_value=12, initial=1, required=False
    )
    month_day = forms.IntegerField(
        label=_("Число месяца"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("В коротком месяце – последний день."),
    )
    starts_on = forms.DateField(
        label=_("С какого дня"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    ends_on = forms.DateField(
        label=_("По какой день"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    days_before = forms.IntegerField(
        label=_("За сколько дней собирать"), min_value=0, max_value=MOST_DAYS_BEFORE, initial=1
    )
    mode = forms.ChoiceField(
        label=_("Что делать"),
        choices=[("ask", _("собрать корзину и спросить меня")), ("send", _("сразу отправить заказ"))],
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        if filled.get("rhythm") == "month" and not filled.get("month_day"):
            self.add_error("month_day", _("Укажите число месяца."))
        if filled.get("rhythm") == "weeks" and not filled.get("weekdays"):
            self.add_error("weekdays", _("Отметьте хотя бы один день."))
        first, last = filled.get("starts_on"), filled.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Последний день раньше первого."))
        return filled

    @property
    def told(self) -> Rhythm:
        filled = self.cleaned_data
        is_monthly = filled["rhythm"] == "month"
        return Rhythm(
            starts_on=filled["starts_on"],
            ends_on=filled["ends_on"],
            weekdays=() if is_monthly else tuple(filled["weekdays"]),
            every_weeks=filled["every_weeks"] or 1,
            month_day=filled["month_day"] if is_monthly else None,
        )


class ScheduleMove(forms.Form):
    """What is done with a schedule; `day` is the one that is skipped."""

    move = forms.ChoiceField(choices=[(name, "") for name in ("pause", "resume", "skip", "stop")])
    day = forms.DateField(required=False)
