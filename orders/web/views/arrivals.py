"""«Сообщить о поступлении»: asked for on the page of a product, seen and taken back in a list."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from counterparties.web.access import cabinet
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest
from orders.refusals import WatchesTooMany
from orders.selectors.arrivals import watches
from orders.services.arrivals import arrival_unwatch, arrival_watch
from orders.web.forms import Watch


@require_safe
@cabinet
def waited(request: PortalRequest) -> HttpResponse:
    """What the person waits for."""
    return render(
        request, "orders/watches.html", {"area": "catalog", "watches": watches(actor=request.actor)}
    )


@require_POST
@cabinet
def watch(request: PortalRequest) -> HttpResponse:
    """Wait for a sku in the chosen city."""
    form, city = Watch(request.POST), request.workplace.city
    if not form.is_valid() or city is None:
        raise Http404
    try:
        arrival_watch(
            actor=request.actor, city_id=city.pk, sku_id=form.cleaned_data["sku"], at=timezone.now()
        )
    except WatchesTooMany as refusal:
        messages.error(request, str(refusal))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    else:
        messages.success(request, _("Сообщим письмом, когда товар поступит."))
    return redirect(back_url(request, "orders:waited"))


@require_POST
@cabinet
def unwatch(request: PortalRequest, pk: int) -> HttpResponse:
    """Wait for it no more."""
    try:
        arrival_unwatch(actor=request.actor, watch_id=pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Больше не ждём этот товар."))
    return redirect(back_url(request, "orders:waited"))
