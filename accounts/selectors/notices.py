"""A person's inbox and how far notices go."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import LetterTimes, Notice, NoticeRule, NoticeSetting, QuietHours, User
from accounts.notices import (
    STAFF_KINDS,
    Channel,
    NoticeKind,
    Subject,
    channel_at_first,
    channels_of,
    subject_of,
)
from portal.lib.dates import format_date_long

BELL_ROWS = 10
PAGE_SIZE, PAGE_SIZES = 30, (30, 60, 120)


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of notices in the settings: how far it goes, and how far it may."""

    kind: NoticeKind
    channel: Channel
    channels: tuple[Channel, ...]

    @property
    def is_mailed(self) -> bool:
        return self.channel is Channel.MAIL


@dataclass(frozen=True, slots=True)
class SubjectRows:
    """Kinds under one heading."""

    subject: Subject
    rows: tuple[KindRow, ...]


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """Lines of one day by the person's clock."""

    label: str
    notices: tuple[Notice, ...]


def notice_rows(*, user_id: int, kind: str = "", is_unread: bool = False) -> QuerySet[Notice]:
    """Lines of a person's inbox, the newest first; of one kind, unread ones only."""
    rows = Notice.objects.filter(user_id=user_id, **({"kind": kind} if kind else {}))
    if is_unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.order_by("-created_at", "-pk")


def notice_days(notices: Iterable[Notice], *, user: User, at: datetime) -> list[NoticeDay]:
    """Gather lines that follow each other by day, as the person's clock has it."""
    zone = ZoneInfo(user.time_zone)
    today = at.astimezone(zone).date()
    days = groupby(notices, key=lambda one: one.created_at.astimezone(zone).date())
    return [NoticeDay(_day_label(day, today), tuple(rows)) for day, rows in days]


def unread_count(*, user_id: int) -> int:
    """How many lines wait to be read; one query."""
    return Notice.objects.filter(user_id=user_id, read_at__isnull=True).count()


def channels_chosen(*, user_id: int) -> dict[NoticeKind, Channel]:
    """How far each kind goes: as the person chose, the administrator said, or by itself; two queries."""
    rules = dict(NoticeRule.objects.values_list("kind", "channel"))
    own = dict(NoticeSetting.objects.filter(user_id=user_id).values_list("kind", "channel"))
    said = rules | own
    return {kind: Channel(said.get(kind, channel_at_first(kind))) for kind in NoticeKind}


def notice_settings(
    *, user_id: int, kinds: Collection[NoticeKind] | None = None
) -> tuple[list[KindRow], QuietHours | None]:
    """What a person has chosen of kinds (None: all that clients choose of); three queries."""
    chosen = channels_chosen(user_id=user_id)
    offered = [kind for kind in NoticeKind if kind not in STAFF_KINDS] if kinds is None else kinds
    rows = [KindRow(kind, chosen[kind], tuple(channels_of(kind))) for kind in offered]
    return rows, QuietHours.objects.filter(user_id=user_id).first()


def by_subject(rows: Iterable[KindRow]) -> list[SubjectRows]:
    """The same under headings; headings without kinds are left out."""
    found: dict[Subject, list[KindRow]] = {subject: [] for subject in Subject}
    for row in rows:
        found[subject_of(row.kind)].append(row)
    return [SubjectRows(subject, tuple(rows)) for subject, rows in found.items() if rows]


def letter_times(*, user_id: int) -> LetterTimes:
    """When the person is written to; as it is at first, unsaved, where he has not said."""
    return LetterTimes.objects.filter(user_id=user_id).first() or LetterTimes(user_id=user_id)


def is_mailed(*, user_id: int, kind: NoticeKind, at: datetime | None = None) -> bool:
    """Tell whether a person wants letters of a kind at once; at a moment: and has not gone on a holiday."""
    if at is not None:
        person = User.objects.filter(pk=user_id).values_list("time_zone", "letter_times__silent_until")
        for zone, silent_until in person:
            if silent_until is not None and silent_until > at.astimezone(ZoneInfo(zone)).date():
                return False
    chosen = NoticeSetting.objects.filter(user_id=user_id, kind=kind).values_list("channel", flat=True)
    rule = NoticeRule.objects.filter(kind=kind).values_list("channel", flat=True)
    said = next(iter(chosen), None) or next(iter(rule), None) or channel_at_first(kind)
    return said == Channel.MAIL


def _day_label(day: date, today: date) -> str:
    if day == today:
        return _("Сегодня")
    return _("Вчера") if day == today - timedelta(days=1) else format_date_long(day)
