"""Moves of an order that people make: confirm, hold, turn down, approve, give up."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders import services
from orders.models import Order
from orders.refusals import OrderRefused, refusal_told
from orders.states import WrongState


@require_POST
@permitted(Permission.CLIENT_SERVE)
def order_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a client's order to work."""
    return _step(
        request,
        pk,
        lambda at: services.order_confirm(order_id=pk, actor=request.actor, at=at, reason=_reason(request)),
        _("Заказ подтвержден."),
    )


@require_POST
def order_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    """Give up an order that 1C has not taken."""
    return _step(
        request,
        pk,
        lambda at: services.order_cancel(order_id=pk, actor=request.actor, at=at),
        _("Заказ отменен, товар снова свободен."),
    )


@require_POST
@permitted(Permission.CLIENT_SERVE)
def order_reject(request: PortalRequest, pk: int) -> HttpResponse:
    """Refuse a client's order with a word why."""
    return _step(
        request,
        pk,
        lambda at: services.order_reject(order_id=pk, actor=request.actor, reason=_reason(request), at=at),
        _("Заказ отклонен, товар снова свободен."),
    )


@require_POST
@permitted(Permission.CLIENT_SERVE)
def order_hold(request: PortalRequest, pk: int) -> HttpResponse:
    """Put a client's order aside with a word why."""
    return _step(
        request,
        pk,
        lambda at: services.order_hold(order_id=pk, actor=request.actor, reason=_reason(request), at=at),
        _("Заказ приостановлен, товар остаётся в резерве."),
    )


@require_POST
@permitted(Permission.CLIENT_SERVE)
def order_release(request: PortalRequest, pk: int) -> HttpResponse:
    """Let an order that was put aside wait for confirmation again."""
    return _step(
        request,
        pk,
        lambda at: services.order_release(order_id=pk, actor=request.actor, at=at, reason=_reason(request)),
        _("Заказ снова ждёт подтверждения."),
    )


@require_POST
@cabinet
@permitted(Permission.ORDER_SUBMIT)
def order_approve(request: PortalRequest, pk: int) -> HttpResponse:
    """Send a colleague's order."""
    return _step(
        request,
        pk,
        lambda at: services.order_approve(order_id=pk, actor=request.actor, at=at),
        _("Заказ согласован и отправлен."),
    )


@require_POST
@cabinet
@permitted(Permission.ORDER_SUBMIT)
def order_decline(request: PortalRequest, pk: int) -> HttpResponse:
    """Turn a colleague's order down with a word why."""
    return _step(
        request,
        pk,
        lambda at: services.order_decline(order_id=pk, actor=request.actor, reason=_reason(request), at=at),
        _("Заказ отклонен, товар снова свободен."),
    )


def _reason(request: PortalRequest) -> str:
    return request.POST.get("reason", "").replace("\0", "")


def _step(request: PortalRequest, pk: int, step: Callable[[datetime], Order], done: str) -> HttpResponse:
    """Do one move of an order; a move that came too late is told, not repeated."""
    try:
        step(timezone.now())
    except Order.DoesNotExist as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Состояние заказа уже изменилось: {step}.").format(step=refusal))
    except OrderRefused as refusal:
        order = Order.objects.visible_to(request.actor).select_related("legal_entity").get(pk=pk)
        told = refusal_told(refusal, actor=request.actor, entity=order.legal_entity)
        messages.error(request, told)
    else:
        messages.success(request, done)
    return redirect("orders:detail", pk=pk)
