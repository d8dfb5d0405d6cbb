"""Handing papers over, and noting who took them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from counterparties.actor import Actor
from documents.models import Document, DocumentDownload, DocumentFile, ReceivedDocument, ReceivedFile
from documents.readers import reading_person
from documents.selectors.edo import stored_exchange_name
from portal.files.models import StoredFile
from portal.files.sniffing import extension


@transaction.atomic
def document_fetch(*, uid: UUID, actor: Actor, at: datetime) -> Document:
    """Hand over a paper the actor may see and note who took it.

    Raises AccessDenied and Document.DoesNotExist (not there or somebody else's).
    """
    user_id = reading_person(actor)
    document = Document.objects.visible_to(actor).select_related("file").defer("payload").get(uid=uid)
    DocumentDownload.objects.create(
        document=document, user_id=user_id, impersonator_id=actor.impersonator_id, at=at
    )
    return document


@transaction.atomic
def received_fetch(*, uid: UUID, actor: Actor, at: datetime) -> tuple[ReceivedDocument, StoredFile]:
    """The same for a paper of 1C: the newest of its files.

    Raises AccessDenied and ReceivedDocument.DoesNotExist (not there, somebody else's, marked for
    deletion in 1C or without a file yet).
    """
    document = received_open(uid=uid, actor=actor, at=at)
    if document.file is None:
        raise ReceivedDocument.DoesNotExist
    return document, document.file


@transaction.atomic
def received_open(*, uid: UUID, actor: Actor, at: datetime) -> ReceivedDocument:
    """A paper of 1C of which something is fetched, with or without a file of its own. Raises as above."""
    user_id = reading_person(actor)
    papers = ReceivedDocument.objects.visible_to(actor).in_force().select_related("file")
    document = papers.get(uid=uid)
    DocumentDownload.objects.create(
        received=document, user_id=user_id, impersonator_id=actor.impersonator_id, at=at
    )
    return document


def beside_of(document: Document, file_id: int) -> DocumentFile:
    """A file beside the page of this very paper. Raises DocumentFile.DoesNotExist."""
    return document.files.select_related("file").get(pk=file_id)


def version_of(received: ReceivedDocument, version: int) -> ReceivedFile:
    """An older file of a paper of 1C. Raises ReceivedFile.DoesNotExist."""
    return received.files.select_related("file").get(version=version)


def received_file_name(document: ReceivedDocument, file: StoredFile) -> str:
    """«УПД № 17 от 20.11.2026.pdf»; an exchange file keeps the name that its format prescribes."""
    if own := stored_exchange_name(file):
        return own
    return f"{document}.{extension(file.mime)}"
