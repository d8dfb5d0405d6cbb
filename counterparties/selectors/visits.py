"""Who may enter a client's cabinet, whether a visit may go on, and what was done during visits."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import (
    VISIT_IDLE_LIMIT,
    VISIT_LIMIT,
    EntryRefusal,
    Holding,
    Membership,
    Visit,
    VisitAction,
    VisitEnd,
)
from counterparties.permissions import STAFF_PERMISSIONS
from counterparties.selectors.actors import membership_of, memberships_valid, served_holding_ids
from portal.lib.dates import moscow_date

_LONGEST_HISTORY = 100


def entry_refusal(
    *, employee: User, person: User, holding_id: int | None, on: date
) -> tuple[EntryRefusal | None, Membership | None]:
    """Why an employee may not enter a person's cabinet on the date, or the membership he enters.

    Without a holding the person's first one is meant.
    """
    if not employee.is_active or not employee.is_staff or Permission.CLIENT_ENTER not in STAFF_PERMISSIONS:
        return EntryRefusal.NOT_EMPLOYEE, None
    if person.is_staff or person.is_superuser:
        return EntryRefusal.STAFF_TARGET, None
    membership = _membership(person, holding_id, on=on)
    if not employee.is_superuser:
        served = served_holding_ids(employee, on=on)
        known = holding_id or (membership.holding_id if membership else None)
        if known is not None and known not in served:
            return EntryRefusal.NOT_SERVED, None
    if membership is None or not person.is_active:
        return EntryRefusal.PERSON_CLOSED, None
    if not Holding.objects.filter(pk=membership.holding_id, allows_visits=True).exists():
        return EntryRefusal.FORBIDDEN, None
    return None, membership


_ENDS = {
    EntryRefusal.NOT_EMPLOYEE: VisitEnd.EMPLOYEE,
    EntryRefusal.STAFF_TARGET: VisitEnd.PERSON,
    EntryRefusal.PERSON_CLOSED: VisitEnd.PERSON,
    EntryRefusal.NOT_SERVED: VisitEnd.UNASSIGNED,
    EntryRefusal.FORBIDDEN: VisitEnd.CONSENT,
}


def visit_end_due(visit: Visit, *, at: datetime) -> VisitEnd | None:
    """Why the visit must end now, or None while it may go on; asked at every request.

    The visit comes from the database with its employee and person, so that whatever was taken away
    meanwhile is seen at once.
    """
    if visit.ended_at is not None:
        return VisitEnd(visit.end)
    if at - visit.started_at >= VISIT_LIMIT:
        return VisitEnd.TIME
    if at - visit.seen_at >= VISIT_IDLE_LIMIT:
        return VisitEnd.IDLE
    refusal, _membership = entry_refusal(
        employee=visit.employee, person=visit.person, holding_id=visit.holding_id, on=moscow_date(at)
    )
    return _ENDS[refusal] if refusal else None


def visit_by_id(pk: int) -> Visit | None:
    """A visit with its people as they are now; one query."""
    return Visit.objects.select_related("employee", "person", "holding").filter(pk=pk).first()


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit in the list: what was done, in order; `refused` counts what the portal did not let."""

    visit: Visit
    is_open: bool
    done: tuple[VisitAction, ...]
    refused: int


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    return Visit.objects.visible_to(actor).select_related("employee", "person", "holding")


def visit_rows(*, actor: Actor, at: datetime) -> list[VisitRow]:
    """The latest visits that the actor may see, with their actions, newest first; two queries."""
    visits = visits_visible_to(actor).annotate(refusals=Count("actions", filter=Q(actions__status__gte=400)))
    done = VisitAction.objects.filter(status__lt=400).order_by("at", "pk")
    rows = visits.prefetch_related(Prefetch("actions", queryset=done)).order_by("-started_at", "-pk")
    return [
        VisitRow(
            visit=visit,
            is_open=_is_open(visit, at=at),
            done=tuple(visit.actions.all()),
            refused=visit.refusals,
        )
        for visit in rows[:_LONGEST_HISTORY]
    ]


def visit_row(*, actor: Actor, visit_id: int, at: datetime) -> VisitRow:
    """One visit. Raises Visit.DoesNotExist (also for those of others)."""
    visit = visits_visible_to(actor).get(pk=visit_id)
    actions = list(VisitAction.objects.filter(visit=visit).order_by("at", "pk"))
    return VisitRow(
        visit=visit,
        is_open=_is_open(visit, at=at),
        done=tuple(one for one in actions if one.is_done),
        refused=sum(1 for one in actions if not one.is_done),
    )


def _is_open(visit: Visit, *, at: datetime) -> bool:
    return (
        visit.ended_at is None
        and at - visit.started_at < VISIT_LIMIT
        and at - visit.seen_at < VISIT_IDLE_LIMIT
    )


def _membership(person: User, holding_id: int | None, *, on: date) -> Membership | None:
    if holding_id is None:
        return membership_of(person, on=on)
    return memberships_valid(on).filter(user=person, holding_id=holding_id).select_related("role").first()
