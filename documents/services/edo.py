"""Sending papers through an operator of ЭДО, and following what he and 1C say of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import Actor
from documents.edo.files import EdoInvalid
from documents.edo.operators import EdoReport, OperatorFailed, OperatorFault, edo_operator
from documents.events import EdoMessageAsked
from documents.models import Document, DocumentFile, EdoMessage
from documents.selectors.edo import document_xml, document_xml_file, participants, stored_bytes
from documents.services.edo_statuses import edo_status_take
from documents.states import EDO_FAILED, EDO_OPEN, IN_FORCE, XML_KINDS, EdoStatus, FileRole
from portal.files.papers import XML
from portal.files.services import store
from portal.outbox import publish

log = structlog.get_logger()

_SIGNED_IS_WATCHED = timedelta(days=90)


class EdoRefused(Exception):
    """A paper does not go through an operator, with the reasons that a person can do something about."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


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
