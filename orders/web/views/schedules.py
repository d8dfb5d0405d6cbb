"""A saved cart that is ordered again and again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Cart, OrderSchedule
from orders.refusals import NotSaved, OrderRefused
from orders.selectors.schedules import planned_days, schedule_of
from orders.services import schedules as services
from orders.web.cart_forms import ScheduleForm, ScheduleMove


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def schedule(request: PortalRequest, pk: int) -> HttpResponse:
    """The days to come and the form; POST saves it."""
    cart = _own_cart(request, pk)
    if cart.is_current or cart.drafted_by_id is not None:
        messages.error(request, str(NotSaved()))
        return redirect("orders:cart_open", pk=pk)
    if request.method != "POST":
        return _page(request, cart, None)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return _page(request, cart, form, status=422)
    try:
        services.schedule_set(
            actor=request.actor,
            cart_id=pk,
            rhythm=form.told,
            days_before=form.cleaned_data["days_before"],
            is_automatic=form.cleaned_data["mode"] == "send",
            at=timezone.now(),
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, cart, form, status=422)
    messages.success(request, _("Расписание сохранено."))
    return redirect("orders:schedule", pk=pk)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def schedule_move(request: PortalRequest, pk: int) -> HttpResponse:
    """Pause, take up, skip a day or stop."""
    _own_cart(request, pk)
    form = ScheduleMove(request.POST)
    if not form.is_valid() or (form.cleaned_data["move"] == "skip" and not form.cleaned_data["day"]):
        messages.error(request, _("Выберите, что сделать с расписанием."))
        return redirect("orders:schedule", pk=pk)
    try:
        _moves(request, pk, form.cleaned_data["day"])[form.cleaned_data["move"]]()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:schedule", pk=pk)


def _moves(request: PortalRequest, pk: int, day: Any) -> dict[str, Callable[[], object]]:
    actor, at = request.actor, timezone.now()
    return {
        "pause": lambda: services.schedule_pause(actor=actor, cart_id=pk, is_paused=True, at=at),
        "resume": lambda: services.schedule_pause(actor=actor, cart_id=pk, is_paused=False, at=at),
        "skip": lambda: services.schedule_skip(actor=actor, cart_id=pk, day=day, at=at),
        "stop": lambda: services.schedule_stop(actor=actor, cart_id=pk),
    }


def _own_cart(request: PortalRequest, pk: int) -> Cart:
    cart = Cart.objects.owned_by(request.actor).select_related("legal_entity", "contract", "city")
    found = cart.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: PortalRequest, cart: Cart, form: ScheduleForm | None, status: int = 200) -> HttpResponse:
    known = schedule_of(cart, actor=request.actor)
    context = {
        "cart": cart,
        "schedule": known,
        "days": planned_days(known) if known else [],
        "form": form or ScheduleForm(initial=_initial(known)),
        "area": "carts",
    }
    return render(request, "orders/schedule.html", context, status=status)


def _initial(known: OrderSchedule | None) -> dict[str, Any]:
    if known is None:
        return {"rhythm": "weeks", "mode": "ask", "starts_on": timezone.localdate()}
    return {
        "rhythm": "weeks" if known.month_day is None else "month",
        "weekdays": known.weekdays,
        "every_weeks": known.every_weeks,
        "month_day": known.month_day,
        "starts_on": known.starts_on,
        "ends_on": known.ends_on,
        "days_before": known.days_before,
        "mode": "send" if known.is_automatic else "ask",
    }
