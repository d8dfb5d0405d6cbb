"""A person's own consents."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from counterparties.models import Consent
from counterparties.services.consents import consent_withdraw
from counterparties.web.middleware import PortalRequest
from portal.audit.middleware import client_ip


@require_safe
def consent_list(request: PortalRequest) -> HttpResponse:
    """What the person agreed to, when and to which edition."""
    mine = Consent.objects.visible_to(request.actor).select_related("text")
    context = {"consents": list(mine.order_by("-given_at", "-pk")), "area": "consents"}
    return render(request, "counterparties/consents/list.html", context)


@require_POST
def withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a consent back."""
    try:
        consent_withdraw(consent_id=pk, actor=request.actor, ip=client_ip(request), at=timezone.now())
    except Consent.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Согласие отозвано. Мы прекратим обработку не позднее 30 дней."))
    return redirect("counterparties:consents")
