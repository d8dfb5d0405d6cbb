"""Merging and splitting of clients: choose, look at what moves, confirm."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from counterparties.merging_refusals import MergeRefused
from counterparties.models import Holding, MergeRecord
from counterparties.selectors.merging import (
    entities_preview,
    holdings_preview,
    merge_candidates,
    merge_records,
    mergeable_holdings,
    split_preview,
)
from counterparties.services.merging import entities_merge, holding_split, holdings_merge
from counterparties.web.access import permitted
from counterparties.web.forms.merging import (
    EntitiesChoice,
    HoldingsChoice,
    MergeConfirm,
    MergeSearch,
    SplitChoice,
    SplitConfirm,
)
from counterparties.web.middleware import PortalRequest


@require_GET
@permitted(Permission.CLIENT_SERVE)
def merge(request: PortalRequest, pk: int) -> HttpResponse:
    """Choose with whom to merge this client or its legal entities, or what to split off."""
    holding = _holding(request, pk)
    search = MergeSearch(request.GET)
    entities, holdings = merge_candidates(actor=request.actor, holding=holding, search=_searched(request))
    context = {
        "holding": holding,
        "search": search,
        "entities_form": EntitiesChoice(known=entities, holding=holding),
        "holdings_form": HoldingsChoice(known=holdings),
        "split_form": SplitChoice(holding=holding),
        "holdings": holdings,
        "records": merge_records(actor=request.actor, holding_id=pk),
        "area": "clients",
    }
    return render(request, "counterparties/merging/choice.html", context)


@require_http_methods(["GET", "POST"])
@permitted(Permission.CLIENT_SERVE)
def merge_entities(request: PortalRequest, pk: int, target_pk: int) -> HttpResponse:
    """Two legal entities side by side; POST merges the first into the second."""
    try:
        preview = entities_preview(actor=request.actor, source_id=pk, target_id=target_pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    form = MergeConfirm(_sent(request), differences=preview.differences, people=preview.people)
    done = _confirmed(
        request,
        form,
        lambda: entities_merge(
            actor=request.actor,
            source_id=pk,
            target_id=target_pk,
            requisites_from_source=form.requisites_from_source(),
            fates=form.fates(),
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        ),
        done=_("Юрлица объединены."),
    )
    context = {"preview": preview, "form": form, "area": "clients"}
    return done or _page(request, "counterparties/merging/entities.html", context, form)


@require_http_methods(["GET", "POST"])
@permitted(Permission.CLIENT_SERVE)
def merge_holdings(request: PortalRequest, pk: int, target_pk: int) -> HttpResponse:
    """Two clients side by side; POST brings the first to the second."""
    try:
        preview = holdings_preview(actor=request.actor, source_id=pk, target_id=target_pk)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    form = MergeConfirm(_sent(request))
    done = _confirmed(
        request,
        form,
        lambda: holdings_merge(
            actor=request.actor,
            source_id=pk,
            target_id=target_pk,
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        ),
        done=_("Клиенты объединены."),
    )
    context = {"preview": preview, "form": form, "area": "clients"}
    return done or _page(request, "counterparties/merging/holdings.html", context, form)


@require_http_methods(["GET", "POST"])
@permitted(Permission.CLIENT_SERVE)
def split(request: PortalRequest, pk: int) -> HttpResponse:
    """What a new client would take; `entities` in the address names its legal entities. POST makes it."""
    holding = _holding(request, pk)
    choice = SplitChoice(request.GET, holding=holding)
    if not choice.is_valid():
        messages.error(request, _("Выберите юрлица, которые выделяются."))
        return redirect("counterparties:merge", pk)
    chosen = [one.pk for one in choice.cleaned_data["entities"]]
    preview = split_preview(actor=request.actor, holding_id=pk, entity_ids=chosen)
    form = SplitConfirm(_sent(request), people=preview.people)
    done = _confirmed(
        request,
        form,
        lambda: holding_split(
            actor=request.actor,
            holding_id=pk,
            entity_ids=chosen,
            name=form.cleaned_data["name"],
            fates=form.fates(),
            reason=form.cleaned_data["reason"],
            at=timezone.now(),
        ),
        done=_("Новый клиент создан."),
    )
    context = {"preview": preview, "form": form, "area": "clients"}
    return done or _page(request, "counterparties/merging/split.html", context, form)


@require_GET
@permitted(Permission.CLIENT_SERVE)
def compare(request: PortalRequest, pk: int) -> HttpResponse:
    """The choice of the first page leads to its preview."""
    holding = _holding(request, pk)
    entities, holdings = merge_candidates(actor=request.actor, holding=holding, search=_searched(request))
    if "source" in request.GET:
        pair = EntitiesChoice(request.GET, known=entities, holding=holding)
        if pair.is_valid() and pair.cleaned_data["source"] != pair.cleaned_data["target"]:
            chosen = pair.cleaned_data
            return redirect("counterparties:merge_entities", chosen["source"].pk, chosen["target"].pk)
    else:
        other = HoldingsChoice(request.GET, known=holdings)
        if other.is_valid():
            return redirect("counterparties:merge_holdings", pk, other.cleaned_data["target"].pk)
    messages.error(request, _("Выберите двух разных."))
    return redirect("counterparties:merge", pk)


def _sent(request: PortalRequest) -> QueryDict | None:
    """What was posted; an empty form is wrong, not absent."""
    return request.POST if request.method == "POST" else None


def _searched(request: PortalRequest) -> str:
    search = MergeSearch(request.GET)
    return search.cleaned_data["q"].strip() if search.is_valid() else ""


def _holding(request: PortalRequest, pk: int) -> Holding:
    try:
        return mergeable_holdings(request.actor).get(pk=pk)
    except Holding.DoesNotExist as error:
        raise Http404 from error


def _confirmed(
    request: PortalRequest, form: BaseForm, act: Callable[[], MergeRecord], *, done: str
) -> HttpResponse | None:
    """Do it when the form is right and go to the client that is left; a refusal is the form's fault."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        record = act()
    except MergeRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, done)
    return redirect("counterparties:client", record.target_holding_id)


def _page(request: PortalRequest, template: str, context: dict[str, object], form: BaseForm) -> HttpResponse:
    return render(request, template, context, status=422 if form.is_bound else 200)
