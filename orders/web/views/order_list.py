"""The list of orders: filters, kept views, a file; for clients and for employees alike."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission
from counterparties.web.middleware import PortalRequest
from orders.models import Order, OrderView
from orders.refusals import ViewRefused
from orders.selectors import OrderFilter, order_rows
from orders.selectors.listing import orders_in_portions
from orders.selectors.order_filter import orders_filtered
from orders.services.views import (
    order_view_default,
    order_view_delete,
    order_view_rename,
    order_view_save,
)
from orders.web.order_file import MOST_ROWS, orders_file
from orders.web.order_search import OrderSearch, chips, query_kept

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def order_list(request: PortalRequest) -> HttpResponse:
    """Orders that the actor may see, with filters in the address; without any the kept view opens."""
    views = list(OrderView.objects.visible_to(request.actor).order_by("name", "pk"))
    usual = next((view for view in views if view.is_default), None)
    if usual is not None and not request.GET:
        return redirect(f"{reverse('orders:list')}?{usual.query}&view={usual.pk}")
    form = OrderSearch(request.GET, actor=request.actor)
    orders = order_rows(
        actor=request.actor,
        chosen=form.chosen,
        page=request.GET.get("page", 1),
        per_page=form.size_chosen,
        at=timezone.now(),
    )
    return render(request, "orders/list.html", _context(request, form, views) | {"orders": orders})


def _context(request: PortalRequest, form: OrderSearch, views: list[OrderView]) -> dict[str, Any]:
    kept, chosen = query_kept(request.GET), form.chosen
    return {
        "form": form,
        "chips": chips(form, request.GET),
        "views": views,
        "opened": next((view for view in views if view.query == kept), None),
        "kept": kept,
        "is_filtered": chosen != OrderFilter(),
        "is_narrowed": replace(chosen, search="", legal_entity_id=None) != OrderFilter(),
        "area": "orders",
    }


@require_GET
def order_export(request: PortalRequest) -> HttpResponseBase:
    """The orders that were found as XLSX; too many for one file are told, not cut."""
    form = OrderSearch(request.GET, actor=request.actor)
    found = orders_filtered(Order.objects.visible_to(request.actor), form.chosen)
    if found.count() > MOST_ROWS:
        messages.warning(
            request,
            _("В файл помещается 10 000 заказов, а найдено больше. Сузьте отбор, например по датам."),
        )
        return redirect(f"{reverse('orders:list')}?{request.GET.urlencode()}")
    portions = orders_in_portions(actor=request.actor, chosen=form.chosen, most=MOST_ROWS, at=timezone.now())
    name = _("Заказы {day}.xlsx").format(day=f"{timezone.localdate():%d.%m.%Y}")
    file = orders_file(portions, sees_money=request.actor.can(Permission.FINANCE_VIEW))
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@require_POST
def view_save(request: PortalRequest) -> HttpResponse:
    """Keep the filters of the page under a name."""
    query = query_kept(request.POST)
    try:
        view = order_view_save(actor=request.actor, name=request.POST.get("view_name", ""), query=query)
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Вид «{name}» сохранён.").format(name=view.name))
    return redirect(f"{reverse('orders:list')}?{query or urlencode({'page': 1})}")


@require_POST
def view_change(request: PortalRequest, pk: int) -> HttpResponse:
    """Rename a kept view, open the list with it, or forget it: what the pressed button says."""
    act = request.POST.get("act", "")
    try:
        if act == "rename":
            order_view_rename(actor=request.actor, view_id=pk, name=request.POST.get("view_name", ""))
        elif act == "delete":
            order_view_delete(actor=request.actor, view_id=pk)
        else:
            order_view_default(actor=request.actor, view_id=pk, is_default=act == "default")
    except OrderView.DoesNotExist as error:
        raise Http404 from error
    except ViewRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('orders:list')}?page=1")
