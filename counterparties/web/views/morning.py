"""The manager's morning: whom to call, what stands, what is shipped, plan and fact."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Holding
from counterparties.morning import MorningCard, MorningKind
from counterparties.selectors.morning import CLIENT_CONTACTS, Morning, client_sources, morning
from counterparties.selectors.plans import plan_of
from counterparties.services.morning import morning_pause, morning_resume
from counterparties.web.access import permitted
from counterparties.web.back import back_url
from counterparties.web.forms.morning import PAUSES, CardName, CardPause, MorningFilter
from counterparties.web.middleware import PortalRequest
from finance.selectors.money import Bar
from finance.selectors.morning import finance_sources
from finance.selectors.overriding import may_override
from finance.web.charts import chart_of
from integrations.reports.exports import export_faults, orders_set_aside
from integrations.reports.morning import exchange_sources
from integrations.reports.unsent import unsent_rows
from orders.selectors.morning import ORDER_CONTACTS, order_sources, orders_wanted
from orders.selectors.morning_day import month_fact, overdue_rows, stage_rows
from orders.selectors.shipment_list import ShipmentFilter, shipment_rows
from orders.selectors.stuck import MOST_ROWS, stuck_rows, with_faults
from portal.lib.dates import moscow_date

PER_PAGE = 24
SHOWN_STUCK = 10
_MONEY_KINDS = frozenset({MorningKind.LIMIT, MorningKind.OVERDUE})


def morning_of(actor: Actor, *, at: datetime) -> Morning:
    """All cards of all apps."""
    wanted = orders_wanted(actor=actor, at=at)
    return morning(
        actor=actor,
        sources=[
            *finance_sources(actor=actor, wanted=wanted, at=at),
            *exchange_sources(actor=actor, at=at),
            *order_sources(actor=actor, at=at),
            *client_sources(actor=actor, at=at),
        ],
        contacts=[*CLIENT_CONTACTS, *ORDER_CONTACTS],
        at=at,
    )


@require_safe
@permitted(Permission.CLIENT_SERVE)
def morning_page(request: PortalRequest) -> HttpResponse:
    """Cards by rank, page by page; those of one kind, or those that were put off."""
    actor, at = request.actor, timezone.now()
    form = MorningFilter(request.GET)
    form.is_valid()
    kind, is_paused = form.cleaned_data.get("kind", ""), form.cleaned_data.get("paused", False)
    found = morning_of(actor, at=at)
    cards = found.paused if is_paused else found.cards
    shown = [card for card in cards if not kind or card.kind == kind]
    page = Paginator(shown, PER_PAGE).get_page(form.cleaned_data.get("page"))
    counted = Counter(card.kind for card in cards)
    context = {
        "page_obj": page,
        "cards": page.object_list,
        "kinds": [(one, counted[one]) for one in MorningKind if counted[one]],
        "kind": kind,
        "is_paused": is_paused,
        "paused": len(found.paused),
        "count": len(cards),
        "may_limit": _may_limit(actor, list(page.object_list)),
        "pauses": PAUSES,
        "at": at,
        "area": "morning",
    }
    return render(request, "counterparties/morning/list.html", context)


def _may_limit(actor: Actor, cards: Iterable[MorningCard]) -> bool:
    """Asked only where the button would stand."""
    return any(card.kind in _MONEY_KINDS for card in cards) and may_override(actor)


@require_safe
@permitted(Permission.CLIENT_SERVE)
@vary_on_headers("HX-Request")
def morning_day(request: PortalRequest) -> HttpResponse:
    """Below the cards: orders by stage, shipments of the day, faults of the exchange, plan and fact."""
    actor, at = request.actor, timezone.now()
    on = moscow_date(at)
    rows, has_more = stuck_rows(actor=actor, set_aside=orders_set_aside(), at=at)
    stuck = with_faults(rows, export_faults([row.order.pk for row in rows]), at=at)
    late = overdue_rows(stuck, at=at)
    fact = month_fact(actor=actor, on=on)
    plan = plan_of(actor=actor, month=fact.month)
    context: dict[str, Any] = {
        "stages": stage_rows(actor=actor, late=late),
        "late": late[:SHOWN_STUCK],
        "late_more": len(late[SHOWN_STUCK:]),
        "most": MOST_ROWS,
        "has_more": has_more,
        "shipments": shipment_rows(actor=actor, chosen=ShipmentFilter(since=on, until=on)),
        "unsent": unsent_rows(actor=actor, at=at),
        "fact": fact,
        "plan": plan,
        "percent": int(fact.total * 100 / plan) if plan else None,
        "chart": chart_of([Bar(day, str(day.day), amount) for day, amount in fact.days.items()]),
        "on": on,
        "area": "morning",
    }
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    return render(request, f"counterparties/morning/{'_day' if is_fragment else 'day'}.html", context)


@require_POST
@permitted(Permission.CLIENT_SERVE)
@vary_on_headers("HX-Request")
def pause(request: PortalRequest) -> HttpResponse:
    """Put a card off; htmx: what stands in its place."""
    form = CardPause(request.POST)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    until = moscow_date(timezone.now()) + timedelta(days=told["days"])
    try:
        done = morning_pause(
            actor=request.actor,
            holding_id=told["holding"],
            kind=told["kind"],
            reference=told["reference"],
            until=until,
        )
    except Holding.DoesNotExist as error:
        raise Http404 from error
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "counterparties/morning/_paused.html", {"pause": done})
    messages.success(request, _("Отложено до {date}.").format(date=f"{until:%d.%m.%Y}"))
    return redirect(back_url(request, "counterparties:morning"))


@require_POST
@permitted(Permission.CLIENT_SERVE)
def resume(request: PortalRequest) -> HttpResponse:
    """Show a card again."""
    form = CardName(request.POST)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    morning_resume(
        actor=request.actor, holding_id=told["holding"], kind=told["kind"], reference=told["reference"]
    )
    messages.success(request, _("Карточка снова в списке."))
    return redirect(back_url(request, "counterparties:morning"))
