"""Changes of requisites that clients ask for: the manager's pages."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.models import ChangeRequest
from counterparties.registration_refusals import AlreadyDecided, RegistrationRefused
from counterparties.selectors.changes import change_card, change_rows
from counterparties.services.changes import change_decide
from counterparties.web.access import permitted
from counterparties.web.forms.requisites import DecisionForm
from counterparties.web.middleware import PortalRequest


@require_safe
@permitted(Permission.CLIENT_SERVE)
def change_list(request: PortalRequest) -> HttpResponse:
    """Requests that wait."""
    context = {"rows": change_rows(actor=request.actor), "area": "changes"}
    return render(request, "counterparties/requisites/change_list.html", context)


@require_safe
@permitted(Permission.CLIENT_SERVE)
def change_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One request, field by field."""
    return _page(request, pk)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def change_settle(request: PortalRequest, pk: int) -> HttpResponse:
    """Accept the ticked fields, refuse the others."""
    try:
        card = change_card(actor=request.actor, change_request_id=pk)
    except ChangeRequest.DoesNotExist as error:
        raise Http404 from error
    form = DecisionForm(request.POST, request=card.request)
    if not form.is_valid():
        return _page(request, pk, form=form, status=422)
    every = [diff.name for diff in card.diffs]
    accepted = every if "all" in request.POST else form.cleaned_data["accepted"]
    if card.is_whole and accepted:
        accepted = every
    try:
        change_decide(
            change_request_id=pk,
            actor=request.actor,
            accepted=[] if "none" in request.POST else accepted,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        )
    except AlreadyDecided as refusal:
        messages.warning(request, str(refusal))
        return redirect("counterparties:change", pk=pk)
    except RegistrationRefused as refusal:
        form.add_error("reason", str(refusal))
        return _page(request, pk, form=form, status=422)
    messages.success(request, _("Решение отправлено клиенту. Перенесите принятые значения в 1С."))
    return redirect("counterparties:change", pk=pk)


def _page(
    request: PortalRequest, pk: int, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    try:
        card = change_card(actor=request.actor, change_request_id=pk)
    except ChangeRequest.DoesNotExist as error:
        raise Http404 from error
    every = [diff.name for diff in card.diffs]
    form = form or DecisionForm(request=card.request, initial={"accepted": every})
    ticked = form["accepted"].value() or []
    context = {"card": card, "form": form, "ticked": ticked, "area": "changes"}
    return render(request, "counterparties/requisites/change.html", context, status=status)
