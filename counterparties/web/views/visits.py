"""Visits of managers: the way in, what was done, and what the client sees and decides."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Permission
from counterparties.models import Holding, Visit, VisitCart
from counterparties.rights_refusals import RightsRefused
from counterparties.selectors.visits import VisitRow, entry_refusal, visit_row, visit_rows
from counterparties.services.visits import visit_message_send, visits_allow
from counterparties.web.access import cabinet, permitted
from counterparties.web.forms.visits import VisitMessage, VisitsAllowed, VisitStart, VisitStartFrom
from counterparties.web.middleware import PortalRequest
from orders.models import Order


@require_GET
@permitted(Permission.CLIENT_ENTER)
def visit_start(request: PortalRequest, pk: int, user_pk: int) -> HttpResponse:
    """Ask why and in which cart, before a person's cabinet opens; from an order, lead back to it."""
    try:
        holding = Holding.objects.visible_to(request.actor).get(pk=pk)
        person = User.objects.get(pk=user_pk, memberships__holding=holding)
    except (Holding.DoesNotExist, User.DoesNotExist) as error:
        raise Http404 from error
    wanted = VisitStartFrom(request.GET)
    wanted.is_valid()
    order = _order(request, holding, wanted.cleaned_data.get("order"))
    refusal, _membership = entry_refusal(
        employee=request.user,  # type: ignore[arg-type]
        person=person,
        holding_id=holding.pk,
        on=timezone.localdate(),
    )
    initial = {"holding": holding.pk, "legal_entity": order.legal_entity_id if order else None}
    context = {
        "holding": holding,
        "person": person,
        "order": order,
        "refusal": refusal.label if refusal else "",
        "form": VisitStart(initial=initial),
        "is_drafting": wanted.cleaned_data.get("mode") == VisitCart.DRAFT,
        "target": _target(order, wanted.cleaned_data.get("to", "")),
        "area": "clients",
    }
    return render(request, "counterparties/visits/start.html", context)


def _target(order: Order | None, wanted: str) -> str:
    """The page of the cabinet at which the visit begins."""
    if order is not None:
        return reverse("orders:detail", args=[order.pk])
    return wanted or reverse("home")


def _order(request: PortalRequest, holding: Holding, wanted: int | None) -> Order | None:
    return Order.objects.visible_to(request.actor).filter(pk=wanted or 0, holding=holding).first()


@require_http_methods(["GET", "POST"])
@permitted(Permission.CLIENT_ENTER)
def visit_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """What was done during a visit; POST writes to the client about it."""
    try:
        row = visit_row(actor=request.actor, visit_id=pk, at=timezone.now())
    except Visit.DoesNotExist as error:
        raise Http404 from error
    if request.method == "GET":
        return _detail(request, row, VisitMessage())
    form = VisitMessage(request.POST)
    if not form.is_valid():
        return _detail(request, row, form, status=422)
    try:
        visit_message_send(
            actor=request.actor, visit_id=pk, text=form.cleaned_data["message"], at=timezone.now()
        )
    except RightsRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Сообщение отправлено клиенту."))
    return redirect("counterparties:visit", pk)


def _detail(request: PortalRequest, row: VisitRow, form: VisitMessage, status: int = 200) -> HttpResponse:
    may_write = row.visit.employee_id == request.actor.user_id and row.visit.message_at is None
    context: dict[str, Any] = {"row": row, "form": form, "may_write": may_write, "area": "clients"}
    return render(request, "counterparties/visits/detail.html", context, status=status)


@require_GET
@cabinet
def visit_list(request: PortalRequest) -> HttpResponse:
    """«История действий»: who worked in the client's name, when and what he did."""
    actor = request.actor
    may_decide = actor.can(Permission.PEOPLE_MANAGE)
    holding = Holding.objects.visible_to(actor).get()
    context = {
        "rows": visit_rows(actor=actor, at=timezone.now()),
        "is_allowed": holding.allows_visits,
        "form": VisitsAllowed(initial={"is_allowed": holding.allows_visits}) if may_decide else None,
        "area": "visits",
    }
    return render(request, "counterparties/visits/list.html", context)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def visits_allow_set(request: PortalRequest) -> HttpResponse:
    """The client's word about managers in the cabinet; it works at their next request."""
    form = VisitsAllowed(request.POST)
    form.is_valid()
    holding = visits_allow(actor=request.actor, is_allowed=form.cleaned_data["is_allowed"])
    if holding.allows_visits:
        messages.success(request, _("Менеджер снова может входить в ваш кабинет."))
    else:
        messages.success(request, _("Вход менеджера в кабинет закрыт. Если он был в кабинете, он уже вышел."))
    return redirect("counterparties:visits")
