"""Who asks to be let into the client's cabinet: the head's page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.models import AccessRequest, LegalEntity
from counterparties.registration_refusals import AlreadyDecided, RegistrationRefused
from counterparties.selectors.registration import access_requests_waiting
from counterparties.services.access_requests import access_decline, access_grant
from counterparties.web.access import cabinet, permitted
from counterparties.web.forms.registration import AccessGrantForm, ReasonForm
from counterparties.web.middleware import PortalRequest


@require_safe
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def access_list(request: PortalRequest) -> HttpResponse:
    """People who wait for the head's answer."""
    return _page(request)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def grant(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a person in."""
    form = AccessGrantForm(request.POST, entities=_entities(request))
    if not form.is_valid():
        _waiting_or_404(request, pk)
        return _page(request, status=422, faulty=pk, grant=form)
    try:
        access_grant(
            access_request_id=pk,
            actor=request.actor,
            role_code=form.cleaned_data["role"],
            legal_entity_ids=[one.pk for one in form.cleaned_data["legal_entities"]],
            at=timezone.now(),
        )
        messages.success(request, _("Доступ открыт. Документы и финансы открываются отдельно."))
    except (AccessRequest.DoesNotExist, LegalEntity.DoesNotExist) as error:
        raise Http404 from error
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("counterparties:access_requests")


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def decline(request: PortalRequest, pk: int) -> HttpResponse:
    """Refuse with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        _waiting_or_404(request, pk)
        return _page(request, status=422, faulty=pk, decline=form)
    try:
        reason = form.cleaned_data["reason"]
        access_decline(access_request_id=pk, actor=request.actor, reason=reason, at=timezone.now())
        messages.success(request, _("Запрос отклонен."))
    except AccessRequest.DoesNotExist as error:
        raise Http404 from error
    except AlreadyDecided as refusal:
        messages.warning(request, str(refusal))
    return redirect("counterparties:access_requests")


def _waiting_or_404(request: PortalRequest, pk: int) -> None:
    if not AccessRequest.objects.visible_to(request.actor).filter(pk=pk).exists():
        raise Http404


def _entities(request: PortalRequest) -> list[LegalEntity]:
    reached = request.actor.grants[Permission.PEOPLE_MANAGE].legal_entity_ids
    own = LegalEntity.objects.filter(holding_id=request.actor.holding_id or 0, pk__in=reached)
    return list(own.order_by("name", "pk"))


def _page(request: PortalRequest, status: int = 200, faulty: int | None = None, **forms: Any) -> HttpResponse:
    entities = _entities(request)
    rows = []
    for one in access_requests_waiting(actor=request.actor):
        initial = {"legal_entities": [one.legal_entity_id]}
        usual = AccessGrantForm(entities=entities, initial=initial, auto_id=f"grant_{one.pk}_%s")
        reason = ReasonForm(auto_id=f"decline_{one.pk}_%s")
        is_faulty = one.pk == faulty
        rows.append(
            {
                "request": one,
                "grant": forms.get("grant", usual) if is_faulty else usual,
                "decline": forms.get("decline", reason) if is_faulty else reason,
            }
        )
    context = {"rows": rows, "area": "company"}
    return render(request, "counterparties/registration/access_requests.html", context, status=status)
