"""Why a price is what it is."""

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.models import Sku
from catalog.web.offers import terms_shown
from counterparties.web.middleware import PortalRequest
from orders.web.forms import LineQuantity
from pricing.selectors import price_explained
from pricing.wording import Reason, reasons_for_client, reasons_in_full

ONE = Decimal(1)


@require_safe
@vary_on_headers("HX-Request")
def reason(request: PortalRequest, pk: int) -> HttpResponse:
    """The chain of one price at the reader's own workplace; htmx: only the chain.

    Employees, also while they visit a client's cabinet, read all of it, others what a client may know.
    """
    sku = get_object_or_404(Sku.objects.on_sale().select_related("product__unit"), pk=pk)
    quantity = _quantity(request)
    is_in_full = request.actor.is_employee or request.visit is not None
    context: dict[str, Any] = {
        "area": "catalog",
        "sku": sku,
        "quantity": quantity,
        "is_in_full": is_in_full,
        "reasons": _reasons(request, sku, quantity, is_in_full=is_in_full),
    }
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    response = render(request, "pricing/_reason.html" if is_fragment else "pricing/reason.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _reasons(request: PortalRequest, sku: Sku, quantity: Decimal, *, is_in_full: bool) -> tuple[Reason, ...]:
    """Nothing for whoever sees no prices yet."""
    terms = terms_shown(request.workplace, on=timezone.localdate())
    if terms is None:
        return ()
    explanation = price_explained(sku_id=sku.pk, terms=terms, quantity=quantity)
    return reasons_in_full(explanation) if is_in_full else reasons_for_client(explanation)


def _quantity(request: PortalRequest) -> Decimal:
    """The quantity of the address; one unit where none is told or it is no quantity."""
    form = LineQuantity({"quantity": request.GET.get("quantity", "")})
    if not form.is_valid():
        return ONE
    quantity: Decimal = form.cleaned_data["quantity"]
    return quantity if 0 < quantity < 10**12 else ONE
