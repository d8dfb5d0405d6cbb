"""Changing an order after it was sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.actor import AccessDenied
from counterparties.reach import reaches
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Order, OrderChange
from orders.refusals import OrderRefused
from orders.selectors.changing import ChangePage, change_page
from orders.services.changes import change_accept, change_reject, change_withdraw, order_change
from orders.states import ChangeState, WrongState
from orders.web.following import follow_begin
from orders.web.typed_lines import typed_quantities

_COMMENT_LENGTH = 500


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, pk: int) -> HttpResponse:
    """Lines of an order with fields for smaller quantities; on POST the order is changed, or it is asked."""
    actor = request.actor
    try:
        page = change_page(actor=actor, order_id=pk, at=timezone.now())
    except Order.DoesNotExist as error:
        raise Http404 from error
    order = page.order
    sends = reaches(actor, Permission.ORDER_SUBMIT, entity=order.legal_entity, author_id=order.created_by_id)
    if not (sends or actor.can(Permission.CLIENT_SERVE)):
        raise AccessDenied(Permission.ORDER_SUBMIT.label)
    if request.method == "POST":
        return _changed(request, page)
    return _page(request, page)


def _changed(request: PortalRequest, page: ChangePage) -> HttpResponse:
    typed, faults = typed_quantities(request.POST, page.open_lines)
    if faults:
        return _page(request, page, faults=faults, status=422)
    try:
        made = order_change(
            actor=request.actor,
            order_id=page.order.pk,
            quantities=typed,
            comment=request.POST.get("comment", "").strip().replace("\0", "")[:_COMMENT_LENGTH],
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Состояние заказа уже изменилось: {step}.").format(step=refusal))
        return redirect("orders:change", pk=page.order.pk)
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, page, status=422)
    if made.state == ChangeState.ASKED:
        messages.success(request, _("Заказ уже в работе: менеджер получил запрос и ответит."))
    else:
        messages.success(request, _("Заказ изменён."))
    return redirect("orders:detail", pk=page.order.pk)


@require_POST
def change_decide(request: PortalRequest, pk: int) -> HttpResponse:
    """Accept or reject as a manager, withdraw as the client."""
    order_id = _order_id(request, pk)
    answer = request.POST.get("answer", "").strip().replace("\0", "")[:_COMMENT_LENGTH]
    told: dict[str, Any] = {"actor": request.actor, "change_id": pk, "at": timezone.now()}
    try:
        match request.POST.get("what"):
            case "accept":
                change_accept(**told, answer=answer)
                messages.success(request, _("Изменение принято, заказ уйдёт в 1С новой версией."))
            case "reject":
                change_reject(**told, answer=answer)
                messages.success(request, _("Изменение отклонено."))
            case "withdraw":
                change_withdraw(**told)
                messages.success(request, _("Изменение отозвано."))
            case _:
                messages.error(request, _("Выберите, что сделать с изменением."))
    except WrongState as refusal:
        messages.error(request, _("Изменение уже решено: {step}.").format(step=refusal))
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:detail", pk=order_id)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def add_more(request: PortalRequest, pk: int) -> HttpResponse:
    """Goods that are added to a sent order go as an order of their own that names it."""
    order = Order.objects.visible_to(request.actor).select_related("legal_entity").filter(pk=pk).first()
    if order is None:
        raise Http404
    follow_begin(request, order)
    messages.info(
        request,
        _("Соберите корзину и отправьте её: заказ дополнит {number}.").format(number=order.label),
    )
    return redirect("catalog:index")


def _order_id(request: PortalRequest, pk: int) -> int:
    seen = (
        OrderChange.objects.visible_to(request.actor).filter(pk=pk).values_list("order_id", flat=True).first()
    )
    if seen is None:
        raise Http404
    return seen


def _page(
    request: PortalRequest, page: ChangePage, *, faults: dict[int, str] | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "typed": {pk: request.POST.get(f"q-{pk}", "") for pk in page.open_lines},
        "faults": faults or {},
        "comment": request.POST.get("comment", ""),
        "area": "orders",
    }
    return render(request, "orders/change.html", context, status=status)
