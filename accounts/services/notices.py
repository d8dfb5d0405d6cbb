"""Telling people: a line in the inbox at once, and a letter where the person wants one."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import (
    DigestRhythm,
    Language,
    LetterTimes,
    Notice,
    NoticeSetting,
    QuietHours,
    User,
    Weekday,
)
from accounts.notices import (
    OWN_LETTER_KINDS,
    STAFF_KINDS,
    URGENT_KINDS,
    Channel,
    NoticeFacts,
    NoticeKind,
    Preset,
    channel_at_first,
    channels_of,
    preset_channel,
)
from accounts.services.letters import digest_leave, letters_send
from accounts.zones import Zone
from portal.lib.dates import MOSCOW
from portal.lib.said import Said, english_of
from portal.outbox import JobContext, enqueue, job

TITLE_LENGTH, TEXT_LENGTH = 200, 1000
KEPT = timedelta(days=90)
"""How long a line stays in the inbox."""
_DIGEST_KEPT = timedelta(days=7)
"""How long a line stays at least after it was gathered into a digest, whose job may still be trying."""
_PURGE_CHUNK = 5000

# One statement however many people and things; says which of the lines were new and how far each goes:
# as the person chose, else as the administrator said, else by the portal's own rule. On a holiday letters
# become lines of the digest that comes after it; what is urgent waits for nothing.
_INSERT = """
INSERT INTO accounts_notice (user_id, kind, reference, day, title, text, title_english, text_english,
                             address, created_at, channel)
SELECT person.id, told.kind, told.reference, %(day)s, told.title, told.text, told.title_english,
       told.text_english, told.address, %(at)s,
       CASE WHEN told.is_urgent AND choice.channel = 'digest' THEN 'mail'
            WHEN choice.channel = 'mail' AND NOT told.is_urgent
                 AND times.silent_until > (%(at)s::timestamptz AT TIME ZONE person.time_zone)::date
            THEN 'digest'
            ELSE choice.channel END
  FROM jsonb_to_recordset(%(told)s::jsonb)
       AS told (user_id bigint, kind text, reference text, title text, text text,
                title_english text, text_english text, address text,
                channel text, is_urgent boolean)
  JOIN accounts_user person ON person.id = told.user_id AND person.is_active
  LEFT JOIN accounts_noticesetting own ON own.user_id = person.id AND own.kind = told.kind
  LEFT JOIN accounts_noticerule rule ON rule.kind = told.kind
  LEFT JOIN accounts_lettertimes times ON times.user_id = person.id
 CROSS JOIN LATERAL (SELECT COALESCE(own.channel, rule.channel, told.channel)) AS choice (channel)
 ORDER BY person.id, told.kind, told.reference
ON CONFLICT (user_id, kind, reference, day) DO NOTHING
RETURNING id, user_id, kind, channel
"""


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """New lines of one person that go into one letter."""

    user_id: int
    notice_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """When a person is written to, by the clock of his zone; no letters but urgent ones until a day."""

    zone: Zone = Zone.MOSCOW
    rhythm: DigestRhythm = DigestRhythm.DAILY
    weekday: Weekday = Weekday.MONDAY
    hour: int = 9
    silent_until: date | None = None


@transaction.atomic
def notice_send(
    *,
    user_ids: Collection[int],
    kind: NoticeKind,
    reference: str,
    day: date,
    title: Said,
    text: Said | str = "",
    address: str = "",
    at: datetime,
) -> int:
    """Tell some people of one thing; return how many had not been told yet.

    Once for a person, kind, thing and day (Moscow date), however often it is called.
    """
    facts = NoticeFacts(tuple(user_ids), kind, reference, title, text, address)
    return notices_send(notices=[facts], day=day, at=at)


@transaction.atomic
def notices_send(*, notices: Sequence[NoticeFacts], day: date, at: datetime) -> int:
    """The same of many things: one letter per person for all that is new; three queries and the outbox's."""
    told = [
        {
            "user_id": user_id,
            "kind": facts.kind.value,
            "reference": facts.reference,
            "title": str(facts.title)[:TITLE_LENGTH],
            "text": str(facts.text)[:TEXT_LENGTH],
            "title_english": english_of(facts.title)[:TITLE_LENGTH],
            "text_english": english_of(facts.text)[:TEXT_LENGTH],
            "address": facts.address,
            "channel": channel_at_first(facts.kind),
            "is_urgent": facts.kind in URGENT_KINDS,
        }
        for facts in notices
        for user_id in sorted(set(facts.user_ids))
    ]
    if not told:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"told": json.dumps(told), "day": day, "at": at})
        new: list[tuple[int, int, str, str]] = cursor.fetchall()
    mailed = [row for row in new if row[3] == Channel.MAIL and row[2] not in OWN_LETTER_KINDS]
    _order_letters(mailed, at)
    return len(new)


def _order_letters(mailed: Sequence[tuple[int, int, str, str]], at: datetime) -> None:
    """One letter for each person, after his quiet hours; one more at once of what is urgent."""
    if not mailed:
        return
    letters: dict[tuple[int, bool], list[int]] = {}
    for pk, user_id, kind, _channel in sorted(mailed):
        letters.setdefault((user_id, kind in URGENT_KINDS), []).append(pk)
    people = User.objects.filter(pk__in={user_id for user_id, _is_urgent in letters})
    clocks = {
        user_id: (zone, start, end)
        for user_id, zone, start, end in people.values_list(
            "pk", "time_zone", "quiet_hours__start", "quiet_hours__end"
        )
    }
    for (user_id, is_urgent), ids in letters.items():
        zone, start, end = clocks[user_id]
        is_held = start is not None and not is_urgent
        delay = quiet_for(start, end, at, zone=ZoneInfo(zone)) if is_held else timedelta()
        enqueue(notice_mail, NoticeLetter(user_id, tuple(ids)), key=f"notices:{ids[0]}", delay=delay)


