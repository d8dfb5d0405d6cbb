"""Archives of papers: asking for one, seeing how far it is, fetching it, naming files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from counterparties.web.middleware import PortalRequest
from documents.archive.naming import FIELDS, WrongPattern, name_of
from documents.archive.packing import EXAMPLE
from documents.models import DocumentArchive
from documents.readers import require_reader
from documents.services.archives import (
    ArchiveNotPossible,
    archive_ask,
    archive_fetch,
    archive_file_name,
    archive_pattern,
    archive_rule_set,
)
from documents.states import TaskState
from documents.web.forms import ArchiveForm, last_month
from portal.files.serving import FileDamaged, file_response

_SHOWN = 10
_LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def archives(request: PortalRequest) -> HttpResponse:
    """Ask for an archive; the newest ones of the person, and how files in them are named."""
    actor = request.actor
    require_reader(actor)
    since, until = last_month(timezone.localdate())
    form = ArchiveForm(
        request.POST if request.method == "POST" else None,
        actor=actor,
        initial={"since": since, "until": until},
    )
    if request.method == "POST" and form.is_valid():
        try:
            archive_ask(actor=actor, scope=form.scope, at=timezone.now())
        except ArchiveNotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("documents:archives")
    context = {"form": form, "area": "documents"} | _rows(request) | _rule(request)
    return render(request, "documents/archives.html", context, status=422 if form.errors else 200)


@require_GET
def archive_state(request: PortalRequest) -> HttpResponse:
    """htmx: the archives again while one of them is being made; by itself it is the whole page."""
    require_reader(request.actor)
    if not request.htmx:  # type: ignore[attr-defined]
        return archives(request)
    return render(request, "documents/_archives.html", _rows(request))


@require_POST
def archive_rule(request: PortalRequest) -> HttpResponse:
    """Set how files of the client's archives are named."""
    require_reader(request.actor)
    try:
        pattern = request.POST.get("pattern", "").strip()
        archive_rule_set(actor=request.actor, pattern=pattern, at=timezone.now())
    except WrongPattern as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Имена файлов сохранены."))
    return redirect("documents:archives")


@require_GET
def archive_file(request: PortalRequest, uid: UUID) -> HttpResponseBase:
    """An archive that is ready; a stranger's is not found."""
    try:
        row, file = archive_fetch(uid=uid, actor=request.actor)
        return file_response(file, filename=archive_file_name(row))
    except DocumentArchive.DoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        text = "Файл поврежден, администратор уже знает об этом. Соберите архив еще раз."
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")


def _rows(request: PortalRequest) -> dict[str, Any]:
    own = DocumentArchive.objects.visible_to(request.actor).filter(holding=request.actor.holding_id)
    rows = list(own.select_related("file", "legal_entity").order_by("-asked_at", "-pk")[:_SHOWN])
    return {"rows": rows, "is_making": any(row.state == TaskState.QUEUED for row in rows)}


def _rule(request: PortalRequest) -> dict[str, Any]:
    """The pattern as it is, or as the person is typing it, with what comes of it."""
    pattern = request.GET.get("pattern", "")[:_LONGEST] or archive_pattern(request.actor.holding_id)
    try:
        example, fault = f"{name_of(pattern, EXAMPLE)}.pdf", ""
    except WrongPattern as refusal:
        example, fault = "", str(refusal)
    return {
        "pattern": pattern,
        "example": example,
        "fault": fault,
        "fields": FIELDS,
        "may_name": request.actor.is_client and not request.actor.is_read_only,
    }
