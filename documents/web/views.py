"""Fetching a paper."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from counterparties.web.middleware import PortalRequest
from documents.models import Document
from documents.services import document_fetch, document_file_name
from portal.files.serving import FileDamaged, file_response


@require_GET
def download(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """The PDF, shown in the browser; `?save` asks to keep it. A stranger's paper is not found."""
    try:
        document = document_fetch(uid=uid, actor=request.actor, at=timezone.now())
        return file_response(
            document.file, filename=document_file_name(document), inline="save" not in request.GET
        )
    except Document.DoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        text = "Файл поврежден, администратор уже знает об этом. Попробуйте позже или напишите менеджеру."
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
