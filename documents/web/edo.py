"""Exchange files of papers for people: read in human form, kept, sent through an operator."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from counterparties.web.middleware import PortalRequest
from documents.edo.files import EdoInvalid
from documents.edo.operators import edo_operator
from documents.edo.parsing import SIZE_LIMIT, XmlRefused
from documents.edo.reading import paper_seen
from documents.edo.seen import SeenPaper
from documents.models import Document, ReceivedDocument
from documents.selectors.edo import (
    document_xml,
    edo_document,
    edo_notes,
    edo_received,
    stored_bytes,
)
from documents.services.edo import EdoRefused, edo_ask
from documents.services.edo_downloads import edo_fetch
from documents.states import EDO_FAILED, IN_FORCE
from portal.files.papers import XML
from portal.files.serving import FileDamaged, file_response, safe_name

SHOWN_LINES = 1_000


@dataclass(frozen=True, slots=True)
class _Reading:
    """What of a file can be shown: the paper, or why not."""

    paper: SeenPaper | None = None
    refusal: str = ""
    faults: tuple[str, ...] = ()


@require_GET
def edo_view(request: PortalRequest, uid: UUID) -> HttpResponse:
    """An exchange file in human form, ours or of 1C; a stranger's paper is not found."""
    try:
        return _shown(request, edo_document(uid=uid, actor=request.actor))
    except Document.DoesNotExist:
        pass
    try:
        received = edo_received(uid=uid, actor=request.actor)
    except ReceivedDocument.DoesNotExist as error:
        raise Http404 from error
    context = {
        "title": str(received),
        "uid": received.uid,
        "reading": _read_received(received),
        "notes": edo_notes(received=received),
        "is_from_erp": True,
        "may_send": False,
    }
    return _page(request, context)


@require_GET
def xml(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The exchange file to keep, under the name that its format wants."""
    try:
        fetched = edo_fetch(uid=uid, actor=request.actor, at=timezone.now())
        if fetched.stored is not None:
            return file_response(fetched.stored, filename=fetched.name)
    except (Document.DoesNotExist, ReceivedDocument.DoesNotExist) as error:
        raise Http404 from error
    except FileDamaged:
        text = _("Файл поврежден, администратор уже знает об этом. Попробуйте позже или напишите менеджеру.")
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
    except EdoInvalid:
        messages.error(request, _("XML этого документа пока нет, напишите менеджеру."))
        return redirect("documents:edo_view", uid=uid)
    return HttpResponse(
        fetched.content,
        content_type=XML,
        headers={
            "Content-Disposition": content_disposition_header(True, safe_name(fetched.name)) or "",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
        },
    )


@require_POST
def edo_send(request: PortalRequest, uid: UUID) -> HttpResponse:
    """Have a paper sent through the operator."""
    try:
        document = edo_document(uid=uid, actor=request.actor)
        edo_ask(document_id=document.pk, actor=request.actor, at=timezone.now())
    except Document.DoesNotExist as error:
        raise Http404 from error
    except EdoRefused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("Документ передан на отправку через оператора ЭДО."))
    return redirect("documents:edo_view", uid=uid)


def _shown(request: PortalRequest, document: Document) -> HttpResponse:
    notes = edo_notes(document=document)
    context = {
        "title": str(document),
        "uid": document.uid,
        "reading": _read_issued(document),
        "notes": notes,
        "is_from_erp": False,
        "may_send": (
            request.actor.is_employee
            and edo_operator() is not None
            and document.state in IN_FORCE
            and not notes
        ),
        "is_returned": bool(notes) and notes[0].status in EDO_FAILED,
    }
    return _page(request, context)


def _page(request: PortalRequest, context: dict[str, object]) -> HttpResponse:
    reading = context["reading"]
    paper = reading.paper if isinstance(reading, _Reading) else None
    lines = paper.lines if paper else ()
    context |= {
        "paper": paper,
        "lines": lines[:SHOWN_LINES],
        "lines_left": max(len(lines) - SHOWN_LINES, 0),
        "area": "documents",
    }
    return render(request, "documents/edo_view.html", context)


def _read_issued(document: Document) -> _Reading:
    try:
        return _read(document_xml(document).content)
    except EdoInvalid as invalid:
        return _Reading(faults=tuple(fault.text for fault in invalid.faults))
    except FileDamaged:
        return _Reading(refusal=_("Файл поврежден, администратор уже знает об этом"))


def _read_received(received: ReceivedDocument) -> _Reading:
    file = received.file
    if file is None:
        return _Reading(refusal=_("Файла еще нет"))
    if file.size > SIZE_LIMIT:  # not even read from the disk
        return _Reading(refusal=_("Файл слишком большой, его можно только скачать"))
    try:
        return _read(stored_bytes(file))
    except FileDamaged:
        return _Reading(refusal=_("Файл поврежден, администратор уже знает об этом"))


def _read(content: bytes) -> _Reading:
    try:
        return _Reading(paper=paper_seen(content))
    except XmlRefused as refusal:
        return _Reading(refusal=str(refusal))
