"""The list of papers, and fetching one."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.permissions import Permission
from counterparties.models import Holding
from counterparties.web.middleware import PortalRequest
from documents.readers import require_reader
from documents.selectors import DocumentFilter, document_rows
from documents.services import document_fetch, paper_file_name, received_fetch, received_file_name
from documents.services.downloads import beside_of, received_open, version_of
from documents.services.signed_copies import copy_of
from documents.web.forms import DocumentSearch
from documents.web.requests import act_form
from integrations.reports.requests import request_rows
from portal.files.models import StoredFile
from portal.files.serving import FileDamaged, file_response

_LONGEST_KEY = 9


@require_GET
def document_list(request: PortalRequest) -> HttpResponse:
    """Papers of the portal and of 1C that the actor may see, with filters in the address."""
    actor = request.actor
    require_reader(actor)
    form = DocumentSearch(request.GET, actor=actor)
    form.is_valid()
    chosen = form.chosen
    documents = document_rows(
        actor=actor, chosen=chosen, page=request.GET.get("page", 1), on=timezone.localdate()
    )
    context = {
        "form": form,
        "documents": documents,
        "client": Holding.objects.visible_to(actor).filter(pk=chosen.holding_id).first()
        if chosen.holding_id
        else None,
        "is_filtered": chosen != DocumentFilter(),
        "requests": request_rows(actor=actor),
        "act_form": act_form(actor),
        "sees_contracts": actor.can(Permission.DOCUMENT_VIEW)
        and not actor.is_own_only(Permission.DOCUMENT_VIEW),
        "sees_acts": actor.can(Permission.FINANCE_VIEW),
        "area": "documents",
    }
    return render(request, "documents/list.html", context)


@require_GET
def download(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The PDF, shown in the browser; `?save` asks to keep it. A stranger's paper is not found.

    `?file=7` is a file beside it, `?copy=7` a scan that the client has signed.
    """

    def fetch() -> tuple[StoredFile, str]:
        document = document_fetch(uid=uid, actor=request.actor, at=timezone.now())
        if beside := _key(request, "file"):
            found = beside_of(document, beside)
            return found.file, found.name
        if copy := _key(request, "copy"):
            scan, file = copy_of(copy, document)
            return file, scan.name
        return document.file, paper_file_name(document)

    return _file(request, fetch)


@require_GET
def received(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The file of a paper of 1C; PDF and pictures are shown, all else is kept.

    `?version=2` is an older file, `?copy=7` a scan that the client has signed.
    """

    def fetch() -> tuple[StoredFile, str]:
        if copy := _key(request, "copy"):
            paper = received_open(uid=uid, actor=request.actor, at=timezone.now())
            scan, file = copy_of(copy, paper)
            return file, scan.name
        document, file = received_fetch(uid=uid, actor=request.actor, at=timezone.now())
        if version := _key(request, "version"):
            file = version_of(document, version).file
        return file, received_file_name(document, file)

    return _file(request, fetch)


def _key(request: HttpRequest, name: str) -> int:
    """A number out of the address, 0 where none is asked for; what is no number names nothing."""
    text = request.GET.get(name, "")
    if not text:
        return 0
    if not (text.isdecimal() and len(text) <= _LONGEST_KEY):
        raise Http404
    return int(text)


def _file(request: PortalRequest, fetch: Callable[[], tuple[StoredFile, str]]) -> HttpResponseBase:
    """Give a file and note it in one transaction: what is not there, or damaged, was not taken."""
    try:
        with transaction.atomic():
            file, name = fetch()
            return file_response(file, filename=name, inline="save" not in request.GET)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        text = "Файл поврежден, администратор уже знает об этом. Попробуйте позже или напишите менеджеру."
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
