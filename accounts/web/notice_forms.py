"""Forms of the inbox: its filter, and what a person wants to be told and when."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import DigestRhythm, Language, LetterTimes, User, Weekday
from accounts.notices import Channel, NoticeKind, Preset, channels_of
from accounts.selectors.notices import PAGE_SIZE, PAGE_SIZES, KindRow, by_subject
from accounts.services.notices import LetterPlan
from accounts.zones import Zone

_HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class NoticeFilter(forms.Form):
    """Which lines of the inbox are shown; a field that says nonsense asks for nothing."""

    kind = forms.ChoiceField(label=_("О чем"), required=False)
    unread = forms.ChoiceField(
        label=_("Прочитанность"),
        required=False,
        choices=[("", _("Все уведомления")), ("1", _("Непрочитанные"))],
    )
    size = forms.TypedChoiceField(
        label=_("На странице"),
        required=False,
        coerce=int,
        choices=[(size, _("По {size}").format(size=size)) for size in PAGE_SIZES],
    )

    def __init__(self, *args: Any, kinds: Sequence[NoticeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [KindRow(kind, Channel.INBOX, ()) for kind in kinds]
        headed = [
            (str(group.subject.label), [(row.kind.value, row.kind.label) for row in group.rows])
            for group in by_subject(rows)
        ]
        choice: Any = self.fields["kind"]
        choice.choices = [("", _("Обо всём")), *headed]
        self.is_valid()

    @property
    def kind_chosen(self) -> str:
        return self.cleaned_data.get("kind") or ""

    @property
    def is_unread(self) -> bool:
        return bool(self.cleaned_data.get("unread"))

    @property
    def page_size(self) -> int:
        return self.cleaned_data.get("size") or PAGE_SIZE

    @property
    def is_filtered(self) -> bool:
        return bool(self.kind_chosen or self.is_unread)


class NoticePresetForm(forms.Form):
    """One of the ready choices."""

    preset = forms.ChoiceField(choices=Preset)

    @property
    def chosen(self) -> Preset:
        return Preset(self.cleaned_data["preset"])


class NoticeSettingsForm(forms.Form):
    """How far each kind goes, and when letters come; a kind that is not sent stays as it was."""

    language = forms.ChoiceField(label=_("Язык писем"), choices=Language, required=False)
    start = forms.TimeField(label=_("с"), required=False)
    end = forms.TimeField(label=_("до"), required=False)
    zone = forms.ChoiceField(label=_("Часовой пояс"), choices=Zone, required=False)
    rhythm = forms.ChoiceField(label=_("Сводка"), choices=DigestRhythm, required=False)
    weekday = forms.TypedChoiceField(
        label=_("День недели"), choices=Weekday, coerce=int, empty_value=None, required=False
    )
    hour = forms.TypedChoiceField(
        label=_("Час"), choices=_HOURS, coerce=int, empty_value=None, required=False
    )
    silent_until = forms.DateField(
        label=_("Не писать до"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(
        self, *args: Any, rows: Sequence[KindRow], user: User, times: LetterTimes, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows, self.user, self.times = rows, user, times
        for row in rows:
            self.fields[_field(row.kind)] = forms.ChoiceField(
                label=row.kind.label,
                choices=[(one.value, one.label) for one in channels_of(row.kind)],
                required=False,
            )
        self.initial.update(
            {
                "language": user.language,
                "zone": user.time_zone,
                "rhythm": times.rhythm,
                "weekday": times.weekday,
                "hour": times.hour,
                "silent_until": times.silent_until,
            }
        )

    def clean(self) -> None:
        super().clean()
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if (start is None) != (end is None) and not self.errors:
            self.add_error(None, _("Укажите и начало, и конец тихих часов."))
        elif start is not None and start == end:
            self.add_error(None, _("Тихие часы должны начинаться и кончаться в разное время."))

    def _of(self, channel: Channel) -> set[NoticeKind]:
        chosen = {row.kind: self.cleaned_data[_field(row.kind)] or row.channel for row in self.rows}
        return {kind for kind, one in chosen.items() if one == channel}

    @property
    def mailed(self) -> set[NoticeKind]:
        return self._of(Channel.MAIL)

    @property
    def digested(self) -> set[NoticeKind]:
        return self._of(Channel.DIGEST)

    @property
    def kinds(self) -> list[NoticeKind]:
        return [row.kind for row in self.rows]

    @property
    def chosen_language(self) -> Language | None:
        chosen = self.cleaned_data["language"]
        return Language(chosen) if chosen else None

    @property
    def quiet_hours(self) -> tuple[time, time] | None:
        start, end = self.cleaned_data["start"], self.cleaned_data["end"]
        return None if start is None else (start, end)

    @property
    def plan(self) -> LetterPlan:
        told, times = self.cleaned_data, self.times
        hour: int | None = told["hour"]
        weekday: int | None = told["weekday"]
        silent_until: date | None = told["silent_until"]
        return LetterPlan(
            zone=Zone(told["zone"] or self.user.time_zone),
            rhythm=DigestRhythm(told["rhythm"] or times.rhythm),
            weekday=Weekday(times.weekday if weekday is None else weekday),
            hour=times.hour if hour is None else hour,
            silent_until=silent_until,
        )


def _field(kind: NoticeKind) -> str:
    return f"channel_{kind.value}"
