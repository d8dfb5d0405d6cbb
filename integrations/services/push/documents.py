"""documents: papers that 1C has made out, with their files, shown in the cabinet beside ours."""

from documents.edo.operators import EdoReport, EdoSignature
from documents.events import ReceivedPaperTold
from documents.models import ReceivedDocument
from documents.services import (
    FileContent,
    ReceivedFacts,
    received_file_await,
    received_file_keep,
    received_note,
)
from documents.services.edo_statuses import EdoTold, edo_told
from documents.services.received_ledger import POSTED
from documents.states import EdoStatus, ReceivedKind
from integrations.models import ExternalKind
from integrations.push.fetching import url_checked
from integrations.push.files import FileRefused, content_mime, file_decoded
from integrations.push.items.documents import DocumentEdo, DocumentFile, DocumentItem
from integrations.services.incoming.work import Work
from integrations.services.push.file_fetch import FetchFile, paper_file_fetch
from integrations.services.push.paper_orders import paper_orders_note
from integrations.services.push.payments import payment_take
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.waits import ItemWaits
from integrations.services.requests import request_answer
from portal.outbox import enqueue, publish


def document_take(work: Work, item: DocumentItem) -> None:
    """Write a paper down and keep its file as the newest; a file by address is fetched by a job.

    In the turn of the base's orders, which the caller holds. Idempotent by content; older facts change
    nothing. Raises ItemRefused, ItemWaits (the client is not known).
    """
    if item.type == "payment":
        payment_take(work, item)
        return
    content = _content(item.file)
    if item.file is not None and item.file.url is not None:
        _check_url(work, item.file.url)
    facts = _facts(work, item)
    known = work.known(ExternalKind.RECEIVED_PAPER, item.ref)
    if known is None and item.deleted:
        return
    document = received_note(document_id=known, facts=facts, at=work.at)
    if known is None:
        work.report.counts["documents_new"] += 1
    if facts.as_of < document.as_of:
        return
    work.learn(ExternalKind.RECEIVED_PAPER, item.ref, document.pk)
    paper_orders_note(work, document, item.order_refs)
    if document.kind in POSTED:
        publish(ReceivedPaperTold(document_id=document.pk, at=work.at))
    if item.file is not None:
        _file_take(work, document, item.file, content)
    if item.edo is not None and not edo_told(received_id=document.pk, told=_edo(item.edo), at=work.at):
        text = f"Сообщение {item.edo.message_id} оператора {item.edo.operator} – другого документа"
        work.report.warn(text, external_id=item.ref)
    if item.request_ref and not request_answer(
        node=work.node, uid=item.request_ref, document=document, at=work.at
    ):
        text = f"Запрос {item.request_ref} не о таком документе или не этого клиента, документ принят"
        work.report.warn(text, external_id=item.ref)


def _content(file: DocumentFile | None) -> FileContent | None:
    """The file that came inside the item. Raises ItemRefused."""
    if file is None or file.content_base64 is None:
        return None
    try:
        content = file_decoded(file)
        mime = content_mime(content, size=file.size, sha256=file.sha256)
    except FileRefused as refusal:
        raise ItemRefused(f"file: {refusal}") from None
    return FileContent(content=content, name=file.name, mime=mime)


def _check_url(work: Work, url: str) -> None:
    try:
        url_checked(url, hosts=work.node.file_hosts)
    except FileRefused as refusal:
        raise ItemRefused(f"file.{refusal}") from None


def _facts(work: Work, item: DocumentItem) -> ReceivedFacts:
    entity_id = work.known(ExternalKind.LEGAL_ENTITY, item.counterparty_ref)
    if entity_id is None:
        raise ItemWaits(
            f"контрагент {item.counterparty_ref} не сопоставлен с юрлицом",
            kind=ExternalKind.LEGAL_ENTITY,
            ref=item.counterparty_ref,
        )
    return ReceivedFacts(
        kind=ReceivedKind(item.type),
        number=item.number,
        date=item.date,
        total=item.sum,
        currency=item.currency,
        legal_entity_id=entity_id,
        contract_id=work.known(ExternalKind.CONTRACT, item.contract_ref),
        is_deleted=item.deleted,
        as_of=item.as_of or work.formed_at or work.at,
    )


def _edo(told: DocumentEdo) -> EdoTold:
    signatures = tuple(
        EdoSignature(name=one.name, certificate=one.certificate, until=one.until) for one in told.signatures
    )
    report = EdoReport(EdoStatus(told.status), told.at, reason=told.reason, signatures=signatures)
    return EdoTold(operator=told.operator, message_id=told.message_id, report=report)


def _file_take(
    work: Work, document: ReceivedDocument, file: DocumentFile, content: FileContent | None
) -> None:
    if content is not None:
        received_file_keep(document_id=document.pk, content=content, at=work.at)
        return
    if received_file_await(document_id=document.pk, sha256=file.sha256):
        job = FetchFile(
            node_id=work.node.pk,
            document_id=document.pk,
            url=file.url or "",
            sha256=file.sha256,
            size=file.size,
            name=file.name,
        )
        key = f"{document.pk}:{file.sha256}:{work.at.timestamp()}"
        enqueue(paper_file_fetch, job, key=key)
