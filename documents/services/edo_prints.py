"""Prints of papers whose originals went by ЭДО: the same page with the operator's box on it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from documents.layout.forms import paper_pdf, payload_type
from documents.models import Document, DocumentFile, EdoMessage
from documents.payloads.codec import from_json
from documents.payloads.transfer import OperatorStamp
from documents.selectors.edo import signature_words
from documents.states import DocumentKind, EdoStatus, FileRole
from portal.files.services import store
from portal.files.serving import safe_name


def edo_print_keep(
    *,
    message_id: int,
    at: datetime,
    finishing: Callable[[], AbstractContextManager[None]] = transaction.atomic,
) -> None:
    """Lay out a signed paper with the operator's mark and keep the file beside it; once for a paper.

    The issued page itself never changes. Raises EdoMessage.DoesNotExist, PdfFailed.
    """
    message = EdoMessage.objects.select_related("document").get(pk=message_id)
    document = message.document
    if document is None or message.status != EdoStatus.SIGNED or _is_kept(document):
        return
    kind = DocumentKind(document.kind)
    payload = from_json(payload_type(kind), document.payload)
    content = paper_pdf(kind, replace(payload, stamp=_stamp(message)))
    with finishing():
        Document.objects.select_for_update(of=("self",)).only("pk").get(pk=document.pk)
        if _is_kept(document):  # another worker was quicker
            return
        name = safe_name(f"{document}, подписан в ЭДО.pdf")
        file = store(content=content, name=name, mime="application/pdf", source="portal")
        DocumentFile.objects.create(document=document, role=FileRole.PRINT, name=name, file=file, added_at=at)


def _is_kept(document: Document) -> bool:
    return document.files.filter(role=FileRole.PRINT).exists()


def _stamp(message: EdoMessage) -> OperatorStamp:
    return OperatorStamp(
        operator=message.operator,
        message_id=message.message_id,
        signatures=tuple(map(signature_words, message.signatures)),
    )
