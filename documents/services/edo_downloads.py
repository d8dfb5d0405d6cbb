"""Handing exchange files over, and noting who took them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from counterparties.actor import AccessDenied, Actor
from documents.models import Document, DocumentDownload
from documents.selectors.edo import document_xml, document_xml_file, edo_document, edo_received
from documents.services.downloads import received_file_name
from portal.files.models import StoredFile


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is kept, or the bytes of one that is not."""

    name: str
    stored: StoredFile | None = None
    content: bytes = b""


@transaction.atomic
def edo_fetch(*, uid: UUID, actor: Actor, at: datetime) -> Fetched:
    """Hand over the exchange file of a paper, ours or of 1C, and note who took it.

    Raises AccessDenied, ReceivedDocument.DoesNotExist (no such paper of either, or not visible to the
    actor), EdoInvalid and FileDamaged.
    """
    if actor.user_id is None:
        raise AccessDenied("Документы получают только люди")
    who = {"user_id": actor.user_id, "impersonator_id": actor.impersonator_id, "at": at}
    try:
        document = edo_document(uid=uid, actor=actor)
    except Document.DoesNotExist:
        received = edo_received(uid=uid, actor=actor)
        DocumentDownload.objects.create(received=received, **who)
        assert received.file is not None  # noqa: S101 - the selector finds those with XML only
        return Fetched(name=received_file_name(received, received.file), stored=received.file)
    kept = document_xml_file(document)
    if kept is not None:
        DocumentDownload.objects.create(document=document, **who)
        return Fetched(name=kept.name, stored=kept.file)
    made = document_xml(document)
    DocumentDownload.objects.create(document=document, **who)
    return Fetched(name=made.name, content=made.content)
