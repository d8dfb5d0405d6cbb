"""Visits of managers: begin, note what is done, end, write to the client, open and close the door."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.events import VisitMessageSent
from counterparties.models import (
    VISIT_IDLE_LIMIT,
    VISIT_LIMIT,
    EntryRefusal,
    Holding,
    Visit,
    VisitAction,
    VisitCart,
    VisitEnd,
    VisitRefusal,
)
from counterparties.rights_refusals import AlreadyDecided
from counterparties.selectors.visits import entry_refusal, visits_visible_to
from counterparties.visit_refusals import EntryRefused
from portal import outbox
from portal.lib.dates import moscow_date
from portal.lib.trace import current_trace

SEEN_STEP = timedelta(seconds=30)  # being there is not worth a write with every request

log = structlog.get_logger(__name__)


@transaction.atomic
def visit_begin(
    *, employee: User, person_id: int, holding_id: int | None, reason: str, cart: VisitCart, at: datetime
) -> Visit:
    """Let an employee into the cabinet of a client's person, in the holding or the person's first one.

    Raises User.DoesNotExist, EntryRefused (to be noted with `visit_refuse`).
    """
    employee = User.objects.select_for_update(of=("self",)).get(pk=employee.pk)
    person = User.objects.get(pk=person_id)
    refusal, membership = entry_refusal(
        employee=employee, person=person, holding_id=holding_id, on=moscow_date(at)
    )
    if refusal is not None or membership is None:
        raise EntryRefused(refusal or EntryRefusal.PERSON_CLOSED)
    return Visit.objects.create(
        employee=employee,
        person=person,
        holding_id=membership.holding_id,
        reason=reason.strip()[:300],
        cart=cart,
        started_at=at,
        seen_at=at,
    )


def visit_refuse(*, employee_id: int, person_id: int, reason: EntryRefusal, at: datetime) -> VisitRefusal:
    """Note that somebody tried a door that is closed to him."""
    trace = current_trace()
    log.warning("visit refused", employee=employee_id, person=person_id, reason=reason.value)
    return VisitRefusal.objects.create(
        employee_id=employee_id,
        person_id=person_id,
        reason=reason,
        at=at,
        request_id=trace.request_id,
        ip=trace.ip or None,
    )


def visit_seen(visit: Visit, *, at: datetime) -> None:
    """Note that the manager is there; at most one write in half a minute."""
    if at - visit.seen_at >= SEEN_STEP:
        Visit.objects.filter(pk=visit.pk, ended_at__isnull=True).update(seen_at=at)
        visit.seen_at = at


def visit_action_record(
    visit: Visit, *, what: str, label: str, method: str, url_name: str, path: str, status: int, at: datetime
) -> VisitAction:
    """Note one changing request. Belongs into the transaction of what it changed."""
    return VisitAction.objects.create(
        visit=visit,
        employee_id=visit.employee_id,
        person_id=visit.person_id,
        at=at,
        what=what[:120],
        label=label[:300],
        method=method[:10],
        url_name=url_name[:100],
        path=path[:300],
        status=status,
        request_id=current_trace().request_id,
    )


@transaction.atomic
def visit_end(*, visit_id: int, end: VisitEnd, at: datetime) -> Visit:
    """Close a visit. Idempotent: the first cause stays. Raises Visit.DoesNotExist."""
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if visit.ended_at is None:
        # What was left open is over since its limit, not since somebody looked.
        visit.ended_at = min(at, visit.deadline, visit.seen_at + VISIT_IDLE_LIMIT)
        visit.end = end
        visit.save(update_fields=["ended_at", "end"])
    return visit


@transaction.atomic
def visits_expire(*, at: datetime) -> int:
    """Close visits whose browser never came back; return their number. Idempotent."""
    abandoned = Visit.objects.filter(ended_at__isnull=True)
    late = abandoned.filter(started_at__lte=at - VISIT_LIMIT, seen_at__gt=F("started_at") + _TIME_FIRST)
    count = late.update(ended_at=F("started_at") + VISIT_LIMIT, end=VisitEnd.TIME)
    idle = abandoned.filter(Q(seen_at__lte=at - VISIT_IDLE_LIMIT))
    return count + idle.update(ended_at=F("seen_at") + VISIT_IDLE_LIMIT, end=VisitEnd.IDLE)


_TIME_FIRST = VISIT_LIMIT - VISIT_IDLE_LIMIT
"""Whoever was seen later than this after the start met the hour before the idle limit."""


@transaction.atomic
def visit_message_send(*, actor: Actor, visit_id: int, text: str, at: datetime) -> Visit:
    """Write to the person in whose name the manager worked; once a visit.

    Raises AccessDenied (not the one who was there), Visit.DoesNotExist, AlreadyDecided (sent before).
    """
    visit = Visit.objects.select_for_update(of=("self",)).get(
        pk=visits_visible_to(actor).values_list("pk", flat=True).get(pk=visit_id)
    )
    if visit.employee_id != actor.user_id:
        raise AccessDenied("Писать может тот, кто работал в кабинете")
    if visit.message_at is not None:
        raise AlreadyDecided
    visit.message, visit.message_at = text.strip(), at
    visit.save(update_fields=["message", "message_at"])
    outbox.publish(VisitMessageSent(visit_id=visit.pk))
    return visit


@transaction.atomic
def visits_allow(*, actor: Actor, is_allowed: bool) -> Holding:
    """Open or close the client's cabinet to managers; visits that go on end at their next request.

    Raises AccessDenied: only a person of the client decides, not a manager in his name.
    """
    actor.require(Permission.PEOPLE_MANAGE)
    if not actor.is_client or actor.impersonator_id is not None or actor.is_read_only:
        raise AccessDenied(Permission.PEOPLE_MANAGE.label)
    holding = Holding.objects.select_for_update(of=("self",)).get(pk=actor.holding_id or 0)
    holding.allows_visits = is_allowed
    holding.save(update_fields=["allows_visits"])
    return holding
