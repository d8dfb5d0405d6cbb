"""Акты сверки: the list, asking for one, its page, the files."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, LegalEntity
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from documents.models import Act, ActPeriod
from documents.selectors.acts import (
    ActFilter,
    act_page,
    act_rows,
    act_schedules,
    act_seen,
    received_acts,
)
from documents.services.act_files import act_file_fetch
from documents.services.act_requests import ActRefused, act_make_anew, act_package_request
from documents.services.act_schedules import SchedulePlace, act_schedule_save
from documents.states import ActState
from documents.web.act_forms import ActAsk, ActFile, ActSchedulePlan, ActSearch, ActWord
from finance.selectors.payables import money_contracts, payer_of
from integrations.reports.requests import request_rows
from portal.files.serving import FileDamaged, file_response

DAMAGED = "Файл повреждён, администратор уже знает об этом. Попробуйте позже или сделайте акт заново."
AREA = "documents"


@require_GET
@permitted(Permission.FINANCE_VIEW)
def acts(request: PortalRequest) -> HttpResponse:
    """Acts of the portal by firm and state; of 1C below."""
    actor = request.actor
    holding_id = _number(request.GET.get("holding", ""))
    form = ActSearch(request.GET, entities=_entities(actor) if actor.is_client else None)
    form.is_valid()
    entity = form.cleaned_data.get("legal_entity")
    chosen = ActFilter(
        legal_entity_id=entity.pk if entity else None,
        holding_id=None if actor.is_client else holding_id,
        state=form.cleaned_data.get("state") or "",
        firm=(form.cleaned_data.get("q") or "").strip(),
    )
    rows, place = act_rows(actor=actor, chosen=chosen, page=request.GET.get("page", 1))
    contracts = _contracts(actor, holding_id)
    context = {
        "form": form,
        "rows": rows,
        "place": place,
        "is_filtered": chosen != ActFilter(),
        "holding_id": holding_id,
        "may_ask": bool(contracts) and not actor.is_read_only,
        "received": received_acts(actor=actor),
        "requests": [row for row in request_rows(actor=actor) if row.is_act],
        "schedules": act_schedules(actor=actor, entities={payer_of(one) for one in contracts}),
        "plan": ActSchedulePlan(contracts=contracts) if contracts and not actor.is_read_only else None,
        "area": AREA,
    }
    return render(request, "documents/acts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.FINANCE_VIEW)
def act_new(request: PortalRequest) -> HttpResponse:
    """Ask for an act, or for one of every firm; an employee asks for one client: `holding=7`."""
    holding_id = _number(request.GET.get("holding", ""))
    contracts = _contracts(request.actor, holding_id)
    data = request.POST if request.method == "POST" else None
    form = ActAsk(data, contracts=contracts, today=timezone.localdate(), initial={"start": None})
    if request.method == "POST" and form.is_valid() and not form.targets:
        form.add_error("organization", _("С этой организацией нет договоров."))
    if request.method == "POST" and form.is_valid():
        try:
            made = act_package_request(actor=request.actor, targets=form.targets, at=timezone.now())
        except ActRefused as refusal:
            form.add_error(None, str(refusal))
        except (Contract.DoesNotExist, LegalEntity.DoesNotExist) as error:
            raise Http404 from error
        else:
            if len(made) == 1:
                return redirect("documents:act", uid=made[0].uid)
            messages.success(request, _("Акты готовятся: {count}.").format(count=len(made)))
            return redirect("documents:acts")
    context = {"form": form, "contracts": contracts, "holding_id": holding_id, "area": AREA}
    return render(request, "documents/act_new.html", context, status=422 if form.errors else 200)


@require_GET
@permitted(Permission.FINANCE_VIEW)
def act(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Balances, lines with verdicts, the talk about differences, what can be done."""
    return render(request, "documents/act.html", act_context(request, uid))


def act_context(request: PortalRequest, uid: UUID) -> dict[str, object]:
    """What the page of an act shows. Raises Http404 for a stranger's."""
    row = _act(request, uid)
    page = act_page(
        actor=request.actor,
        act=row,
        page=request.GET.get("page", 1),
        differences_page=request.GET.get("differences", 1),
    )
    return {
        "page": page,
        "act": row,
        "is_making": row.state == ActState.REQUESTED,
        "file_form": ActFile(auto_id="own_%s"),
        "scan_form": ActFile(auto_id="scan_%s"),
        "word_form": ActWord(),
        "area": AREA,
    }


@require_GET
@permitted(Permission.FINANCE_VIEW)
def act_state(request: PortalRequest, uid: UUID) -> HttpResponse:
    """htmx: how far the making is; when it is over, the page is loaded anew."""
    row = _act(request, uid)
    if row.state != ActState.REQUESTED:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "documents/_act_making.html", {"act": row})


@require_POST
@permitted(Permission.FINANCE_VIEW)
def act_anew(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Another act of the same period; this one stays."""
    try:
        made = act_make_anew(actor=request.actor, uid=uid, at=timezone.now())
    except (Act.DoesNotExist, LegalEntity.DoesNotExist, Contract.DoesNotExist) as error:
        raise Http404 from error
    except ActRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("documents:act", uid=uid)
    return redirect("documents:act", uid=made.uid)


@require_GET
@permitted(Permission.FINANCE_VIEW)
def act_file(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """A file of an act: `kind` is pdf, xlsx, own (the client's newest) or scan."""
    try:
        file, name = act_file_fetch(
            actor=request.actor, uid=uid, kind=request.GET.get("kind", "pdf"), at=timezone.now()
        )
        return file_response(file, filename=name, inline="save" not in request.GET)
    except Act.DoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        return HttpResponse(DAMAGED, status=503, content_type="text/plain; charset=utf-8")


@require_POST
@permitted(Permission.FINANCE_VIEW)
def act_schedule(request: PortalRequest) -> HttpResponse:
    """Set or stop acts by the clock."""
    holding_id = _number(request.GET.get("holding", ""))
    form = ActSchedulePlan(request.POST, contracts=_contracts(request.actor, holding_id))
    back = redirect("documents:acts")
    if holding_id:
        back["Location"] += f"?holding={holding_id}"
    if not form.is_valid():
        messages.error(request, _("Выберите юрлицо, период и день от 1 до 28."))
        return back
    firm, organization = form.pair
    try:
        act_schedule_save(
            actor=request.actor,
            place=SchedulePlace(organization_id=organization, legal_entity_id=firm),
            period=ActPeriod(form.cleaned_data["period"]),
            day=form.cleaned_data["day"],
            is_active=form.cleaned_data["is_active"],
        )
    except LegalEntity.DoesNotExist as error:
        raise Http404 from error
    except ActRefused as refusal:
        messages.error(request, str(refusal))
        return back
    messages.success(request, _("Расписание сохранено."))
    return back


def _act(request: PortalRequest, uid: UUID) -> Act:
    try:
        return act_seen(actor=request.actor, uid=uid)
    except Act.DoesNotExist as error:
        raise Http404 from error


def _entities(actor: Actor) -> QuerySet[LegalEntity]:
    return LegalEntity.objects.visible_to(actor).in_use().order_by("name", "pk")


def _contracts(actor: Actor, holding_id: int | None) -> list[Contract]:
    """The client's own; an employee looks at one client at a time."""
    if not actor.is_client and holding_id is None:
        return []
    contracts = money_contracts(actor)
    if actor.is_client:
        return contracts
    return [one for one in contracts if one.legal_entity.holding_id == holding_id]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
