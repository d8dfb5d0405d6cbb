"""Handing papers over, and noting who took them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from documents.models import Document, DocumentDownload, ReceivedDocument
from portal.files.models import StoredFile
from portal.files.sniffing import extension


@transaction.atomic
def document_fetch(*, uid: UUID, actor: Actor, at: datetime) -> Document:
    """Hand over a paper the actor may see and note who took it.

    Raises AccessDenied and Document.DoesNotExist (not there or somebody else's).
    """
    actor.require(Permission.DOCUMENT_VIEW)
    if actor.user_id is None:
        raise AccessDenied("Документы получают только люди")
    document = Document.objects.visible_to(actor).select_related("file").defer("payload").get(uid=uid)
    DocumentDownload.objects.create(
        document=document, user_id=actor.user_id, impersonator_id=actor.impersonator_id, at=at
    )
    return document


@transaction.atomic
def received_fetch(*, uid: UUID, actor: Actor, at: datetime) -> tuple[ReceivedDocument, StoredFile]:
    """The same for a paper of 1C: the newest of its files.

    Raises AccessDenied and ReceivedDocument.DoesNotExist (not there, somebody else's, marked for
    deletion in 1C or without a file yet).
    """
    if not (actor.can(Permission.DOCUMENT_VIEW) or actor.can(Permission.FINANCE_VIEW)):
        raise AccessDenied(Permission.DOCUMENT_VIEW.label)
    if actor.user_id is None:
        raise AccessDenied("Документы получают только люди")
    papers = ReceivedDocument.objects.visible_to(actor).in_force().select_related("file")
    document = papers.get(uid=uid)
    if document.file is None:
        raise ReceivedDocument.DoesNotExist
    DocumentDownload.objects.create(
        received=document, user_id=actor.user_id, impersonator_id=actor.impersonator_id, at=at
    )
    return document, document.file


def received_file_name(document: ReceivedDocument, file: StoredFile) -> str:
    """«УПД № 17 от 20.11.2026.pdf»."""
    return f"{document}.{extension(file.mime)}"
