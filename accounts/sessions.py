"""Sessions in the database that know when they began (settings.SESSION_ENGINE)."""

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

ABSOLUTE_LIMIT = timedelta(hours=12)
CLIENT_IDLE_LIMIT = timedelta(hours=3)
STAFF_IDLE_LIMIT = timedelta(hours=1)
SEEN_STEP = timedelta(minutes=1)  # being there is not worth a write with every request

_BEGAN, _SEEN = "began_at", "seen_at"


class SessionStore(db.SessionStore):
    """Stamps a session when it gets its key: at sign-in, and when one enters a client's cabinet."""

    def create(self) -> None:
        now = timezone.now().timestamp()
        self[_BEGAN] = self[_SEEN] = now
        super().create()


def is_over(session: SessionBase, *, idle_limit: timedelta, at: datetime) -> bool:
    """Tell whether a session has lasted or rested too long; one without stamps is over, too."""
    began, seen = _moment(session, _BEGAN), _moment(session, _SEEN)
    return began is None or seen is None or at - began > ABSOLUTE_LIMIT or at - seen > idle_limit


def seen(session: SessionBase, *, at: datetime) -> bool:
    """Note that the person is there; tell whether that was worth a write."""
    last = _moment(session, _SEEN)
    if last is not None and at - last < SEEN_STEP:
        return False
    session[_SEEN] = at.timestamp()
    return True


def _moment(session: SessionBase, name: str) -> datetime | None:
    value = session.get(name)
    return None if value is None else datetime.fromtimestamp(value, tz=UTC)
