"""Orders of an employee's clients that stand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from catalog.web.typed import whole_read
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from integrations.reports.exports import export_faults, orders_set_aside
from orders.selectors.stuck import stuck_rows, with_faults
from orders.stuck import StuckKind

MOST_PAGES = 50


@require_GET
@permitted(Permission.CLIENT_SERVE)
def stuck(request: PortalRequest) -> HttpResponse:
    """Why each stands, since when and what to do; the longest first."""
    kind = request.GET.get("kind", "")
    if kind not in StuckKind.values:
        kind = ""
    client, at = request.GET.get("client", "").replace("\0", "").strip()[:100], timezone.now()
    page = min(whole_read(request.GET.get("page")) or 1, MOST_PAGES)
    rows, has_more = stuck_rows(
        actor=request.actor, set_aside=orders_set_aside(), at=at, kind=kind, client=client, page=page
    )
    context = {
        "rows": with_faults(rows, export_faults([row.order.pk for row in rows]), at=at, kind=kind),
        "page": page,
        "earlier": page - 1,
        "later": page + 1 if has_more and page < MOST_PAGES else None,
        "kinds": StuckKind.choices,
        "kind": kind,
        "client": client,
        "area": "orders",
    }
    return render(request, "orders/stuck.html", context)
