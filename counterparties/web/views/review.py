"""The queue of applications, and what a manager decides about one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.models import Holding, LegalEntityKind, Registration, RegistrationState
from counterparties.registration_refusals import RegistrationRefused, WrongStep
from counterparties.selectors.registration import registration_card, registration_rows
from counterparties.services.review import (
    NewContract,
    registration_approve,
    registration_attach,
    registration_block,
    registration_reject,
)
from counterparties.web.access import permitted
from counterparties.web.forms.registration import ApproveForm, AttachForm, ReasonForm
from counterparties.web.middleware import PortalRequest

_SHOWN_STATES = (
    RegistrationState.REVIEW,
    RegistrationState.APPROVED,
    RegistrationState.REJECTED,
    RegistrationState.BLOCKED,
)


@require_safe
@permitted(Permission.CLIENT_SERVE)
def registration_list(request: PortalRequest) -> HttpResponse:
    """Applications in one state; those that wait, unless another is asked for."""
    wanted = request.GET.get("state", "")
    state = wanted if wanted in _SHOWN_STATES else RegistrationState.REVIEW.value
    rows = registration_rows(actor=request.actor, state=state, at=timezone.now())
    states = [(one.value, one.label) for one in _SHOWN_STATES]
    context = {"rows": rows, "state": state, "states": states, "area": "registrations"}
    return render(request, "counterparties/registration/list.html", context)


@require_safe
@permitted(Permission.CLIENT_SERVE)
def registration_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One application with its duplicates side by side."""
    return _page(request, pk)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def approve(request: PortalRequest, pk: int) -> HttpResponse:
    """Make a client of it."""
    form = ApproveForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, status=422, approve=form)
    filled = form.cleaned_data
    contract = None
    if filled["organization"]:
        contract = NewContract(filled["organization"], filled["contract_number"], filled["contract_date"])

    def act() -> str:
        holding = registration_approve(
            registration_id=pk,
            actor=request.actor,
            holding_name=filled["holding_name"],
            manager=filled["manager"],
            contract=contract,
            is_new_in_spite=filled["is_new_in_spite"],
            at=timezone.now(),
        )
        return _("Клиент «{name}» создан.").format(name=holding.name)

    return _acted(request, pk, act, approve=form)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def attach(request: PortalRequest, pk: int) -> HttpResponse:
    """Let the person into a client that is there."""
    form = AttachForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _page(request, pk, status=422, attach=form)

    def act() -> str:
        holding = registration_attach(
            registration_id=pk,
            actor=request.actor,
            holding_id=form.cleaned_data["holding"].pk,
            role_code=form.cleaned_data["role"],
            at=timezone.now(),
        )
        return _("Заявка присоединена к клиенту «{name}».").format(name=holding.name)

    return _acted(request, pk, act, attach=form)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def reject(request: PortalRequest, pk: int) -> HttpResponse:
    """Refuse with a reason that the applicant reads."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, status=422, reject=form)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        registration_reject(registration_id=pk, actor=request.actor, reason=reason, at=timezone.now())
        return _("Заявка отклонена, причина отправлена письмом.")

    return _acted(request, pk, act, reject=form)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def block(request: PortalRequest, pk: int) -> HttpResponse:
    """Refuse for good, silently."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, status=422, block=form)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        registration_block(registration_id=pk, actor=request.actor, reason=reason, at=timezone.now())
        return _("Заявка заблокирована.")

    return _acted(request, pk, act, block=form)


def _acted(request: PortalRequest, pk: int, act: Callable[[], str], **forms: Any) -> HttpResponse:
    """Do it and go back to the card; a second click finds it done."""
    try:
        messages.success(request, act())
    except (Registration.DoesNotExist, Holding.DoesNotExist) as error:
        raise Http404 from error
    except WrongStep as refusal:
        messages.warning(request, str(refusal))
    except RegistrationRefused as refusal:
        messages.error(request, str(refusal))
        return _page(request, pk, status=422, **forms)
    return redirect("counterparties:registration", pk=pk)


def _page(request: PortalRequest, pk: int, status: int = 200, **forms: Any) -> HttpResponse:
    try:
        card = registration_card(actor=request.actor, registration_id=pk)
    except Registration.DoesNotExist as error:
        raise Http404 from error
    registration = card.registration
    context = {
        "card": card,
        "registration": registration,
        "area": "registrations",
        "is_waiting": registration.state == RegistrationState.REVIEW,
        "may_be_blocked": registration.state in {RegistrationState.REVIEW, RegistrationState.REJECTED},
        "kind_label": LegalEntityKind(registration.kind).label,
    }
    if context["may_be_blocked"]:
        initial = {"holding_name": registration.name, "manager": request.actor.user_id}
        context |= {
            "approve_form": forms.get("approve") or ApproveForm(initial=initial),
            "attach_form": forms.get("attach") or AttachForm(actor=request.actor, initial=_likely(card)),
            "reject_form": forms.get("reject") or ReasonForm(auto_id="reject_%s"),
            "block_form": forms.get("block") or ReasonForm(auto_id="block_%s"),
        }
    return render(request, "counterparties/registration/card.html", context, status=status)


def _likely(card: Any) -> dict[str, Any]:
    """The first client with the same ИНН that the actor serves."""
    likely = [one.pk for one in card.duplicates if one.is_by_inn and one.pk is not None]
    return {"holding": likely[0], "role": "buyer"} if likely else {"role": "buyer"}
