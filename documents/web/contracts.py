"""Contracts: the list, one contract, its files; what the client does with them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract
from counterparties.reach import reaches
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from documents.contract_refusals import ContractRefused, WrongVersionState
from documents.models import ContractFile, ContractVersion
from documents.selectors.contract_card import ContractCard, contract_card
from documents.selectors.contracts import contract_rows
from documents.services.contract_files import contract_file_fetch, contract_scans_upload, roles_addable
from documents.services.contract_prolongation import contract_prolongation_refuse
from documents.states import VERSION_STEPS, VersionState
from documents.web.contract_forms import (
    AcceptForm,
    ContractSearch,
    FileForm,
    ReasonForm,
    ScansForm,
    VersionForm,
)
from portal.files.serving import FileDamaged, file_response

_DAMAGED = "Файл поврежден, администратор уже знает об этом. Попробуйте позже или напишите менеджеру."


@require_safe
@permitted(Permission.DOCUMENT_VIEW)
def contracts(request: PortalRequest) -> HttpResponse:
    """Contracts that the actor may see, addenda under them, with filters in the address."""
    form = ContractSearch(request.GET)
    chosen = form.chosen()
    page = contract_rows(
        actor=request.actor, chosen=chosen, page=request.GET.get("page", 1), on=timezone.localdate()
    )
    context = {
        "form": form,
        "contracts": page,
        "is_filtered": not chosen.is_empty,
        "may_draft": may_review(request.actor),
        "area": "documents",
    }
    return render(request, "documents/contracts.html", context)


@require_safe
@permitted(Permission.DOCUMENT_VIEW)
def contract(request: PortalRequest, pk: int) -> HttpResponse:
    """One contract: versions, files, history, terms by dates."""
    return contract_page(request, pk)


@require_POST
@permitted(Permission.DOCUMENT_SIGN)
def contract_scans(request: PortalRequest, version_pk: int) -> HttpResponse:
    """Scans of the client; what is not taken is told beside the form."""
    version = version_or_404(request, version_pk)
    form = ScansForm(request.POST, request.FILES)

    def act() -> None:
        files = [(one.name or "", one.file) for one in form.cleaned_data["scans"]]
        contract_scans_upload(actor=request.actor, version_id=version_pk, files=files, at=timezone.now())

    told = _("Спасибо, скан отправлен. Менеджер проверит его и ответит.")
    return acted(request, version.contract_id, form=form, name="scans_form", act=act, told=told)


@require_POST
@permitted(Permission.DOCUMENT_VIEW)
def contract_unprolong(request: PortalRequest, pk: int) -> HttpResponse:
    """Refuse that the contract prolongs itself."""

    def act() -> None:
        contract_prolongation_refuse(actor=request.actor, contract_id=pk, at=timezone.now())

    return acted(request, pk, act=act, told=_("Отказ от продления записан."))


@require_safe
@permitted(Permission.DOCUMENT_VIEW)
def contract_file(request: PortalRequest, file_pk: int) -> HttpResponseBase:
    """A file of a version; `?pdf` asks for the PDF of a picture, `?save` to keep it."""
    try:
        file = contract_file_fetch(actor=request.actor, file_id=file_pk)
    except ContractFile.DoesNotExist as error:
        raise Http404 from error
    is_pdf = file.pdf is not None and "pdf" in request.GET
    stored, name = (file.pdf, f"{file.name}.pdf") if file.pdf and is_pdf else (file.file, file.name)
    try:
        return file_response(stored, filename=name, inline="save" not in request.GET)
    except FileDamaged:
        return HttpResponse(_DAMAGED, status=503, content_type="text/plain; charset=utf-8")


def may_review(actor: Actor) -> bool:
    """Whether the actor drafts contracts and looks through scans."""
    return actor.can(Permission.CLIENT_SERVE) and not actor.is_client


def version_or_404(request: PortalRequest, version_pk: int) -> ContractVersion:
    found = ContractVersion.objects.visible_to(request.actor).filter(pk=version_pk).first()
    if found is None:
        raise Http404
    return found


def acted(
    request: PortalRequest,
    pk: int,
    *,
    act: Callable[[], object],
    told: str,
    form: Form | None = None,
    name: str = "",
) -> HttpResponse:
    """Do it and go back to the page of the contract; a refusal is told there, 422 or 409."""
    if form is not None and not form.is_valid():
        return contract_page(request, pk, status=422, **{name: form})
    try:
        act()
    except (Contract.DoesNotExist, ContractVersion.DoesNotExist) as error:
        raise Http404 from error
    except ContractRefused as refusal:
        status = 409 if isinstance(refusal, WrongVersionState) else 422
        if form is not None and status == 422:
            form.add_error(None, str(refusal))
            return contract_page(request, pk, status=status, **{name: form})
        messages.error(request, str(refusal))
        return contract_page(request, pk, status=status)
    messages.success(request, told)
    return redirect("documents:contract", pk=pk)


def contract_page(request: HttpRequest, pk: int, *, status: int = 200, **forms: Form) -> HttpResponse:
    """The page with empty forms, but for those that are handed over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        card = contract_card(actor=actor, contract_id=pk, on=timezone.localdate())
    except Contract.DoesNotExist as error:
        raise Http404 from error
    context: dict[str, Any] = {
        "card": card,
        "may": _may(actor, card),
        "version_form": VersionForm(),
        "accept_form": AcceptForm(),
        "reason_form": ReasonForm(),
        "scans_form": ScansForm(),
        "area": "documents",
    }
    opened = card.open_version
    file_form = forms.pop("file_form", None) or FileForm()
    if isinstance(file_form, FileForm):
        context["file_form"] = file_form.offer(roles_addable(opened.version.state) if opened else ())
    return render(request, "documents/contract.html", context | forms, status=status)


def _may(actor: Actor, card: ContractCard) -> dict[str, bool]:
    """Which buttons lead anywhere; services decide again."""
    opened = card.open_version
    steps = VERSION_STEPS[VersionState(opened.version.state)] if opened else frozenset()
    staff = may_review(actor)
    signs = (
        actor.is_client
        and not actor.is_read_only
        and reaches(actor, Permission.DOCUMENT_SIGN, entity=card.contract.legal_entity, author_id=None)
    )
    prolongs = (
        bool(card.contract.prolongs_months)
        and card.contract.valid_until is not None
        and card.contract.prolongation_refused_on is None
    )
    return {
        "upload": signs and VersionState.UPLOADED in steps,
        "renew": staff and opened is None and card.contract.state in {"active", "draft"},
        "add_file": staff and opened is not None,
        "send": staff and VersionState.SENT in steps,
        "propose": staff and VersionState.ON_APPROVAL in steps,
        "rework": staff and VersionState.DRAFT in steps,
        "take": staff and VersionState.ON_REVIEW in steps,
        "return": staff and VersionState.REJECTED in steps,
        "accept": staff and VersionState.ACTIVE in steps,
        "withdraw": staff and VersionState.WITHDRAWN in steps,
        "unprolong": prolongs and (staff or signs),
        "review": staff,
    }
