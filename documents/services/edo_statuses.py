"""What operators and 1C say of papers: written down by the table of steps, the paper follows."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from documents.edo.operators import NO_REASON, EdoReport, OperatorFile
from documents.events import EdoReturned, EdoSigned
from documents.models import Document, DocumentFile, EdoMessage, ReceivedDocument
from documents.states import EDO_RETURNED, EDO_STEPS, STEPS, DocumentKind, DocumentState, EdoStatus, FileRole
from portal.files.papers import paper_mime
from portal.files.services import store
from portal.outbox import publish

_SIGNATURE_ENDINGS = (".sig", ".sgn", ".p7s")
_STATE_OF = {
    EdoStatus.SENT: DocumentState.SENT,
    EdoStatus.RECEIVED_BY_OPERATOR: DocumentState.SENT,
    EdoStatus.DELIVERED: DocumentState.DELIVERED,
    EdoStatus.SIGNED: DocumentState.SIGNED,
}


@dataclass(frozen=True, slots=True)
class EdoTold:
    """What 1C says of a paper of its own at an operator."""

    operator: str
    message_id: str
    report: EdoReport


@transaction.atomic
def edo_status_take(
    *, message_id: int, report: EdoReport, files: Collection[OperatorFile] = (), at: datetime | None = None
) -> bool:
    """Write down what is said of a message and let its paper follow; tell whether it was news.

    What comes late, twice or out of order changes nothing. Raises EdoMessage.DoesNotExist.
    """
    document_id = EdoMessage.objects.values_list("document_id", flat=True).get(pk=message_id)
    document = None
    if document_id is not None:
        document = Document.objects.select_for_update(of=("self",)).defer("payload").get(pk=document_id)
    message = EdoMessage.objects.select_for_update(of=("self",)).get(pk=message_id)
    if not _is_news(message, report):
        return False
    was = EdoStatus(message.status)
    _noted(message, report)
    message.save(update_fields=["status", "status_at", "reason", "signatures"])
    _announce(message)
    if document is not None:
        _follow(document, _target(document, was, report.status))
        _files_kept(document, files, at=at or report.at)
    return True


@transaction.atomic
def edo_told(*, received_id: int, told: EdoTold, at: datetime) -> bool:
    """Write down what 1C says of its own paper; tell whether it could be of this paper.

    A message that belongs to another paper is left alone. Raises ReceivedDocument.DoesNotExist.
    """
    received = ReceivedDocument.objects.select_for_update(of=("self",)).get(pk=received_id)
    messages = EdoMessage.objects.select_for_update(of=("self",)).filter(operator=told.operator)
    if told.message_id:
        message = messages.filter(message_id=told.message_id).first()
    else:
        message = messages.filter(received=received).order_by("-pk").first()
    if message is not None and message.received_id != received.pk:
        return False
    if message is None:
        message = EdoMessage(
            received=received, operator=told.operator, message_id=told.message_id, created_at=at
        )
        _noted(message, told.report)
        message.save()
        _announce(message)
    elif _is_news(message, told.report):
        _noted(message, told.report)
        message.save(update_fields=["status", "status_at", "reason", "signatures"])
        _announce(message)
    return True


def _is_news(message: EdoMessage, report: EdoReport) -> bool:
    """By the table of steps; a refused revocation must be later than the request for it."""
    now = EdoStatus(message.status)
    if report.status not in EDO_STEPS.get(now, frozenset()):
        return False
    return now != EdoStatus.REVOCATION_REQUESTED or report.at > message.status_at


def _noted(message: EdoMessage, report: EdoReport) -> None:
    reason = report.reason[:500]
    if report.status == EdoStatus.REJECTED:
        reason = reason or NO_REASON
    message.status, message.status_at, message.reason = report.status, report.at, reason
    if report.signatures:
        message.signatures = [asdict(one) for one in report.signatures]


def _announce(message: EdoMessage) -> None:
    if message.status == EdoStatus.SIGNED and message.document_id is not None:
        publish(EdoSigned(message_id=message.pk, document_id=message.document_id))
    if message.status in EDO_RETURNED:
        publish(EdoReturned(message_id=message.pk, status=message.status))


def _target(document: Document, was: EdoStatus, status: EdoStatus) -> DocumentState | None:
    """What both sides have annulled is cancelled; a message that was only taken back leaves its paper alone.

    So does an act, which has states of its own.
    """
    if status != EdoStatus.REVOKED:
        return _STATE_OF.get(status)
    is_annulled = was == EdoStatus.SIGNED or (
        was == EdoStatus.REVOCATION_REQUESTED and document.state == DocumentState.SIGNED
    )
    return DocumentState.CANCELLED if is_annulled and document.kind != DocumentKind.ACT else None


def _follow(document: Document, target: DocumentState | None) -> None:
    """A paper that was given up stays so."""
    if target is not None and target in STEPS.get(DocumentState(document.state), frozenset()):
        document.state = target
        document.save(update_fields=["state"])


def _files_kept(document: Document, files: Collection[OperatorFile], *, at: datetime) -> None:
    for one in files:
        is_signature = one.name.lower().endswith(_SIGNATURE_ENDINGS)
        mime = paper_mime(one.content) or "application/octet-stream"
        DocumentFile.objects.get_or_create(
            document=document,
            role=FileRole.SIGNATURE if is_signature else FileRole.PROTOCOL,
            file=store(content=one.content, name=one.name, mime=mime, source="edo"),
            defaults={"name": one.name, "added_at": at},
        )
