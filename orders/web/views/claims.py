"""Claims: the list, one claim, and making one."""

from collections.abc import Callable
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from documents.selectors.claim_credits import corrects_here
from orders.claim_states import APPROVED_CLAIMS, ClaimKind, ClaimState, ClaimWish
from orders.models import Claim, ClaimFile, ErpDocument
from orders.refusals import OrderRefused
from orders.selectors.claims import (
    ClaimableRow,
    ClaimCard,
    ClaimFilter,
    claim_card,
    claim_rows,
    claimable_rows,
    returns_free,
)
from orders.selectors.shipment_list import shipments_visible_to
from orders.services.claim_files import claim_files_add
from orders.services.claims import (
    ClaimAsked,
    ClaimDraft,
    claim_submit,
    claim_withdraw,
    claims_withdrawable,
)
from orders.states import WrongState
from orders.web.claim_forms import NOTE_LENGTH, ClaimFilesForm, ClaimForm, ClaimSearch
from orders.web.typed_lines import typed_quantities
from portal.files.serving import FileDamaged, file_response
from portal.lib.money import format_quantity

_OPEN = "open"


@require_GET
def claim_list(request: PortalRequest) -> HttpResponse:
    """Claims that the actor may see; an employee's queue stands first."""
    form = ClaimSearch(request.GET, actor=request.actor)
    form.is_valid()
    told = form.cleaned_data
    entity, state = told.get("legal_entity"), told.get("state") or ""
    chosen = ClaimFilter(
        state="" if state == _OPEN else state,
        kind=told.get("kind") or "",
        legal_entity_id=entity.pk if entity else None,
        search=told.get("q") or "",
        is_open=state == _OPEN,
    )
    found = claim_rows(actor=request.actor, chosen=chosen, at=timezone.now(), page=request.GET.get("page", 1))
    context = {"form": form, "claims": found, "is_filtered": chosen != ClaimFilter(), "area": "claims"}
    return render(request, "orders/claims.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_VIEW)
def claim_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Rows of a shipment with fields for what is wrong, filled from its receipt; on POST it is made."""
    papers = shipments_visible_to(request.actor).filter(is_deleted=False).select_related("part__order")
    paper = papers.filter(pk=pk).first()
    if paper is None:
        raise Http404
    rows = claimable_rows(paper)
    if request.method == "POST":
        return _sent(request, paper, rows)
    missing = {one.row.pk: format_quantity(one.missing) for one in rows if one.missing}
    initial = {
        "idempotency_key": uuid4(),
        "kind": ClaimKind.SHORTAGE if missing else ClaimKind.DEFECT,
        "wish": ClaimWish.REFUND,
    }
    notes = {one.row.pk: one.note for one in rows if one.note}
    return _page(request, paper, rows, ClaimForm(initial=initial), typed=missing, notes=notes)


def _sent(request: PortalRequest, paper: ErpDocument, rows: list[ClaimableRow]) -> HttpResponse:
    form = ClaimForm(request.POST, request.FILES)
    pks = [one.row.pk for one in rows]
    quantities, faults = typed_quantities(request.POST, pks)
    notes = {pk: words(request, f"note-{pk}", NOTE_LENGTH) for pk in pks}
    if form.is_valid() and not faults:
        told = form.cleaned_data
        draft = ClaimDraft(
            kind=ClaimKind(told["kind"]),
            wish=ClaimWish(told["wish"]),
            rows={pk: ClaimAsked(quantity, notes[pk]) for pk, quantity in quantities.items()},
            comment=told["comment"].strip(),
        )
        try:
            claim = claim_submit(
                actor=request.actor,
                shipment_id=paper.pk,
                draft=draft,
                files=_named(told["photos"]),
                idempotency_key=told["idempotency_key"],
                at=timezone.now(),
            )
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Рекламация {number} отправлена.").format(number=claim.number))
            return redirect("orders:claim", pk=claim.pk)
    typed = {pk: request.POST.get(f"q-{pk}", "") for pk in pks}
    return _page(request, paper, rows, form, typed=typed, notes=notes, faults=faults, status=422)


def _page(
    request: PortalRequest,
    paper: ErpDocument,
    rows: list[ClaimableRow],
    form: ClaimForm,
    *,
    typed: dict[int, str],
    notes: dict[int, str],
    faults: dict[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "paper": paper, "rows": rows, "form": form, "typed": typed, "notes": notes,
        "faults": faults or {}, "is_free": any(one.free for one in rows), "area": "claims",
    }  # fmt: skip
    return render(request, "orders/claim_new.html", context, status=status)


def _named(files: list[Any]) -> list[tuple[str, BinaryIO]]:
    return [(one.name or "", one.file) for one in files]


def words(request: PortalRequest, name: str, length: int) -> str:
    """What was typed into a field, cut at its length."""
    return request.POST.get(name, "").strip().replace("\0", "")[:length]


@require_GET
def claim_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One claim with its lines, photos, history, and what the actor may do with it."""
    return claim_page(request, pk)


def claim_page(
    request: PortalRequest, pk: int, *, files_form: ClaimFilesForm | None = None, status: int = 200
) -> HttpResponse:
    actor = request.actor
    card = card_or_404(request, pk)
    claim = card.claim
    decides = actor.can(Permission.CLIENT_SERVE) and not actor.is_client and not actor.is_read_only
    writes = actor.is_client and not actor.is_read_only
    awaits = claim.state in APPROVED_CLAIMS
    context: dict[str, Any] = {
        "card": card,
        "may_take": decides and claim.state == ClaimState.SUBMITTED,
        "may_answer": decides and claim.is_open,
        "may_credit": decides and awaits,
        "may_make": decides and awaits and corrects_here(claim.shipment),
        "may_complete": decides and awaits and claim.wish != ClaimWish.REFUND,
        "returns": returns_free(claim) if decides and (awaits or claim.is_credited_here) else [],
        "may_withdraw": writes and claim.is_open and claims_withdrawable(actor).filter(pk=pk).exists(),
        "files_form": (files_form or ClaimFilesForm()) if writes and claim.is_open else None,
        "area": "claims",
    }
    return render(request, "orders/claim.html", context, status=status)


def card_or_404(request: PortalRequest, pk: int) -> ClaimCard:
    try:
        return claim_card(actor=request.actor, claim_id=pk, at=timezone.now())
    except Claim.DoesNotExist as error:
        raise Http404 from error


@require_POST
@cabinet
def claim_withdrawn(request: PortalRequest, pk: int) -> HttpResponse:
    """Take the claim back."""

    def act() -> str:
        claim_withdraw(actor=request.actor, claim_id=pk, at=timezone.now())
        return _("Рекламация отозвана.")

    return moved(request, pk, act)


@require_POST
@cabinet
def claim_files(request: PortalRequest, pk: int) -> HttpResponse:
    """Add photos; what is not taken is told beside the form."""
    card_or_404(request, pk)
    form = ClaimFilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            claim_files_add(
                actor=request.actor,
                claim_id=pk,
                files=_named(form.cleaned_data["photos"]),
                at=timezone.now(),
            )
        except OrderRefused as refusal:
            form.add_error(None, str(refusal))
        except WrongState as refusal:
            form.add_error(None, _("По рекламации уже ответили: {state}.").format(state=refusal))
        else:
            messages.success(request, _("Файлы добавлены."))
            return redirect("orders:claim", pk=pk)
    return claim_page(request, pk, files_form=form, status=422)


@require_GET
def claim_file(request: PortalRequest, pk: int, file_uid: UUID) -> HttpResponseBase:
    """A photo or a paper of a claim that the actor may see."""
    files = ClaimFile.objects.filter(claim__in=Claim.objects.visible_to(request.actor))
    found = files.select_related("file").filter(claim=pk, uid=file_uid).first()
    if found is None:
        raise Http404
    try:
        return file_response(found.file, filename=found.name, inline=True)
    except FileDamaged:
        return HttpResponse(_("Файл повреждён."), status=503, content_type="text/plain; charset=utf-8")


def moved(request: PortalRequest, pk: int, act: Callable[[], str]) -> HttpResponse:
    """Do something with a claim and go back to its page; a refusal becomes a message."""
    card_or_404(request, pk)
    try:
        messages.success(request, act())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except WrongState as refusal:
        messages.error(request, _("Состояние рекламации уже изменилось: {step}.").format(step=refusal))
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("orders:claim", args=[pk]))
