"""«Расчёты»: what a client owes and how much he may."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from finance.selectors import settlement_page


@require_safe
@cabinet
@permitted(Permission.FINANCE_VIEW)
def settlements(request: PortalRequest) -> HttpResponse:
    """Balances and limits of the legal entities whose money the person may see."""
    page = settlement_page(actor=request.actor, at=timezone.now())
    return render(request, "finance/settlements.html", {"page": page, "area": "settlements"})
