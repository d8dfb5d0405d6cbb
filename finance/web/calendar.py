"""The calendar of payments: a month of terms, and the same as a feed for a person's own calendar."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.models import LegalEntity
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from finance.calendar_file import MIME, CalendarEvent, calendar_file
from finance.models import CalendarFeed
from finance.payables import ToPay
from finance.selectors.payables import PayGroup, money_contracts, pay_groups
from finance.services.feeds import calendar_feed_end, calendar_feed_is_on, calendar_feed_make, feed_actor
from finance.web.choosing import pay_address
from portal.lib.money import format_money

_MONTHS = (
    "Январь", "Февраль", "Март", "Апрель", "Май", "Июнь",
    "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь",
)  # fmt: skip
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to pay on a day, and where to pay it."""

    row: ToPay
    entity: LegalEntity

    @property
    def address(self) -> str:
        return pay_address(self.entity.pk, {self.row.reference: self.row.open})


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    is_of_month: bool
    dues: tuple[Due, ...]

    @property
    def total(self) -> Decimal:
        return sum((due.row.open for due in self.dues), Decimal(0))


@require_safe
@cabinet
@permitted(Permission.FINANCE_VIEW)
def payment_calendar(request: PortalRequest) -> HttpResponse:
    """All terms of a month (`month=2026-12`) of all legal entities; what is overdue stands above it."""
    on = timezone.localdate()
    first = _month(request.GET.get("month", ""), on)
    dues = _dues(pay_groups(contracts=money_contracts(request.actor), on=on))
    weeks = [
        [
            Day(day, day.month == first.month, tuple(due for due in dues if due.row.due_date == day))
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    context = {
        "title": f"{_MONTHS[first.month - 1]} {first.year}",
        "weeks": weeks,
        "month_total": sum(day.total for week in weeks for day in week if day.is_of_month),
        "overdue": [due for due in dues if due.row.overdue_days],
        "today": on,
        "before": first - timedelta(days=1),
        "after": first + timedelta(days=31),
        "has_feed": calendar_feed_is_on(request.actor),
        "feed": request.session.pop("calendar_feed", ""),
        "area": "settlements",
    }
    return render(request, "finance/calendar.html", context)


@require_POST
@cabinet
@permitted(Permission.FINANCE_VIEW)
def calendar_link_token(request: PortalRequest) -> HttpResponse:
    """Make a new link, told once on the page, or put an end to the one there is."""
    if "end" in request.POST:
        calendar_feed_end(actor=request.actor)
        messages.success(request, "Ссылка больше не работает.")
    else:
        token = calendar_feed_make(actor=request.actor, at=timezone.now())
        address = settings.SITE_URL + reverse("finance:calendar_feed", args=[token])
        request.session["calendar_feed"] = address
    return redirect("finance:calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The terms of whoever made the link, with the rights that he has today; no session."""
    now = timezone.localtime()
    try:
        actor = feed_actor(token=token, at=now)
    except CalendarFeed.DoesNotExist as error:
        raise Http404 from error
    dues = _dues(pay_groups(contracts=money_contracts(actor), on=now.date()))
    events = [_event(due) for due in dues if due.row.due_date]
    return HttpResponse(
        calendar_file(name="Платежи поставщику", events=events, at=now),
        content_type=MIME,
        headers={"Content-Disposition": 'attachment; filename="payments.ics"', "Cache-Control": "no-store"},
    )


def _dues(groups: list[PayGroup]) -> list[Due]:
    return [Due(row, group.legal_entity) for group in groups for row in group.rows]


def _day(day: date, first: date, dues: list[Due]) -> Day:
    return Day(day, day.month == first.month, tuple(due for due in dues if due.row.due_date == day))


def _event(due: Due) -> CalendarEvent:
    assert due.row.due_date is not None  # noqa: S101 - the caller leaves out the others
    return CalendarEvent(
        uid=f"{due.row.reference.replace(':', '-')}@portal",
        day=due.row.due_date,
        title=f"Оплатить {format_money(due.row.open)} ₽: {due.entity.name}",
        text=due.row.title,
        address=settings.SITE_URL + due.address,
    )


def _month(text: str, on: date) -> date:
    """The first of the asked month; of the present one where it is none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return on.replace(day=1)
    return first if _FIRST_YEAR < first.year < _LAST_YEAR else on.replace(day=1)
