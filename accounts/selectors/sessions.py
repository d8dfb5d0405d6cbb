"""Reads about accounts."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.browsers import browser_name
from accounts.models import User


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One place where a person is signed in."""

    pk: int
    began_at: datetime
    seen_at: datetime
    ip: str
    browser: str
    is_current: bool


def session_rows(*, user: User, current_key: str | None) -> list[SessionRow]:
    """Sessions that are still there, the current one first, then the latest; one query."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    rows = [
        SessionRow(
            pk=one.pk,
            began_at=one.created_at,
            seen_at=one.last_seen_at,
            ip=one.ip,
            browser=browser_name(one.user_agent),
            is_current=one.session_key == current_key,
        )
        for one in UserSession.objects.filter(user_id=user.pk, session_key__in=alive)
    ]
    return sorted(rows, key=lambda row: (not row.is_current, -row.seen_at.timestamp()))
