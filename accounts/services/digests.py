"""The digest: one letter a day, or a week, of what waited for it; gathered once, lost never."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.urls import reverse

from accounts.models import Digest, DigestRhythm, LetterTimes, Notice
from accounts.notices import Channel, NoticeKind, Subject, subject_of
from accounts.services.letters import letters_send
from accounts.services.notices import notice_lines
from portal.outbox import JobContext, enqueue, job

MOST_LINES = 60
"""So many lines stand in the letter; the rest is on the portal."""

# Whoever writes the row of a person and day gathers for it; the other beat finds it there.
_CLAIM = """
INSERT INTO accounts_digest (user_id, day, due_at, ordered_at)
SELECT due.user_id, due.day, due.due_at, %(at)s
  FROM unnest(%(users)s::bigint[], %(days)s::date[], %(moments)s::timestamptz[])
       AS due (user_id, day, due_at)
 ORDER BY due.user_id
ON CONFLICT (user_id, day) DO NOTHING
RETURNING id, user_id, day
"""
_GATHER = """
UPDATE accounts_notice notice SET digest_id = digest.id
  FROM accounts_digest digest
 WHERE digest.id = ANY(%(digests)s) AND notice.user_id = digest.user_id
   AND notice.channel = 'digest' AND notice.digest_id IS NULL AND notice.created_at <= digest.due_at
"""


@dataclass(frozen=True, slots=True)
class DigestLetter:
    """The payload of the letter's job."""

    digest_id: int


def digest_due(times: LetterTimes, *, zone: ZoneInfo, at: datetime) -> datetime | None:
    """When the latest digest fell due by the clock of the zone; None during a holiday.

    After a holiday the first one is due on the day of return, whatever the rhythm.
    """
    now = at.astimezone(zone)
    back = times.silent_until
    if back is not None and now.date() < back:
        return None
    due = _moment(now.date(), times.hour, zone)
    step = timedelta(days=1)
    while due > now or (times.rhythm == DigestRhythm.WEEKLY and due.weekday() != times.weekday):
        due = _moment(due.date() - step, times.hour, zone)
    if back is None or due.date() >= back:
        return due
    returned = _moment(back, times.hour, zone)
    return returned if returned <= now else None


@transaction.atomic
def digests_order(*, at: datetime) -> int:
    """Gather for everybody whose digest has fallen due what came before it, and order the letters.

    Once for a person and day, however many ask at once; what comes later waits for the next one.
    Returns how many. Three queries and one for each letter.
    """
    due = [(user_id, moment) for user_id, moment, oldest in _waiting(at) if moment and oldest <= moment]
    if not due:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "users": [user_id for user_id, _moment in due],
                "days": [moment.date() for _user_id, moment in due],
                "moments": [moment for _user_id, moment in due],
                "at": at,
            },
        )
        claimed: list[tuple[int, int, date]] = cursor.fetchall()
        cursor.execute(_GATHER, {"digests": [pk for pk, _user_id, _day in claimed]})
    for pk, user_id, day in claimed:
        enqueue(digest_mail, DigestLetter(pk), key=f"digest:{user_id}:{day}")
    return len(claimed)


def _waiting(at: datetime) -> list[tuple[int, datetime | None, datetime]]:
    """People with unread lines that wait, when their digest fell due, and since when the oldest waits."""
    lines = Notice.objects.filter(
        channel=Channel.DIGEST, digest__isnull=True, read_at__isnull=True, user__is_active=True
    )
    first = LetterTimes()
    people = lines.values_list(
        "user_id",
        "user__time_zone",
        "user__letter_times__rhythm",
        "user__letter_times__weekday",
        "user__letter_times__hour",
        "user__letter_times__silent_until",
    ).annotate(oldest=Min("created_at"))
    found = []
    for user_id, zone, rhythm, weekday, hour, silent_until, oldest in people.order_by("user_id"):
        times = (
            first
            if rhythm is None
            else LetterTimes(rhythm=rhythm, weekday=weekday, hour=hour, silent_until=silent_until)
        )
        found.append((user_id, digest_due(times, zone=ZoneInfo(zone), at=at), oldest))
    return found


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone)


@job(queue="mail", atomic=False)
def digest_mail(letter: DigestLetter, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    digest_send(digest_id=letter.digest_id, key=job.key)


def digest_send(*, digest_id: int, key: str) -> int:
    """Write of what is still unread, under headings; nothing to one who has left. Returns the letters."""
    digest = Digest.objects.select_related("user").filter(pk=digest_id, user__is_active=True).first()
    if digest is None:
        return 0
    unread = list(digest.notices.filter(read_at__isnull=True).order_by("created_at", "pk"))
    if not unread:
        return 0
    order = {subject: place for place, subject in enumerate(Subject)}
    shown = sorted(unread[-MOST_LINES:], key=lambda one: order[subject_of(NoticeKind(one.kind))])
    groups = groupby(shown, key=lambda one: subject_of(NoticeKind(one.kind)))
    return letters_send(
        key=key,
        to=[digest.user.email],
        letter="digest",
        context={
            "day": digest.day,
            "count": len(unread),
            "more": len(unread) - len(shown),
            "groups": [
                {
                    "subject": subject.value,
                    "label": subject.label,
                    "notices": [notice_lines(one) for one in lines],
                }
                for subject, lines in groups
            ],
            "inbox_address": settings.SITE_URL + reverse("accounts:notices"),
            "settings_address": settings.SITE_URL + reverse("accounts:notice_settings"),
        },
        is_digest=True,
    )
