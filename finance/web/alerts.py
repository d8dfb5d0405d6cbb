"""The page where a head chooses who of his people is told of money."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.web.views import own_account
from counterparties.models import LegalEntity
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from finance.selectors.alerts import alert_rows
from finance.services.alerts import AlertRefused, alert_save

_LONGEST_KEY = 9


@require_safe
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
@own_account
def alerts(request: PortalRequest) -> HttpResponse:
    """Each legal entity with the people who see its money."""
    rows = alert_rows(actor=request.actor, on=timezone.localdate())
    return render(request, "finance/alerts.html", {"rows": rows, "area": "notices"})


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
@own_account
def alert_choose(request: PortalRequest, pk: int) -> HttpResponse:
    """Keep the choice for one legal entity."""
    told = [one for one in request.POST.getlist("person") if one.isdecimal() and len(one) <= _LONGEST_KEY]
    try:
        alert = alert_save(
            actor=request.actor,
            legal_entity_id=pk,
            user_ids=[int(one) for one in told],
            mails_documents_address="mail" in request.POST,
            at=timezone.now(),
        )
    except LegalEntity.DoesNotExist as error:
        raise Http404 from error
    except AlertRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("{entity}: сохранено.").format(entity=alert.legal_entity.name))
    return redirect("finance:alerts")
