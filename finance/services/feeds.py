"""A person's link to the calendar of payments: made, put an end to, and followed."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.selectors import actor_for
from finance.models import CalendarFeed
from portal.lib.dates import moscow_date

_MOST_DIGITS = 18


@transaction.atomic
def calendar_feed_make(*, actor: Actor, at: datetime) -> str:
    """Make a new link, which puts an end to the one there was; return its secret, told only now.

    Raises AccessDenied (also for whoever works in another's name).
    """
    user_id, holding_id = _own(actor)
    secret = secrets.token_urlsafe(24)
    feed, _is_new = CalendarFeed.objects.update_or_create(
        user_id=user_id,
        holding_id=holding_id,
        defaults={"secret_sha256": _hash(secret), "created_at": at},
    )
    return f"{feed.pk}-{secret}"


def calendar_feed_is_on(actor: Actor) -> bool:
    """Whether the person has a link in the holding; one query."""
    if actor.user_id is None or actor.holding_id is None:
        return False
    return CalendarFeed.objects.filter(user_id=actor.user_id, holding_id=actor.holding_id).exists()


@transaction.atomic
def calendar_feed_end(*, actor: Actor) -> None:
    """Put an end to the link. Idempotent. Raises AccessDenied."""
    user_id, holding_id = _own(actor)
    CalendarFeed.objects.filter(user_id=user_id, holding_id=holding_id).delete()


def feed_actor(*, token: str, at: datetime) -> Actor:
    """Whose link it is, with the rights of today.

    Raises CalendarFeed.DoesNotExist for a forged or ended one, and for a person who sees no money any more.
    """
    number, _dash, secret = token.partition("-")
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise CalendarFeed.DoesNotExist
    feed = CalendarFeed.objects.select_related("user").get(pk=int(number))
    if not constant_time_compare(_hash(secret), feed.secret_sha256):
        raise CalendarFeed.DoesNotExist
    actor = actor_for(feed.user, on=moscow_date(at), holding_id=feed.holding_id)
    if actor.holding_id != feed.holding_id or not actor.can(Permission.FINANCE_VIEW):
        raise CalendarFeed.DoesNotExist
    return actor


def _own(actor: Actor) -> tuple[int, int]:
    actor.require(Permission.FINANCE_VIEW)
    if actor.user_id is None or actor.holding_id is None or actor.impersonator_id or actor.is_read_only:
        raise AccessDenied(Permission.FINANCE_VIEW.label)
    return actor.user_id, actor.holding_id


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
