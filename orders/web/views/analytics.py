"""Charts of purchases: of a client for his head, of all served clients for an employee."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from catalog.selectors.queries import queries_empty
from counterparties.models import LegalEntity
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.selectors.analytics import (
    Period,
    Service,
    entities_bought,
    months_bought,
    orders_counted,
    people_bought,
    sections_bought,
    service_of,
)
from orders.selectors.staff_analytics import (
    clients_falling,
    falling_days,
    goods_waited,
    months_and_hands,
)
from orders.web.analytics_file import tables_file
from orders.web.analytics_tables import (
    Table,
    beside_table,
    entities_table,
    falling_table,
    hands_table,
    missed_table,
    months_table,
    people_table,
    sections_table,
    waited_table,
)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_DAYS, _USUAL_MONTHS, _MISSED_DAYS, _MOST_MISSED = 1100, 12, 30, 15
_FIRST_DAY = date(2000, 1, 1)


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PeriodForm(forms.Form):
    """Days of the charts and, for a client, one of his firms; nonsense asks for the usual twelve months."""

    since = forms.DateField(label=gettext_lazy("С даты"), required=False, widget=_day())
    until = forms.DateField(label=gettext_lazy("По дату"), required=False, widget=_day())
    legal_entity = forms.ModelChoiceField(
        LegalEntity.objects.none(),
        label=gettext_lazy("Юрлицо"),
        required=False,
        empty_label=gettext_lazy("Все юрлица"),
    )

    def __init__(self, request: PortalRequest) -> None:
        super().__init__(request.GET)
        if request.actor.is_client:
            choice: Any = self.fields["legal_entity"]
            choice.queryset = LegalEntity.objects.visible_to(request.actor).order_by("name", "pk")
        else:
            del self.fields["legal_entity"]
        self.is_valid()

    def period(self, *, on: date) -> Period:
        told = self.cleaned_data
        until = min(max(told.get("until") or on, _FIRST_DAY), on)
        since = told.get("since") or _months_back(until, _USUAL_MONTHS - 1)
        since = max(min(since, until), until - timedelta(days=_MOST_DAYS), _FIRST_DAY)
        entity = told.get("legal_entity")
        return Period(since, until, entity.pk if entity else None)


def _months_back(day: date, months: int) -> date:
    """The first of the month so many months back."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


@require_safe
@cabinet
@permitted(Permission.ORDER_VIEW)
def analytics(request: PortalRequest) -> HttpResponse:
    """Purchases of the client, as far as the person sees orders."""
    on = timezone.localdate()
    form = PeriodForm(request)
    period = form.period(on=on)
    context = {
        "area": "analytics",
        "form": form,
        "period": period,
        "tables": _client_tables(request, period),
        "service": service_of(orders_counted(request.actor, period)),
        "is_own_only": request.actor.is_own_only(Permission.ORDER_VIEW),
        "query": request.GET.urlencode(),
    }
    return render(request, "orders/analytics.html", context)


@require_safe
@cabinet
@permitted(Permission.ORDER_VIEW)
def analytics_export(request: PortalRequest) -> HttpResponseBase:
    """The same tables as a file."""
    period = PeriodForm(request).period(on=timezone.localdate())
    return _file(_client_tables(request, period), _("Аналитика закупок"))


def _client_tables(request: PortalRequest, period: Period) -> list[Table]:
    orders = orders_counted(request.actor, period)
    tables = [
        months_table(months_bought(orders, period), period),
        sections_table(sections_bought(orders, rest=_("Прочее"))),
        entities_table(entities_bought(orders), period),
    ]
    if not request.actor.is_own_only(Permission.ORDER_VIEW):
        tables.append(people_table(people_bought(orders, nobody=_("Через менеджера, в 1С")), period))
    return tables


@require_safe
@permitted(Permission.CLIENT_SERVE)
def staff_analytics(request: PortalRequest) -> HttpResponse:
    """Purchases of the clients that the employee serves; how well they were served comes after the page."""
    return _staff_page(request, PeriodForm(request))


@require_safe
@permitted(Permission.CLIENT_SERVE)
@vary_on_headers("HX-Request")
def staff_analytics_service(request: PortalRequest) -> HttpResponse:
    """How well clients were served, a row of each order added up. Without htmx the page with it."""
    on, form = timezone.localdate(), PeriodForm(request)
    service = service_of(orders_counted(request.actor, form.period(on=on)))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/_service.html", {"service": service})
    return _staff_page(request, form, service=service)


def _staff_page(request: PortalRequest, form: PeriodForm, *, service: Service | None = None) -> HttpResponse:
    on = timezone.localdate()
    period = form.period(on=on)
    context = {
        "area": "analytics",
        "form": form,
        "period": period,
        "tables": _staff_tables(request, period, on),
        "service": service,
        "query": request.GET.urlencode(),
    }
    return render(request, "orders/staff_analytics.html", context)


@require_safe
@permitted(Permission.CLIENT_SERVE)
def staff_analytics_export(request: PortalRequest) -> HttpResponseBase:
    """The same tables as a file."""
    on = timezone.localdate()
    return _file(_staff_tables(request, PeriodForm(request).period(on=on), on), _("Аналитика клиентов"))


def _staff_tables(request: PortalRequest, period: Period, on: date) -> list[Table]:
    actor = request.actor
    missed = queries_empty(since=on - timedelta(days=_MISSED_DAYS)).rows[:_MOST_MISSED]
    months, hands = months_and_hands(actor=actor, period=period)
    return [
        beside_table(months, period),
        hands_table(hands),
        falling_table(clients_falling(actor=actor, on=on), falling_days(on)),
        waited_table(goods_waited(actor=actor)),
        missed_table((row.text, row.asked) for row in missed),
    ]


def _file(tables: list[Table], title: str) -> FileResponse:
    name = f"{title} {timezone.localdate():%d.%m.%Y}.xlsx"
    return FileResponse(tables_file(tables), as_attachment=True, filename=name, content_type=_XLSX)
