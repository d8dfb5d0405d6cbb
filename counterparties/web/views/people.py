"""A client's people: the list, a person's card, closing and opening access."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission, Stage
from counterparties.models import Membership
from counterparties.selectors.giving import covers_person
from counterparties.selectors.people import (
    assigned_entity_ids,
    colleague,
    invitations_waiting,
    ladder,
    person_rows,
    rights_log,
    stage_requests,
)
from counterparties.selectors.rights_history import membership_history
from counterparties.services.people import (
    membership_change,
    membership_deactivate,
    membership_reactivate,
)
from counterparties.web.access import cabinet, permitted
from counterparties.web.acting import accepted, acted
from counterparties.web.forms.people import Heir, MembershipChange, StageArea
from counterparties.web.middleware import PortalRequest
from orders.selectors.people import carts_open, carts_to_hand_over


@require_GET
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def people_list(request: PortalRequest) -> HttpResponse:
    """Colleagues, invitations without an answer, and requests that wait for a decision."""
    actor, now = request.actor, timezone.now()
    rows = person_rows(actor=actor, on=timezone.localdate())
    carts = carts_open(user_ids=[row.membership.user_id for row in rows], holding_id=actor.holding_id or 0)
    context = {
        "people": [(row, carts.get(row.membership.user_id, 0)) for row in rows],
        "shows_second_factor": any(row.has_second_factor is not None for row in rows),
        "invitations": [(one, one.expires_at <= now) for one in invitations_waiting(actor)],
        "requests": stage_requests(actor),
        "area": "people",
    }
    return render(request, "counterparties/people/list.html", context)


@require_http_methods(["GET", "POST"])
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def person_card(request: PortalRequest, pk: int) -> HttpResponse:
    """One colleague: role, legal entities, validity, ladder of stages; POST changes the first three."""
    member = _colleague(request, pk)
    if request.method == "GET":
        return render(request, "counterparties/people/person.html", _card(request, member))
    form = MembershipChange(request.POST, actor=request.actor)
    change = partial(_change, request, pk, form)
    if not accepted(form, change):
        context = _card(request, member) | {"form": form}
        return render(request, "counterparties/people/person.html", context, status=422)
    messages.success(request, _("Права изменены. Они действуют сразу."))
    return redirect("counterparties:person", pk)


@require_http_methods(["GET", "POST"])
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def person_deactivate(request: PortalRequest, pk: int) -> HttpResponse:
    """Close a colleague's access; shows beforehand which carts the chosen heir would get."""
    member, today = _colleague(request, pk), timezone.localdate()
    form = Heir(request.POST or request.GET or None, leaving=member, on=today)
    heir = form.cleaned_data["heir"] if form.is_bound and form.is_valid() else None
    carts = carts_to_hand_over(user_id=member.user_id, holding_id=member.holding_id, heir=heir, on=today)
    close = partial(_deactivate, request, pk, heir)
    if request.method == "POST" and accepted(form, close):
        messages.success(request, _closed_text(member, [one.may_pass for one in carts]))
        return redirect("counterparties:people")
    context = {"member": member, "form": form, "heir": heir, "carts": carts, "area": "people"}
    status = 422 if request.method == "POST" else 200
    return render(request, "counterparties/people/deactivate.html", context, status=status)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def person_reactivate(request: PortalRequest, pk: int) -> HttpResponse:
    """Open a closed access again."""
    act = partial(membership_reactivate, actor=request.actor, membership_id=pk, at=timezone.now())
    return acted(request, act, done=_("Доступ снова открыт."), back=reverse("counterparties:people"))


@require_GET
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def people_log(request: PortalRequest) -> HttpResponse:
    """Who was trusted with what, by whom and until when; and how people's access changed."""
    context = {
        "grants": rights_log(request.actor),
        "changes": membership_history(request.actor),
        "area": "people",
    }
    return render(request, "counterparties/people/log.html", context)


def _colleague(request: PortalRequest, pk: int) -> Membership:
    try:
        return colleague(actor=request.actor, membership_id=pk)
    except Membership.DoesNotExist as error:
        raise Http404 from error


def _card(request: PortalRequest, member: Membership) -> dict[str, Any]:
    actor, today = request.actor, timezone.localdate()
    is_oneself = member.user_id == actor.user_id
    initial = {
        "role": member.role_id,
        "whole": member.is_whole_holding,
        "legal_entities": assigned_entity_ids(member),
        "valid_until": member.valid_until,
    }
    steps = ladder(member, on=today)
    return {
        "member": member,
        "form": MembershipChange(actor=actor, initial=initial),
        "steps": [(step, StageArea(actor=actor, auto_id=f"stage{step.stage:d}_%s")) for step in steps],
        "first_stage": Stage.ORDERS,
        "is_oneself": is_oneself,
        "may_change": not is_oneself and not actor.is_read_only and covers_person(actor, member, on=today),
        "area": "people",
    }


def _change(request: PortalRequest, pk: int, form: MembershipChange) -> None:
    membership_change(
        actor=request.actor,
        membership_id=pk,
        role_id=form.cleaned_data["role"].pk,
        legal_entity_ids=form.legal_entity_ids,
        valid_until=form.cleaned_data["valid_until"],
        at=timezone.now(),
    )


def _deactivate(request: PortalRequest, pk: int, heir: Membership | None) -> None:
    membership_deactivate(
        actor=request.actor,
        membership_id=pk,
        heir_membership_id=heir.pk if heir else None,
        at=timezone.now(),
    )


def _closed_text(member: Membership, may_pass: list[bool]) -> str:
    text = _("Доступ закрыт: {name}.").format(name=member.user.get_full_name())
    if not may_pass:
        return text
    moved = _("Корзин передается: {passed} из {total}.").format(passed=sum(may_pass), total=len(may_pass))
    return f"{text} {moved}"
