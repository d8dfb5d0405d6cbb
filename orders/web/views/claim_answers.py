"""An employee's side of a claim: take, approve, reject, credit, complete."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from catalog.web.typed import whole_read
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from documents.services.claim_credits import claim_credit_issue
from orders.models import Order
from orders.services.claim_credits import claim_credit_choose
from orders.services.claim_decisions import claim_approve, claim_complete, claim_reject, claim_take
from orders.web.claim_forms import ANSWER_LENGTH, NOTE_LENGTH
from orders.web.typed_lines import typed_quantities
from orders.web.views.claims import card_or_404, moved, words

_LONGEST_NUMBER = 20


@require_POST
@permitted(Permission.CLIENT_SERVE)
def take(request: PortalRequest, pk: int) -> HttpResponse:
    def act() -> str:
        claim_take(actor=request.actor, claim_id=pk, at=timezone.now())
        return _("Рекламация в работе.")

    return moved(request, pk, act)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def approve(request: PortalRequest, pk: int) -> HttpResponse:
    """Quantities by line; an empty field approves the whole line."""
    card = card_or_404(request, pk)
    pks = [one.line.pk for one in card.lines]
    approved, faults = typed_quantities(request.POST, pks)
    if faults:
        for fault in faults.values():
            messages.error(request, fault)
        return redirect("orders:claim", pk=pk)
    reasons = {line: words(request, f"reason-{line}", NOTE_LENGTH) for line in pks}

    def act() -> str:
        claim = claim_approve(
            actor=request.actor,
            claim_id=pk,
            approved=approved,
            reasons=reasons,
            answer=words(request, "answer", ANSWER_LENGTH),
            at=timezone.now(),
        )
        return _("Рекламация: {state}.").format(state=claim.get_state_display().lower())

    return moved(request, pk, act)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def reject(request: PortalRequest, pk: int) -> HttpResponse:
    def act() -> str:
        answer = words(request, "answer", ANSWER_LENGTH)
        claim_reject(actor=request.actor, claim_id=pk, answer=answer, at=timezone.now())
        return _("Рекламация отклонена.")

    return moved(request, pk, act)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def credit(request: PortalRequest, pk: int) -> HttpResponse:
    """By a return of 1C that was chosen, or by one that the portal makes out."""
    paper = request.POST.get("paper", "")

    def act() -> str:
        if paper:
            claim_credit_choose(
                actor=request.actor, claim_id=pk, paper_id=whole_read(paper) or 0, at=timezone.now()
            )
        else:
            claim_credit_issue(actor=request.actor, claim_id=pk, at=timezone.now())
        return _("Сумма зачтена.")

    return moved(request, pk, act)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def complete(request: PortalRequest, pk: int) -> HttpResponse:
    """Goods were replaced or brought."""
    number = words(request, "order", _LONGEST_NUMBER)
    card_or_404(request, pk)

    def act() -> str:
        claim_complete(
            actor=request.actor,
            claim_id=pk,
            note=words(request, "note", ANSWER_LENGTH),
            order_number=number,
            at=timezone.now(),
        )
        return _("Рекламация исполнена.")

    if number and not Order.objects.visible_to(request.actor).filter(number__iexact=number).exists():
        messages.error(request, _("Заказа с таким номером у клиента нет."))
        return redirect("orders:claim", pk=pk)
    return moved(request, pk, act)
