"""Sending papers through an operator of ЭДО, and following what he and 1C say of them."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from documents.edo.files import EdoInvalid
from documents.edo.operators import (
    NO_REASON,
    EdoReport,
    OperatorFailed,
    OperatorFault,
    OperatorFile,
    edo_operator,
)
from documents.events import EdoMessageAsked
from documents.models import Document, DocumentFile, EdoMessage, ReceivedDocument
from documents.selectors.edo import document_xml, document_xml_file, participants, stored_bytes
from documents.states import (
    EDO_FAILED,
    EDO_OPEN,
    EDO_STEPS,
    IN_FORCE,
    STEPS,
    XML_KINDS,
    DocumentState,
    EdoStatus,
    FileRole,
)
from portal.files.papers import XML, paper_mime
from portal.files.services import store
from portal.outbox import publish

log = structlog.get_logger()

_SIGNED_IS_WATCHED = timedelta(days=90)
_SIGNATURE_ENDINGS = (".sig", ".sgn", ".p7s")
_STATE_OF = {
    EdoStatus.SENT: DocumentState.SENT,
    EdoStatus.RECEIVED_BY_OPERATOR: DocumentState.SENT,
    EdoStatus.DELIVERED: DocumentState.DELIVERED,
    EdoStatus.SIGNED: DocumentState.SIGNED,
}


class EdoRefused(Exception):
    """A paper does not go through an operator, with the reasons that a person can do something about."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class EdoTold:
    """What 1C says of a paper of its own at an operator."""

    operator: str
    message_id: str
    report: EdoReport


@transaction.atomic
def edo_ask(*, document_id: int, actor: Actor, at: datetime) -> EdoMessage:
    """Freeze the exchange file of a paper and have it sent; once, however often it is asked for.

    Raises AccessDenied, Document.DoesNotExist (not visible to the actor) and EdoRefused.
    """
    actor.require(Permission.CLIENT_SERVE)
    papers = Document.objects.visible_to(actor).select_related("organization", "legal_entity", "replaces")
    document = papers.select_for_update(of=("self",)).get(pk=document_id)
    last = document.edo_messages.order_by("-pk").first()
    if last is not None and last.status not in EDO_FAILED:
        return last
    operator = edo_operator()
    if operator is None:
        raise EdoRefused("Оператор ЭДО не подключен, документы отправляет 1С")
    if last is not None:
        raise EdoRefused("Этот документ уже отклонен или аннулирован, выпишите исправление")
    if document.state not in IN_FORCE:
        raise EdoRefused(f"Документ не действует: {document.get_state_display().lower()}")
    kept = _file_kept(document, at=at)
    message = EdoMessage.objects.create(
        document=document, operator=operator.name, file_name=kept.name, status_at=at, created_at=at
    )
    publish(EdoMessageAsked(message_id=message.pk))
    return message


def _file_kept(document: Document, *, at: datetime) -> DocumentFile:
    """The one exchange file of a paper. Raises EdoRefused."""
    sender, receiver = participants(document)
    reasons = [
        f"Не указан идентификатор участника ЭДО: {name}"
        for name, told in ((document.organization.name, sender), (document.legal_entity.name, receiver))
        if not told
    ]
    if document.kind not in XML_KINDS:
        reasons = ["Для документов этого вида нет электронного формата"]
    if reasons:
        raise EdoRefused(*reasons)
    kept = document_xml_file(document)
    if kept is not None:
        return kept
    try:
        made = document_xml(document)
    except EdoInvalid as invalid:
        raise EdoRefused(*(fault.text for fault in invalid.faults)) from invalid
    file = store(content=made.content, name=made.name, mime=XML, source="portal")
    return DocumentFile.objects.create(
        document=document, role=FileRole.XML, name=made.name, file=file, added_at=at
    )


def edo_send(
    *,
    message_id: int,
    at: datetime,
    finishing: Callable[[], AbstractContextManager[None]] = transaction.atomic,
) -> None:
    """Hand a message over to the operator; `uid` is its key there, so that a repeat is the same message.

    One whose paper was given up meanwhile is not sent. Raises EdoMessage.DoesNotExist, OperatorFailed,
    OperatorFault, FileDamaged and EdoRefused (no operator any more).
    """
    message = EdoMessage.objects.select_related("document__organization", "document__legal_entity").get(
        pk=message_id
    )
    document = message.document
    if message.status != EdoStatus.DRAFT or document is None:
        return
    if document.state not in IN_FORCE:
        report = EdoReport(EdoStatus.REVOKED, at, reason="Документ отменен до отправки")
        with finishing():
            edo_status_take(message_id=message.pk, report=report)
        return
    operator, kept = edo_operator(), document_xml_file(document)
    if operator is None or kept is None:
        raise EdoRefused("Оператор ЭДО не подключен")
    told = operator.send(
        key=str(message.uid),
        name=message.file_name,
        content=stored_bytes(kept.file),
        signature=None,
        receiver_id=participants(document)[1],
    )
    with finishing():
        EdoMessage.objects.filter(pk=message.pk, message_id="").update(message_id=told)
        edo_status_take(message_id=message.pk, report=EdoReport(EdoStatus.SENT, at))


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
    _noted(message, report)
    message.save(update_fields=["status", "status_at", "reason", "signatures"])
    if document is not None:
        _follow(document, report.status)
        _files_kept(document, files, at=at or report.at)
    return True


def edo_poll(*, at: datetime) -> int:
    """Ask the operator about every message that may still move; return of how many there was news.

    A message whose answer cannot be read is passed over: the next one is asked about all the same.
    """
    operator = edo_operator()
    if operator is None:
        return 0
    waiting = EdoMessage.objects.filter(
        operator=operator.name, document__isnull=False, status__in=EDO_OPEN
    ).exclude(status=EdoStatus.SIGNED, status_at__lt=at - _SIGNED_IS_WATCHED)
    news = 0
    for pk, told_id in waiting.order_by("pk").values_list("pk", "message_id"):
        try:
            report = operator.status(told_id)
            files = operator.download(told_id) if report and report.status == EdoStatus.SIGNED else ()
        except (OperatorFailed, OperatorFault) as error:
            log.warning("edo_status_unread", message=pk, reason=str(error))
            continue
        if report is not None:
            news += edo_status_take(message_id=pk, report=report, files=files, at=at)
    return news


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
    elif _is_news(message, told.report):
        _noted(message, told.report)
        message.save(update_fields=["status", "status_at", "reason", "signatures"])
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


def _follow(document: Document, status: EdoStatus) -> None:
    """A paper that was given up stays so."""
    target = _STATE_OF.get(status)
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
