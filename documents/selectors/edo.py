"""Exchange files of papers, and what operators say of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import IntegerField, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from counterparties.actor import Actor
from documents.edo.act501 import act_xml
from documents.edo.files import EdoFile
from documents.edo.reading import exchange_name
from documents.edo.upd503 import upd_xml
from documents.models import Document, DocumentFile, EdoMessage, ReceivedDocument
from documents.payloads.act import ActPayload
from documents.payloads.codec import from_json
from documents.payloads.transfer import TransferPayload
from documents.readers import require_reader
from documents.selectors.rows import DocumentRow
from documents.states import XML_KINDS, DocumentKind, EdoStatus, FileRole
from portal.files.models import StoredFile
from portal.files.papers import XML
from portal.files.serving import FileDamaged, open_file


@dataclass(frozen=True, slots=True)
class EdoNote:
    """What an operator said last of a paper; the reason stands where he refused."""

    operator: str
    status: str
    label: str
    reason: str
    at: datetime
    signatures: tuple[str, ...] = ()

    @property
    def is_bad(self) -> bool:
        return self.status in (EdoStatus.REJECTED, EdoStatus.CORRECTION_REQUESTED, EdoStatus.REVOKED)


def edo_marked(rows: Iterable[DocumentRow]) -> list[DocumentRow]:
    """The same rows with their exchange file and the operator's last word; one query, or none."""
    kept = list(rows)
    uids = [row.uid for row in kept]
    if not uids:
        return kept
    number = Value(0, IntegerField())
    xml, nothing = Value("xml"), Value("")
    files = DocumentFile.objects.filter(document__uid__in=uids, role=FileRole.XML)
    received = ReceivedDocument.objects.filter(uid__in=uids, file__mime=XML)
    messages = EdoMessage.objects.filter(document__uid__in=uids) | EdoMessage.objects.filter(
        received__uid__in=uids
    )
    told = files.values_list("document__uid", number, xml, nothing).union(
        received.values_list("uid", number, xml, nothing),
        messages.values_list(Coalesce("document__uid", "received__uid"), "pk", "status", "reason"),
        all=True,
    )
    has_xml: set[UUID] = set()
    newest: dict[UUID, tuple[int, str, str]] = {}
    for uid, pk, status, reason in told:
        if not pk:
            has_xml.add(uid)
        elif uid not in newest or newest[uid][0] < pk:
            newest[uid] = (pk, status, reason)
    return [
        replace(row, has_xml=row.has_xml or row.uid in has_xml, edo=_words(newest.get(row.uid)))
        for row in kept
    ]


def edo_notes(*, document: Document | None = None, received: ReceivedDocument | None = None) -> list[EdoNote]:
    """Everything operators said of a paper, the newest first; one query."""
    messages = EdoMessage.objects.filter(document=document, received=received).order_by("-created_at", "-pk")
    return [
        EdoNote(
            operator=message.operator,
            status=message.status,
            label=status_words(message.status),
            reason=message.reason,
            at=message.status_at,
            signatures=tuple(map(signature_words, message.signatures)),
        )
        for message in messages
    ]


def status_words(status: str) -> str:
    """«Подписан»; what nobody has taken yet waits."""
    return _("Ждет отправки") if status == EdoStatus.DRAFT else str(EdoStatus(status).label)


def signature_words(told: dict[str, str]) -> str:
    """«Иванов Иван Иванович, сертификат 01AB…, действует до 12.01.2027»."""
    words = [told.get("name", "")]
    if told.get("certificate"):
        words.append(f"сертификат {told['certificate']}")
    if told.get("until"):
        words.append(f"действует до {told['until']}")
    return ", ".join(word for word in words if word)


def edo_document(*, uid: UUID, actor: Actor) -> Document:
    """A paper of ours that may have an exchange file.

    Raises AccessDenied and Document.DoesNotExist (not there, somebody else's or of another kind).
    """
    require_reader(actor)
    papers = Document.objects.visible_to(actor).filter(kind__in=XML_KINDS)
    return papers.select_related("organization", "legal_entity", "replaces").get(uid=uid)


def edo_received(*, uid: UUID, actor: Actor) -> ReceivedDocument:
    """A paper of 1C whose file is XML. Raises AccessDenied and ReceivedDocument.DoesNotExist."""
    require_reader(actor)
    papers = ReceivedDocument.objects.visible_to(actor).in_force().filter(file__mime=XML)
    return papers.select_related("file", "legal_entity").get(uid=uid)


def document_xml_file(document: Document) -> DocumentFile | None:
    """The exchange file that was kept when the paper was sent."""
    return document.files.filter(role=FileRole.XML).select_related("file").first()


def document_xml(document: Document) -> EdoFile:
    """The exchange file of a paper: the one that was kept, else built anew, always with the same bytes.

    Raises EdoInvalid and FileDamaged.
    """
    kept = document_xml_file(document)
    if kept is not None:
        return EdoFile(name=kept.name, content=stored_bytes(kept.file))
    sender, receiver = participants(document)
    sides = {
        "sender_id": sender or _stand_in(document.organization.inn, document.organization.kpp),
        "receiver_id": receiver or _stand_in(document.legal_entity.inn, document.legal_entity.kpp),
    }
    if document.kind == DocumentKind.ACT:
        act = from_json(ActPayload, document.payload)
        return act_xml(act, guid=document.uid, at=document.issued_at, **sides)
    payload = from_json(TransferPayload, document.payload)
    return upd_xml(
        payload, guid=document.uid, at=document.issued_at, corrects=_corrected_name(document), **sides
    )


def participants(document: Document) -> tuple[str, str]:
    """Identifiers of ЭДО of both sides: as frozen in the paper, else as they are known now."""
    seller, buyer = (document.payload.get(side) or {} for side in ("seller", "buyer"))
    return (
        seller.get("edo_id") or document.organization.edo_id,
        buyer.get("edo_id") or document.legal_entity.edo_id,
    )


def stored_bytes(file: StoredFile) -> bytes:
    """Raises FileDamaged."""
    with open_file(file) as stored:
        content: bytes = stored.read()
    return content


def stored_exchange_name(file: StoredFile) -> str:
    """How an exchange file that has come is to be called; empty for others and where it tells nothing."""
    if file.mime != XML:
        return ""
    try:
        return exchange_name(stored_bytes(file))
    except FileDamaged:
        return ""


def _corrected_name(document: Document) -> str:
    """ИдФайл of the paper that an исправление corrects, where it was sent."""
    if document.replaces is None or not document.revision:
        return ""
    kept = document_xml_file(document.replaces)
    return kept.name.removesuffix(".xml") if kept else ""


def _stand_in(inn: str, kpp: str) -> str:
    """For a file that is only downloaded: who has no operator is named by what he has."""
    return f"{inn}-{kpp}" if kpp else inn


def _words(told: tuple[int, str, str] | None) -> str:
    """«ЭДО: подписан», «ЭДО: отклонен, неверная цена»."""
    if told is None:
        return ""
    _number, status, reason = told
    label = status_words(status).lower()
    return f"ЭДО: {label}, {reason}" if reason else f"ЭДО: {label}"
