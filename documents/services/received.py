"""Papers of 1C written down as it tells of them, and their files kept version by version."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from documents.events import OriginalCame
from documents.models import ReceivedDocument, ReceivedFile
from documents.states import ReceivedKind
from portal import outbox
from portal.files.services import store

_SOURCE = "1c"
OF_SHIPMENT = frozenset({ReceivedKind.SHIPMENT, ReceivedKind.UPD, ReceivedKind.FACTURA})
"""Papers that a client waits for once goods have left."""


@dataclass(frozen=True, slots=True)
class ReceivedFacts:
    """What 1C says of a paper; the sum with VAT."""

    kind: ReceivedKind
    number: str
    date: date | None
    total: Decimal | None
    currency: str
    legal_entity_id: int
    contract_id: int | None
    is_deleted: bool
    as_of: datetime


@dataclass(frozen=True, slots=True)
class FileContent:
    """Bytes of which it has been made sure what they are."""

    content: bytes
    name: str
    mime: str


@transaction.atomic
def received_note(*, document_id: int | None, facts: ReceivedFacts, at: datetime) -> ReceivedDocument:
    """Write a paper down; without an id a new one. Older facts change nothing. Idempotent.

    Raises ReceivedDocument.DoesNotExist.
    """
    if document_id is None:
        told = {name: getattr(facts, name) for name in facts.__slots__}
        return ReceivedDocument.objects.create(**told, received_at=at)
    document = ReceivedDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    if facts.as_of < document.as_of:
        return document
    changed = [name for name in facts.__slots__ if getattr(document, name) != getattr(facts, name)]
    for name in changed:
        setattr(document, name, getattr(facts, name))
    if changed:
        document.save(update_fields=changed)
    return document


@transaction.atomic
def received_link(*, document_id: int, part_ids: Collection[int]) -> None:
    """The parts of orders that a paper belongs to, and no others. Raises ReceivedDocument.DoesNotExist."""
    document = ReceivedDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    document.parts.set(part_ids)


@transaction.atomic
def received_link_add(*, document_id: int, part_id: int) -> None:
    """One more part of an order that a paper belongs to. Idempotent. Raises ReceivedDocument.DoesNotExist."""
    document = ReceivedDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    document.parts.add(part_id)


@transaction.atomic
def received_file_keep(*, document_id: int, content: FileContent, at: datetime) -> ReceivedDocument:
    """Make a file the paper's newest one; the same bytes as now are no new version.

    The first file of a paper of a shipment is news for the client.

    Raises ReceivedDocument.DoesNotExist.
    """
    document = ReceivedDocument.objects.select_for_update(of=("self",)).get(pk=document_id)
    file = store(content=content.content, name=content.name, mime=content.mime, source=_SOURCE)
    if document.file_id != file.pk:
        last = document.files.order_by("-version").values_list("version", flat=True).first() or 0
        ReceivedFile.objects.create(document=document, version=last + 1, file=file, received_at=at)
        if not last and document.kind in OF_SHIPMENT:
            outbox.publish(OriginalCame(document_id=document.pk))
    document.file, document.awaited_sha256, document.file_fault = file, "", ""
    document.save(update_fields=["file", "awaited_sha256", "file_fault"])
    return document


@transaction.atomic
def received_file_await(*, document_id: int, sha256: str) -> bool:
    """A file is to be fetched; tell whether it is not the one that is here already."""
    document = (
        ReceivedDocument.objects.select_related("file").select_for_update(of=("self",)).get(pk=document_id)
    )
    if document.file is not None and document.file.sha256 == sha256:
        return False
    document.awaited_sha256, document.file_fault = sha256, ""
    document.save(update_fields=["awaited_sha256", "file_fault"])
    return True


def received_file_fault(*, document_id: int, sha256: str, reason: str) -> bool:
    """Note why an awaited file will not come; one that is awaited no more is nobody's business."""
    awaiting = ReceivedDocument.objects.filter(pk=document_id, awaited_sha256=sha256)
    return bool(awaiting.update(awaited_sha256="", file_fault=reason[:300]))