def quiet_for(start: time, end: time, at: datetime, *, zone: tzinfo = MOSCOW) -> timedelta:
    """How long it is still quiet at the moment, by the clock of the zone; over midnight where end < start."""
    now = at.astimezone(zone)
    today = now.replace(hour=end.hour, minute=end.minute, second=end.second, microsecond=0)
    is_quiet = start <= now.time() < end if start < end else now.time() >= start or now.time() < end
    if start == end or not is_quiet:
        return timedelta()
    return today - now if today > now else today + timedelta(days=1) - now


@job(queue="mail", atomic=False)
def notice_mail(letter: NoticeLetter, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    letter_send(letter=letter, key=job.key)


def letter_send(*, letter: NoticeLetter, key: str) -> int:
    """Write of what is still unread; nothing to one who has left. Returns the number of letters."""
    user = User.objects.filter(pk=letter.user_id, is_active=True).first()
    notices = list(
        Notice.objects.filter(pk__in=letter.notice_ids, user=user, read_at__isnull=True).order_by("pk")
    )
    if user is None or not notices:
        return 0
    return letters_send(
        key=key,
        to=[user.email],
        letter="notices",
        context={
            "notices": [notice_lines(one) for one in notices],
            "settings_address": settings.SITE_URL + reverse("accounts:notice_settings"),
        },
        kinds={NoticeKind(one.kind) for one in notices} - STAFF_KINDS,
    )


def notice_lines(notice: Notice) -> dict[str, str]:
    """What a letter says of a line, in both languages; lines of old were written in Russian only."""
    return {
        "kind": notice.kind,
        "title": notice.title,
        "text": notice.text,
        "title_english": notice.title_english or notice.title,
        "text_english": notice.text_english or notice.text,
        "address": settings.SITE_URL + notice.address if notice.address else "",
    }


@transaction.atomic
def notice_read(*, user_id: int, notice_id: int, at: datetime) -> Notice:
    """Note that a person has read a line. Idempotent. Raises Notice.DoesNotExist (another person's)."""
    notice = Notice.objects.select_for_update().get(pk=notice_id, user_id=user_id)
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def notices_read(*, user_id: int, at: datetime) -> int:
    """Note that a person has read all that there is by now; return how many lines."""
    unread = Notice.objects.filter(user_id=user_id, read_at__isnull=True, created_at__lte=at)
    return unread.update(read_at=at)


@transaction.atomic
def notice_settings_save(
    *,
    user_id: int,
    mailed: Collection[NoticeKind],
    digested: Collection[NoticeKind] = (),
    kinds: Collection[NoticeKind] | None = None,
    quiet_hours: tuple[time, time] | None,
    language: Language | None = None,
    plan: LetterPlan | None = None,
) -> None:
    """Keep how far notices go and when letters come. Idempotent.

    `kinds` are those that the person was asked about (None: all that clients choose of): of them the
    mailed go by letter at once, the digested wait for the digest, the rest stays in the inbox. Language
    and plan stay as they were where None.
    """
    asked = [kind for kind in NoticeKind if kind not in STAFF_KINDS] if kinds is None else kinds
    channels = {
        kind: Channel.MAIL if kind in mailed else Channel.DIGEST if kind in digested else Channel.INBOX
        for kind in asked
    }
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if language is not None:
        user.language = language
    if plan is not None:
        user.time_zone = plan.zone
        LetterTimes.objects.update_or_create(
            user_id=user_id,
            defaults={
                "rhythm": plan.rhythm,
                "weekday": plan.weekday,
                "hour": plan.hour,
                "silent_until": plan.silent_until,
            },
        )
    user.save(update_fields=["language", "time_zone"])
    _channels_keep(user_id, channels)
    if quiet_hours is None:
        QuietHours.objects.filter(user_id=user_id).delete()
        return
    start, end = quiet_hours
    QuietHours.objects.update_or_create(user_id=user_id, defaults={"start": start, "end": end})


@transaction.atomic
def notice_preset_apply(*, user_id: int, preset: Preset, kinds: Collection[NoticeKind]) -> None:
    """Choose for all kinds that the person is asked about at once. Idempotent."""
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    _channels_keep(user_id, {kind: preset_channel(preset, kind) for kind in kinds})


def _channels_keep(user_id: int, channels: Mapping[NoticeKind, Channel]) -> None:
    """Write what was chosen; what waited for a digest and goes to the inbox only now is left out of it."""
    fit = {kind: one for kind, one in channels.items() if one in channels_of(kind)}
    NoticeSetting.objects.bulk_create(
        [NoticeSetting(user_id=user_id, kind=kind, channel=channel) for kind, channel in fit.items()],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["channel"],
    )
    digest_leave(user_id=user_id, kinds=[kind for kind, one in fit.items() if one is Channel.INBOX])


def notices_purge(*, at: datetime) -> int:
    """Forget lines of long ago, in portions; return how many.

    What waits for a digest stays, and what was gathered into one lately.
    """
    waits = Q(channel=Channel.DIGEST, digest__isnull=True, read_at__isnull=True, user__is_active=True)
    old = Notice.objects.filter(created_at__lt=at - KEPT)
    over = old.exclude(waits).exclude(digest__ordered_at__gte=at - _DIGEST_KEPT)
    deleted = 0
    while True:
        portion, _models = Notice.objects.filter(
            pk__in=over.order_by("pk").values("pk")[:_PURGE_CHUNK]
        ).delete()
        deleted += portion
        if portion < _PURGE_CHUNK:
            return deleted
