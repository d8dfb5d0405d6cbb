"""A job that fetches the file of a paper from where 1C keeps it."""

from dataclasses import dataclass

from django.utils import timezone

from documents.models import ReceivedDocument
from documents.services import FileContent, received_file_fault, received_file_keep
from integrations.models import ExchangeNode
from integrations.push.fetching import FileUnavailable, file_fetch
from integrations.push.files import FileRefused, content_mime
from portal.outbox import JobContext, job

_TRIES = 5


@dataclass(frozen=True, slots=True)
class FetchFile:
    """What to fetch and what it has to be."""

    node_id: int
    document_id: int
    url: str
    sha256: str
    size: int
    name: str


@job(queue="documents", atomic=False)
def paper_file_fetch(payload: FetchFile, running: JobContext) -> None:
    """Fetch and keep; a file that is awaited no more is left alone. What may pass is tried again."""
    awaiting = ReceivedDocument.objects.filter(pk=payload.document_id, awaited_sha256=payload.sha256)
    if not awaiting.exists():
        return
    node = ExchangeNode.objects.get(pk=payload.node_id)
    try:
        body = file_fetch(payload.url, hosts=node.file_hosts, limit=payload.size)
        mime = content_mime(body, size=payload.size, sha256=payload.sha256)
    except FileRefused as refusal:
        with running.finish():
            received_file_fault(document_id=payload.document_id, sha256=payload.sha256, reason=str(refusal))
        return
    except FileUnavailable as trouble:
        if running.attempts < _TRIES:
            raise
        with running.finish():
            received_file_fault(
                document_id=payload.document_id, sha256=payload.sha256, reason=f"сервер с файлом: {trouble}"
            )
        return
    with running.finish():
        if awaiting.select_for_update(of=("self",)).exists():
            content = FileContent(content=body, name=payload.name, mime=mime)
            received_file_keep(document_id=payload.document_id, content=content, at=timezone.now())
