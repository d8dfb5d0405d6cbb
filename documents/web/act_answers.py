"""What the sides do to an акт сверки: upload, remark, agree, dispute, confirm, sign."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import Permission
from counterparties.web.access import permitted
from counterparties.web.middleware import PortalRequest
from documents.acts.moves import WrongActState
from documents.models import Act, ActDifference, ActLine
from documents.selectors.acts import act_seen
from documents.services.act_answers import (
    ActNotSettled,
    act_confirm,
    act_dispute,
    act_signed_scan_add,
)
from documents.services.act_differences import act_difference_agree, act_remark_add, client_act_compare
from documents.web.act_forms import ActFile, ActWord
from documents.web.acts import AREA
from portal.files.scans import ScanRefused
from portal.lib.tables import TableRefused
from portal.lib.tables.contract import MOST_BYTES


@require_POST
@permitted(Permission.FINANCE_VIEW)
def act_own(request: PortalRequest, uid: UUID) -> HttpResponse:
    """The client's own act, compared at once; what cannot be read is told on the page."""
    form = ActFile(request.POST, request.FILES)

    def compare() -> str:
        if not form.is_valid():
            raise TableRefused(_("Выберите файл."))
        file = form.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise TableRefused(_("Файл больше 10 МБ: разделите период"))
        row = client_act_compare(
            actor=request.actor, uid=uid, content=file.read(), name=file.name, at=timezone.now()
        )
        return _("Акт прочитан: строк {count}.").format(count=row.lines.count())

    return _done(request, uid, compare)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(Permission.FINANCE_VIEW)
def act_remark(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Write to a difference (`difference`) or to one of our lines (`line`), which has a page of its own."""
    position = _number(request.GET.get("line", "") or request.POST.get("line", ""))
    difference = _number(request.POST.get("difference", ""))
    if request.method != "POST":
        return _line_page(request, uid, position)

    def write() -> str:
        form = ActWord(request.POST)
        form.is_valid()
        act_remark_add(
            actor=request.actor,
            uid=uid,
            text=form.cleaned_data.get("text", ""),
            position=position,
            difference_id=difference,
            at=timezone.now(),
        )
        return _("Замечание отправлено.")

    return _done(request, uid, write)


def _line_page(request: PortalRequest, uid: UUID, position: int | None) -> HttpResponse:
    try:
        row = act_seen(actor=request.actor, uid=uid)
        line = ActLine.objects.get(act=row, position=position or 0)
    except (Act.DoesNotExist, ActLine.DoesNotExist) as error:
        raise Http404 from error
    context = {"act": row, "line": line, "form": ActWord(), "area": AREA}
    return render(request, "documents/act_remark.html", context)


@require_POST
@permitted(Permission.FINANCE_VIEW)
def act_agree(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Agree to a difference for one's own side, or (`back`) take it back."""

    def agree() -> str:
        act_difference_agree(
            actor=request.actor,
            uid=uid,
            difference_id=_number(request.POST.get("difference", "")) or 0,
            is_agreed="back" not in request.POST,
            at=timezone.now(),
        )
        return ""

    return _done(request, uid, agree)


@require_POST
@permitted(Permission.DOCUMENT_SIGN)
def act_refuse(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Tell the manager that the act is not right."""

    def dispute() -> str:
        form = ActWord(request.POST)
        form.is_valid()  # without words it may be about differences that are told already
        comment = form.cleaned_data.get("text", "")
        act_dispute(actor=request.actor, uid=uid, comment=comment, at=timezone.now())
        return _("Менеджер узнает о расхождениях.")

    return _done(request, uid, dispute)


@require_POST
@permitted(Permission.DOCUMENT_SIGN)
def act_accept(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Agree the act."""

    def confirm() -> str:
        act_confirm(actor=request.actor, uid=uid, at=timezone.now())
        return _("Акт согласован.")

    return _done(request, uid, confirm)


@require_POST
@permitted(Permission.FINANCE_VIEW)
def act_scan(request: PortalRequest, uid: UUID) -> HttpResponse:
    """A scan of the signed act."""
    form = ActFile(request.POST, request.FILES)

    def add() -> str:
        if not form.is_valid():
            raise ScanRefused(_("Выберите файл."))
        file = form.cleaned_data["file"]
        act_signed_scan_add(actor=request.actor, uid=uid, content=file, name=file.name, at=timezone.now())
        return _("Скан сохранён, акт подписан.")

    return _done(request, uid, add)


def _done(request: PortalRequest, uid: UUID, deed: Callable[[], str]) -> HttpResponse:
    """Do it and lead back to the act; a refusal is a message there."""
    try:
        act_seen(actor=request.actor, uid=uid)
        told = deed()
    except (Act.DoesNotExist, ActDifference.DoesNotExist, ActLine.DoesNotExist) as error:
        raise Http404 from error
    except (WrongActState, ActNotSettled, ScanRefused, TableRefused) as refusal:
        messages.error(request, str(refusal))
    else:
        if told:
            messages.success(request, told)
    return redirect("documents:act", uid=uid)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None
