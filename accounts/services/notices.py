"""Telling people: a line in the inbox at once, and a letter where the person wants one."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import Language, Notice, NoticeSetting, QuietHours, User
from accounts.notices import MAILED_KINDS, STAFF_KINDS, NoticeFacts, NoticeKind
from accounts.services.letters import letters_send
from portal.lib.dates import MOSCOW
from portal.outbox import JobContext, enqueue, job

TITLE_LENGTH, TEXT_LENGTH = 200, 1000

# One statement however many people and things; says which of the lines were new.
_INSERT = """
INSERT INTO accounts_notice (user_id, kind, reference, day, title, text, address, created_at)
SELECT person.id, told.kind, told.reference, %(day)s, told.title, told.text, told.address, %(at)s
  FROM jsonb_to_recordset(%(told)s::jsonb)
       AS told (user_id bigint, kind text, reference text, title text, text text, address text)
  JOIN accounts_user person ON person.id = told.user_id AND person.is_active
 ORDER BY person.id, told.kind, told.reference
ON CONFLICT (user_id, kind, reference, day) DO NOTHING
RETURNING id, user_id, kind
"""


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """New lines of one person that go into one letter."""

    user_id: int
    notice_ids: tuple[int, ...]


@transaction.atomic
def notice_send(
    *,
    user_ids: Collection[int],
    kind: NoticeKind,
    reference: str,
    day: date,
    title: str,
    text: str = "",
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
    """The same of many things: one letter per person for all that is new; four queries and the outbox's."""
    told = [
        {
            "user_id": user_id,
            "kind": facts.kind.value,
            "reference": facts.reference,
            "title": facts.title[:TITLE_LENGTH],
            "text": facts.text[:TEXT_LENGTH],
            "address": facts.address,
        }
        for facts in notices
        for user_id in sorted(set(facts.user_ids))
    ]
    if not told:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, {"told": json.dumps(told), "day": day, "at": at})
        new: list[tuple[int, int, str]] = cursor.fetchall()
    _order_letters(new, at)
    return len(new)


def _order_letters(new: Sequence[tuple[int, int, str]], at: datetime) -> None:
    """One letter for each person, after his quiet hours."""
    people = {user_id for _pk, user_id, _kind in new}
    chosen = {
        (user_id, kind): is_mailed
        for user_id, kind, is_mailed in NoticeSetting.objects.filter(user__in=people).values_list(
            "user_id", "kind", "is_mailed"
        )
    }
    quiet = {hours.user_id: hours for hours in QuietHours.objects.filter(user__in=people)}
    letters: dict[int, list[int]] = {}
    for pk, user_id, kind in sorted(new):
        if chosen.get((user_id, kind), kind in MAILED_KINDS):
            letters.setdefault(user_id, []).append(pk)
    for user_id, ids in letters.items():
        hours = quiet.get(user_id)
        delay = quiet_for(hours.start, hours.end, at) if hours else timedelta()
        enqueue(notice_mail, NoticeLetter(user_id, tuple(ids)), key=f"notices:{ids[0]}", delay=delay)


def quiet_for(start: time, end: time, at: datetime) -> timedelta:
    """How long it is still quiet at the moment, by the clock of Moscow; over midnight where end < start."""
    now = at.astimezone(MOSCOW)
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
            "notices": [
                {
                    "kind": one.kind,
                    "title": one.title,
                    "text": one.text,
                    "address": settings.SITE_URL + one.address if one.address else "",
                }
                for one in notices
            ],
            "settings_address": settings.SITE_URL + reverse("accounts:notice_settings"),
        },
        kinds={NoticeKind(one.kind) for one in notices} - STAFF_KINDS,
    )


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
    quiet_hours: tuple[time, time] | None,
    language: Language | None = None,
) -> None:
    """Keep what goes by mail, when no letter does, and (None: as before) in which language. Idempotent."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if language is not None and user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    NoticeSetting.objects.bulk_create(
        [
            NoticeSetting(user_id=user_id, kind=kind, is_mailed=kind in mailed)
            for kind in NoticeKind
            if kind not in STAFF_KINDS
        ],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["is_mailed"],
    )
    if quiet_hours is None:
        QuietHours.objects.filter(user_id=user_id).delete()
        return
    start, end = quiet_hours
    QuietHours.objects.update_or_create(user_id=user_id, defaults={"start": start, "end": end})
