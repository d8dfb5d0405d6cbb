"""What employees do with contracts: drafting, sending, looking through scans, accepting."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from documents.contract_refusals import ContractRefused
from documents.services.contract_accepting import contract_accept
from documents.services.contract_files import contract_file_add
from documents.services.contract_versions import (
    contract_draft,
    contract_version_create,
    contract_version_propose,
    contract_version_return,
    contract_version_rework,
    contract_version_send,
    contract_version_take,
    contract_version_withdraw,
)
from documents.states import ContractFileRole
from documents.web.contract_forms import AcceptForm, ContractForm, FileForm, ReasonForm, VersionForm
from documents.web.contracts import acted, version_or_404

_MOVES = {
    "propose": (contract_version_propose, gettext_lazy("Отправлено на согласование.")),
    "rework": (contract_version_rework, gettext_lazy("Возвращено в работу.")),
    "send": (contract_version_send, gettext_lazy("Отправлено клиенту, подписанты получат уведомление.")),
    "take": (contract_version_take, gettext_lazy("Скан взят на проверку.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.CLIENT_SERVE)
def contract_new(request: PortalRequest) -> HttpResponse:
    """A new contract or addendum; `?parent=` begins an addendum of a contract."""
    if request.method != "POST":
        form = ContractForm(actor=request.actor, initial={"date": timezone.localdate()} | _asked(request))
        return _draft_page(request, form)
    form = ContractForm(request.POST, actor=request.actor)
    if not form.is_valid():
        return _draft_page(request, form, status=422)
    try:
        version = contract_draft(
            actor=request.actor, facts=form.facts(), version=form.version_facts(), at=timezone.now()
        )
    except (LegalEntity.DoesNotExist, Contract.DoesNotExist) as error:
        raise Http404 from error
    except ContractRefused as refusal:
        form.add_error(None, str(refusal))
        return _draft_page(request, form, status=422)
    messages.success(request, _("Договор создан. Добавьте файл с текстом и отправьте клиенту."))
    return redirect("documents:contract", pk=version.contract_id)


def _asked(request: PortalRequest) -> dict[str, str]:
    parent = request.GET.get("parent", "")
    return {"parent": parent, "kind": "addendum"} if parent.isdigit() else {}


def _draft_page(request: PortalRequest, form: ContractForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "area": "documents"}
    return render(request, "documents/contract_new.html", context, status=status)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def contract_version_new(request: PortalRequest, pk: int) -> HttpResponse:
    """Another text of a contract."""
    form = VersionForm(request.POST)

    def act() -> None:
        contract_version_create(
            actor=request.actor, contract_id=pk, facts=form.version_facts(), at=timezone.now()
        )

    return acted(request, pk, form=form, name="version_form", act=act, told=_("Новая версия создана."))


@require_POST
@permitted(Permission.CLIENT_SERVE)
def contract_file_new(request: PortalRequest, version_pk: int) -> HttpResponse:
    """The text, our signed copy or a copy with both signatures."""
    version = version_or_404(request, version_pk)
    form = FileForm(request.POST, request.FILES)

    def act() -> None:
        file = form.cleaned_data["file"]
        contract_file_add(
            actor=request.actor,
            version_id=version_pk,
            role=ContractFileRole(form.cleaned_data["role"]),
            name=file.name,
            content=file.file,
            at=timezone.now(),
        )

    return acted(request, version.contract_id, form=form, name="file_form", act=act, told=_("Файл добавлен."))


@require_POST
@permitted(Permission.CLIENT_SERVE)
def contract_move(request: PortalRequest, version_pk: int) -> HttpResponse:
    """Moves that need neither a file nor a reason."""
    version = version_or_404(request, version_pk)
    chosen = request.POST.get("act", "")
    if chosen not in _MOVES:
        raise Http404
    move, told = _MOVES[chosen]

    def act() -> None:
        move(actor=request.actor, version_id=version_pk, at=timezone.now())

    return acted(request, version.contract_id, act=act, told=str(told))


@require_POST
@permitted(Permission.CLIENT_SERVE)
def contract_return(request: PortalRequest, version_pk: int) -> HttpResponse:
    """Give scans back, or with `act=withdraw` give the text up."""
    version = version_or_404(request, version_pk)
    form = ReasonForm(request.POST)
    is_withdrawn = request.POST.get("act") == "withdraw"

    def act() -> None:
        move = contract_version_withdraw if is_withdrawn else contract_version_return
        reason = form.cleaned_data["reason"]
        move(actor=request.actor, version_id=version_pk, reason=reason, at=timezone.now())

    told = _("Версия отозвана.") if is_withdrawn else _("Скан возвращен клиенту с причиной.")
    return acted(request, version.contract_id, form=form, name="reason_form", act=act, told=told)


@require_POST
@permitted(Permission.CLIENT_SERVE)
def contract_accepting(request: PortalRequest, version_pk: int) -> HttpResponse:
    """Accept a signed version."""
    version = version_or_404(request, version_pk)
    form = AcceptForm(request.POST)

    def act() -> None:
        contract_accept(
            actor=request.actor,
            version_id=version_pk,
            signatures=form.signatures(),
            rivals=form.chosen_rivals(),
            at=timezone.now(),
        )

    told = _("Версия принята и действует.")
    return acted(request, version.contract_id, form=form, name="accept_form", act=act, told=told)
