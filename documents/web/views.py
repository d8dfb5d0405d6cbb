"""The list of papers, and fetching one."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from counterparties.actor import AccessDenied
from counterparties.web.middleware import PortalRequest
from documents.models import Document, ReceivedDocument
from documents.selectors import DocumentFilter, document_rows
from documents.services import document_fetch, paper_file_name, received_fetch, received_file_name
from documents.web.forms import DocumentSearch
from documents.web.requests import act_form
from integrations.reports.requests import request_rows
from portal.files.models import StoredFile
from portal.files.serving import FileDamaged, file_response


@require_GET
def document_list(request: PortalRequest) -> HttpResponse:
    """Papers of the portal and of 1C that the actor may see, with filters in the address."""
    actor = request.actor
    if not (actor.can(Permission.DOCUMENT_VIEW) or actor.can(Permission.FINANCE_VIEW)):
        raise AccessDenied(Permission.DOCUMENT_VIEW.label)
    form = DocumentSearch(request.GET, actor=actor)
    form.is_valid()
    entity = form.cleaned_data.get("legal_entity")
    chosen = DocumentFilter(
        number=form.cleaned_data.get("q") or "",
        kind=form.cleaned_data.get("kind") or "",
        legal_entity_id=entity.pk if entity else None,
    )
    documents = document_rows(actor=actor, chosen=chosen, page=request.GET.get("page", 1))
    context = {
        "form": form,
        "documents": documents,
        "is_filtered": chosen != DocumentFilter(),
        "requests": request_rows(actor=actor),
        "act_form": act_form(actor),
        "sees_contracts": actor.can(Permission.DOCUMENT_VIEW),
        "area": "documents",
    }
    return render(request, "documents/list.html", context)


@require_GET
def download(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The PDF, shown in the browser; `?save` asks to keep it. A stranger's paper is not found."""

    def fetch() -> tuple[StoredFile, str]:
        document = document_fetch(uid=uid, actor=request.actor, at=timezone.now())
        return document.file, paper_file_name(document)

    return _file(request, fetch)


@require_GET
def received(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The file of a paper of 1C; PDF and pictures are shown, all else is kept."""

    def fetch() -> tuple[StoredFile, str]:
        document, file = received_fetch(uid=uid, actor=request.actor, at=timezone.now())
        return file, received_file_name(document, file)

    return _file(request, fetch)


def _file(request: PortalRequest, fetch: Callable[[], tuple[StoredFile, str]]) -> HttpResponseBase:
    try:
        file, name = fetch()
        return file_response(file, filename=name, inline="save" not in request.GET)
    except (Document.DoesNotExist, ReceivedDocument.DoesNotExist) as error:
        raise Http404 from error
    except FileDamaged:
        text = "Файл поврежден, администратор уже знает об этом. Попробуйте позже или напишите менеджеру."
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
