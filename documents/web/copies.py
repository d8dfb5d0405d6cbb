"""Signed copies of papers: sent by the client's signer or kept by staff, returned where they are no good."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.web.middleware import PortalRequest
from documents.models import Document, ReceivedDocument
from documents.readers import keeps_signed_copies, require_reader
from documents.selectors.paper_page import PaperCard
from documents.services.signed_copies import (
    CopyRefused,
    Upload,
    is_act,
    signed_copy_add,
    signed_copy_return,
)
from portal.files.scans import MOST_BYTES


class CopyReturnForm(forms.Form):
    """Which signed copy is returned, and why."""

    copy = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    reason = forms.CharField(max_length=500)


@require_POST
def copy_add(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Upload a signed copy of a paper of ours."""
    return _copy(request, uid, is_from_erp=False)


@require_POST
def received_copy_add(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Upload a signed copy of a paper of 1C."""
    return _copy(request, uid, is_from_erp=True)


@require_POST
def copy_return(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Staff: return a signed copy of a paper of ours with the reason."""
    return _copy_returned(request, uid, is_from_erp=False)


@require_POST
def received_copy_return(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Staff: return a signed copy of a paper of 1C with the reason."""
    return _copy_returned(request, uid, is_from_erp=True)


def may_upload(actor: Actor, card: PaperCard) -> bool:
    paper = card.document or card.received
    return paper is not None and keeps_signed_copies(actor, paper.legal_entity) and not is_act(paper)


def _copy(request: PortalRequest, uid: UUID, *, is_from_erp: bool) -> HttpResponse:
    require_reader(request.actor)
    back = "documents:received_detail" if is_from_erp else "documents:detail"
    papers: QuerySet[Any] = (ReceivedDocument if is_from_erp else Document).objects.visible_to(request.actor)
    paper = get_object_or_404(papers.select_related("legal_entity"), uid=uid)
    if not keeps_signed_copies(request.actor, paper.legal_entity):
        raise AccessDenied(Permission.DOCUMENT_SIGN.label)
    sent = request.FILES.get("copy")
    try:
        if sent is None:
            raise CopyRefused(_("Выберите файл."))
        if (sent.size or 0) > MOST_BYTES:
            raise CopyRefused(_("Файл больше 20 МБ."))
        upload = Upload(name=sent.name or "", content=sent.read())
        signed_copy_add(
            uid=uid, upload=upload, actor=request.actor, at=timezone.now(), is_from_erp=is_from_erp
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except CopyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Подписанный экземпляр загружен."))
    return redirect(back, uid=uid)


def _copy_returned(request: PortalRequest, uid: UUID, *, is_from_erp: bool) -> HttpResponse:
    request.actor.require(Permission.CLIENT_SERVE)
    papers: QuerySet[Any] = (ReceivedDocument if is_from_erp else Document).objects.visible_to(request.actor)
    get_object_or_404(papers, uid=uid)
    back = redirect("documents:received_detail" if is_from_erp else "documents:detail", uid=uid)
    form = CopyReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Напишите, почему возвращаете экземпляр."))
        return back
    try:
        signed_copy_return(
            uid=uid,
            copy_id=form.cleaned_data["copy"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=timezone.now(),
            is_from_erp=is_from_erp,
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Экземпляр возвращен, клиент получит уведомление."))
    return back
