"""Scans of papers that the client has signed."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from counterparties.actor import AccessDenied, Actor
from documents.models import Document, ReceivedDocument, SignedCopy
from documents.readers import require_reader
from documents.services.states import document_step
from documents.states import IN_FORCE, DocumentKind, DocumentState
from portal.files.models import StoredFile
from portal.files.scans import Scan, ScanRefused, scan_read
from portal.files.services import store

MOST_COPIES = 10


class CopyRefused(Exception):
    """The file is not kept; the message tells why."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a person has sent it."""

    name: str
    content: bytes


def signed_copy_add(
    *, uid: UUID, upload: Upload, actor: Actor, at: datetime, is_from_erp: bool = False
) -> SignedCopy:
    """Keep a scan of a paper with the client's signature; the same bytes again are the same copy.

    One of ours that is in force becomes signed; an act is signed elsewhere, by who may bind the firm.
    Raises AccessDenied, Document.DoesNotExist or ReceivedDocument.DoesNotExist (not there or somebody
    else's), CopyRefused.
    """
    if actor.user_id is None or actor.is_read_only:
        raise AccessDenied("Подписанные экземпляры загружает сам сотрудник")
    require_reader(actor)
    scan = _looked_through(upload)  # before the transaction
    return _kept(uid, scan, actor=actor, user_id=actor.user_id, at=at, is_from_erp=is_from_erp)


@transaction.atomic
def _kept(
    uid: UUID, scan: Scan, *, actor: Actor, user_id: int, at: datetime, is_from_erp: bool
) -> SignedCopy:
    paper = _locked(uid, actor, is_from_erp=is_from_erp)
    if isinstance(paper, Document) and paper.kind == DocumentKind.ACT:
        raise CopyRefused("Подписанный акт сверки загружают на его странице.")
    of_paper = Q(received=paper.pk) if isinstance(paper, ReceivedDocument) else Q(document=paper.pk)
    file = store(
        content=scan.content,
        name=scan.name,
        mime=scan.mime,
        source="signed copy",
        created_by_id=user_id,
    )
    copies = SignedCopy.objects.filter(of_paper)
    known = copies.filter(file=file).first()
    if known is not None:
        return known
    if copies.count() >= MOST_COPIES:
        raise CopyRefused(f"К документу уже загружено {MOST_COPIES} файлов, больше нельзя.")
    copy = SignedCopy.objects.create(
        document=paper if isinstance(paper, Document) else None,
        received=paper if isinstance(paper, ReceivedDocument) else None,
        file=file,
        name=scan.name,
        uploaded_by_id=user_id,
        impersonator_id=actor.impersonator_id,
        uploaded_at=at,
    )
    if isinstance(paper, Document) and paper.state in IN_FORCE:
        document_step(document_id=paper.pk, target=DocumentState.SIGNED)
    return copy


def _looked_through(upload: Upload) -> Scan:
    """The same look as at any scan: bytes, antivirus, scripts, pages. Slow. Raises CopyRefused."""
    try:
        return scan_read(BytesIO(upload.content), name=upload.name)
    except ScanRefused as refusal:
        raise CopyRefused(str(refusal)) from refusal


def _locked(uid: UUID, actor: Actor, *, is_from_erp: bool) -> Document | ReceivedDocument:
    if is_from_erp:
        received = ReceivedDocument.objects.visible_to(actor).in_force()
        pk = received.values_list("pk", flat=True).get(uid=uid)
        return ReceivedDocument.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)
    pk = Document.objects.visible_to(actor).values_list("pk", flat=True).get(uid=uid)
    return Document.objects.select_for_update(of=("self",), no_key=True).defer("payload").get(pk=pk)


def copy_of(copy_id: int, paper: Document | ReceivedDocument) -> tuple[SignedCopy, StoredFile]:
    """A copy of this very paper. Raises SignedCopy.DoesNotExist."""
    copies = SignedCopy.objects.select_related("file")
    if isinstance(paper, Document):
        copy = copies.get(pk=copy_id, document=paper)
    else:
        copy = copies.get(pk=copy_id, received=paper)
    return copy, copy.file
