"""Stages of rights: one's own ladder, asking for a step, deciding on it."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Permission, Stage
from counterparties.models import LegalEntity, Membership, StageGrant
from counterparties.selectors.people import ladder
from counterparties.services.stages import (
    stage_approve,
    stage_decline,
    stage_grant,
    stage_request,
    stage_revoke,
)
from counterparties.web.access import cabinet, permitted
from counterparties.web.acting import acted, faulty
from counterparties.web.forms.people import Answer, StageArea, StageChoice
from counterparties.web.middleware import PortalRequest


@require_GET
@cabinet
def my_rights(request: PortalRequest) -> HttpResponse:
    """What I may do, for which legal entities and until when."""
    actor = request.actor
    member = Membership.objects.select_related("role", "holding").get(pk=actor.membership_id or 0)
    context = {
        "member": member,
        "entities": LegalEntity.objects.filter(pk__in=actor.legal_entity_ids).order_by("name", "pk"),
        "steps": ladder(member, on=timezone.localdate()),
        "may_ask": actor.impersonator_id is None,
        "area": "rights",
    }
    return render(request, "counterparties/people/my_rights.html", context)


@require_POST
@cabinet
def request_stage(request: PortalRequest) -> HttpResponse:
    """Ask the head for a stage."""
    back = reverse("counterparties:my_rights")
    form = StageChoice(request.POST)
    if not form.is_valid():
        return faulty(request, form, back=back)
    act = partial(stage_request, actor=request.actor, at=timezone.now(), **form.cleaned_data)
    return acted(request, act, done=_("Запрос отправлен руководителю."), back=back)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def approve(request: PortalRequest, pk: int) -> HttpResponse:
    """Give what was asked for, for the named legal entities and until the date."""
    back = _card_of_grant(request, pk)
    form = StageArea(request.POST, actor=request.actor)
    if not form.is_valid():
        return faulty(request, form, back=back)
    act = partial(
        stage_approve,
        actor=request.actor,
        grant_id=pk,
        legal_entity_ids=form.legal_entity_ids,
        valid_until=form.cleaned_data["valid_until"],
        at=timezone.now(),
    )
    return acted(request, act, done=_("Доступ открыт. Он действует сразу."), back=back)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def decline(request: PortalRequest, pk: int) -> HttpResponse:
    """Say no with a reason."""
    back = _card_of_grant(request, pk)
    form = Answer(request.POST)
    if not form.is_valid():
        return faulty(request, form, back=back)
    act = partial(stage_decline, actor=request.actor, grant_id=pk, at=timezone.now(), **form.cleaned_data)
    return acted(request, act, done=_("Запрос отклонен."), back=back)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a stage away; it works at once."""
    back = _card_of_grant(request, pk)
    act = partial(
        stage_revoke,
        actor=request.actor,
        grant_id=pk,
        answer=request.POST.get("answer", ""),
        at=timezone.now(),
    )
    return acted(request, act, done=_("Доступ отозван. Он закрыт сразу."), back=back)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def give(request: PortalRequest, pk: int, stage: int) -> HttpResponse:
    """Give a colleague a stage without his asking."""
    colleagues = Membership.objects.visible_to(request.actor).filter(pk=pk)
    if stage not in Stage.values or not colleagues.exists():
        raise Http404
    back = reverse("counterparties:person", args=[pk])
    form = StageArea(request.POST, actor=request.actor)
    if not form.is_valid():
        return faulty(request, form, back=back)
    act = partial(
        stage_grant,
        actor=request.actor,
        membership_id=pk,
        stage=Stage(stage),
        legal_entity_ids=form.legal_entity_ids,
        valid_until=form.cleaned_data["valid_until"],
        at=timezone.now(),
    )
    return acted(request, act, done=_("Доступ открыт. Он действует сразу."), back=back)


def _card_of_grant(request: PortalRequest, pk: int) -> str:
    """The card of the person whose stage it is; another client's is not found."""
    found = StageGrant.objects.visible_to(request.actor).filter(pk=pk)
    membership_id = found.values_list("membership_id", flat=True).first()
    if membership_id is None:
        raise Http404
    return reverse("counterparties:person", args=[membership_id])
