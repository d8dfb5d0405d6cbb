"""Ctrl+K: a client by a few letters, from any page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from counterparties.selectors.finding import clients_found
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest


@require_safe
@permitted(Permission.CLIENT_SERVE)
@vary_on_headers("X-Fragment")
def find(request: PortalRequest) -> HttpResponse:
    """Clients that the words fit; the dialog asks for the list alone, without scripts it is a page."""
    text = request.GET.get("q", "")
    context = {
        "text": text,
        "found": clients_found(actor=request.actor, text=text, on=timezone.localdate()),
        "area": "clients",
    }
    is_fragment = bool(request.headers.get("X-Fragment"))
    return render(request, f"counterparties/find/{'_found' if is_fragment else 'find'}.html", context)
