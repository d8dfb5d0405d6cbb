"""What a manager does from a client's card: a note, a limit for a time."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.actor import AccessDenied
from counterparties.models import Contract, Holding
from counterparties.services.morning import client_note_add
from counterparties.web.access import permitted
from counterparties.web.forms.client_card import TemporaryLimit
from counterparties.web.forms.morning import NoteForm
from counterparties.web.middleware import PortalRequest
from finance.selectors.overriding import may_override
from finance.services.temporary_limits import temporary_limit_give


@require_POST
@permitted(Permission.CLIENT_SERVE)
def note_add(request: PortalRequest, pk: int) -> HttpResponse:
    """Keep a note; a second click keeps it once."""
    holding, form = _holding(request, pk), NoteForm(request.POST)
    if form.is_valid():
        client_note_add(
            actor=request.actor,
            holding_id=holding.pk,
            text=form.cleaned_data["text"],
            key=form.cleaned_data["key"],
            at=timezone.now(),
        )
        messages.success(request, _("Заметка сохранена."))
    else:
        messages.error(request, _("Заметка не сохранена: напишите от 1 до 2000 знаков."))
    return redirect(f"{reverse('counterparties:client', args=[pk])}?tab=notes")


@require_http_methods(["GET", "POST"])
@permitted(Permission.CLIENT_SERVE)
def limit_give(request: PortalRequest, pk: int) -> HttpResponse:
    """Let orders pass in spite of the limit until a day; absent for whoever may not."""
    holding = _holding(request, pk)
    if not may_override(request.actor):
        raise AccessDenied(Permission.CREDIT_OVERRIDE.label)
    contracts = list(
        Contract.objects.visible_to(request.actor)
        .open_on(timezone.localdate())
        .filter(legal_entity__holding=holding)
        .select_related("legal_entity")
        .order_by("legal_entity__name", "-is_default", "-date", "pk")
    )
    form = TemporaryLimit(request.POST if request.method == "POST" else None, contracts=contracts)
    if request.method == "POST" and form.is_valid():
        told: dict[str, Any] = form.cleaned_data
        temporary_limit_give(
            actor=request.actor,
            contract_id=told["contract"],
            amount=told["amount"],
            valid_until=told["valid_until"],
            reason=told["reason"],
            at=timezone.now(),
        )
        messages.success(
            request,
            _("До {date} заказы пройдут сверх лимита.").format(date=f"{told['valid_until']:%d.%m.%Y}"),
        )
        return redirect("counterparties:client", pk)
    context = {"holding": holding, "form": form, "has_contracts": bool(contracts), "area": "clients"}
    return render(request, "counterparties/limit.html", context, status=422 if form.errors else 200)


def _holding(request: PortalRequest, pk: int) -> Holding:
    try:
        return Holding.objects.visible_to(request.actor).get(pk=pk)
    except Holding.DoesNotExist as error:
        raise Http404 from error
