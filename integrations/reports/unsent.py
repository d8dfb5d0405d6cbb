"""Orders of an employee's clients that do not get to 1C, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from integrations.models import ExportState
from integrations.reports.morning import UNCONFIRMED_SESSIONS
from orders.models import Order
from orders.states import IN_WORK
from orders.stuck import FETCH_HOURS
from portal.lib.words import plural

MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class UnsentRow:
    """An order that 1C has not got wholly, and why; `error` is empty where it does not fetch it.

    `parts` are those of it that have not got there, `since` is of the first of them.
    """

    order_id: int
    number: str
    client: str
    since: datetime
    error: str
    sessions: int
    parts: int

    @property
    def parts_text(self) -> str:
        """«2 части»; nothing of one alone."""
        return f"{self.parts} {plural(self.parts, _('часть'), _('части'), _('частей'))}" * (self.parts > 1)


def unsent_rows(*, actor: Actor, at: datetime) -> list[UnsentRow]:
    """Set aside, fetched and not confirmed, or not fetched for hours; the oldest first; one query."""
    late = Q(parts__export__unacked__gte=UNCONFIRMED_SESSIONS) | Q(
        parts__export__queued_at__lte=at - timedelta(hours=FETCH_HOURS)
    )
    is_waiting = Q(
        parts__export__state=ExportState.QUEUED,
        parts__export__accepted_version__lt=F("parts__export__version"),
    )
    is_aside = Q(parts__export__state=ExportState.QUARANTINED)
    rows = (
        Order.objects.visible_to(actor)
        .filter(is_aside | is_waiting & late, state__in=IN_WORK)
        .values("pk", "number", "origin", "erp_number", "holding__name")
        .annotate(
            since=Min("parts__export__queued_at"),
            errors=ArrayAgg("parts__export__error", filter=is_aside, order_by="parts__export"),
            sessions=Max("parts__export__unacked"),
            late_parts=Count("parts__export"),
        )
        .order_by("since", "pk")[:MOST_ROWS]
    )
    return [_row(row) for row in rows]


def _row(told: Mapping[str, Any]) -> UnsentRow:
    order = Order(number=told["number"], origin=told["origin"], erp_number=told["erp_number"])
    return UnsentRow(
        order_id=told["pk"],
        number=order.label,
        client=told["holding__name"],
        since=told["since"],
        error=(told["errors"] or [""])[0],
        sessions=told["sessions"],
        parts=told["late_parts"],
    )
