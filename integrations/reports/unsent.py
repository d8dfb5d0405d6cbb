"""Orders of an employee's clients that do not get to 1C, one by one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from counterparties.actor import Actor
from integrations.models import ExportState, OrderExport
from integrations.reports.morning import UNCONFIRMED_SESSIONS
from orders.models import Order
from orders.states import IN_WORK
from orders.stuck import FETCH_HOURS

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class UnsentRow:
    """A part of an order that 1C has not got, and why; `error` is empty where it does not fetch it."""

    order_id: int
    number: str
    client: str
    since: datetime
    error: str
    sessions: int


def unsent_rows(*, actor: Actor, at: datetime) -> list[UnsentRow]:
    """Set aside, fetched and not confirmed, or not fetched for hours; the oldest first; one query."""
    late = Q(unacked__gte=UNCONFIRMED_SESSIONS) | Q(queued_at__lte=at - timedelta(hours=FETCH_HOURS))
    waiting = Q(state=ExportState.QUEUED, accepted_version__lt=F("version")) & late
    rows = (
        OrderExport.objects.filter(
            Q(state=ExportState.QUARANTINED) | waiting,
            part__order__in=Order.objects.visible_to(actor),
            part__order__state__in=IN_WORK,
        )
        .select_related("part__order__holding")
        .order_by("queued_at", "pk")[:MOST_ROWS]
    )
    return [
        UnsentRow(
            order_id=row.part.order_id,
            number=row.part.order.label,
            client=row.part.order.holding.name,
            since=row.queued_at,
            error=row.error if row.state == ExportState.QUARANTINED else "",
            sessions=row.unacked,
        )
        for row in rows
    ]
