"""Scans of papers that the client has signed: kept, and returned where they are no good."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notice_send
from counterparties.actor import AccessDenied, Actor
from counterparties.selectors.reaching import people_reaching
from documents.english import paper_said
from documents.models import Document, ReceivedDocument, SignedCopy
from documents.readers import keeps_signed_copies, require_reader
from documents.services.states import document_step
from documents.states import IN_FORCE, DocumentKind, DocumentState, EdoStatus, ReceivedKind
from portal.files.models import StoredFile
from portal.files.scans import Scan, ScanRefused, scan_read
from portal.files.services import store
from portal.lib.dates import moscow_date
from portal.lib.said import as_it_is, said

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

    One of ours that is in force becomes signed; an act is signed elsewhere. Only who may sign for the firm
    sends one, or the seller's employee who has got it by post.

    Raises AccessDenied, Document.DoesNotExist or ReceivedDocument.DoesNotExist (not there or somebody
    else's), CopyRefused.
    """
    if actor.user_id is None or actor.is_read_only:
        raise AccessDenied("Подписанные экземпляры загружает сам сотрудник")
    require_reader(actor)
    if actor.is_client:
        actor.require(Permission.DOCUMENT_SIGN)
    scan = _looked_through(upload)  # before the transaction
    return _kept(uid, scan, actor=actor, user_id=actor.user_id, at=at, is_from_erp=is_from_erp)


@transaction.atomic
def _kept(
    uid: UUID, scan: Scan, *, actor: Actor, user_id: int, at: datetime, is_from_erp: bool
) -> SignedCopy:
    paper = _locked(uid, actor, is_from_erp=is_from_erp)
    if not keeps_signed_copies(actor, paper.legal_entity):
        raise AccessDenied(Permission.DOCUMENT_SIGN.label)
    if is_act(paper):
        raise CopyRefused("Подписанный акт сверки загружают на его странице в разделе актов.")
    file = store(
        content=scan.content,
        name=scan.name,
        mime=scan.mime,
        source="signed copy",
        created_by_id=user_id,
    )
    copies = SignedCopy.objects.filter(_of(paper), returned_at=None)
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


@transaction.atomic
def signed_copy_return(
    *, uid: UUID, copy_id: int, reason: str, actor: Actor, at: datetime, is_from_erp: bool = False
) -> SignedCopy:
    """Staff: return a copy that is no good with the reason; the firm's signers hear of it.

    It stays to be looked at but counts no more: a paper of ours that nothing else has signed is unsigned
    again. One that is returned already stays so. Raises AccessDenied, Document.DoesNotExist or
    ReceivedDocument.DoesNotExist (not there or somebody else's), SignedCopy.DoesNotExist.
    """
    actor.require(Permission.CLIENT_SERVE)
    paper = _locked(uid, actor, is_from_erp=is_from_erp)
    copies = SignedCopy.objects.filter(_of(paper))
    copy = copies.get(pk=copy_id)
    if copy.returned_at is not None:
        return copy
    copy.returned_at, copy.returned_by_id, copy.return_reason = at, actor.user_id, reason
    copy.save(update_fields=["returned_at", "returned_by", "return_reason"])
    if isinstance(paper, Document) and paper.state == DocumentState.SIGNED and not _is_signed(paper):
        document_step(document_id=paper.pk, target=DocumentState.ISSUED)
    _return_tell(paper, copy, at=at)
    return copy


def _is_signed(paper: Document) -> bool:
    """Whether a copy that counts, or the operator, tells so."""
    copies = paper.signed_copies.filter(returned_at=None)
    return copies.exists() or paper.edo_messages.filter(status=EdoStatus.SIGNED).exists()


def is_act(paper: Document | ReceivedDocument) -> bool:
    """Whether it is an акт сверки, ours or of 1C, which is signed on a page of its own."""
    return paper.kind in (DocumentKind.ACT, ReceivedKind.ACT)


def _return_tell(paper: Document | ReceivedDocument, copy: SignedCopy, *, at: datetime) -> None:
    day, entity_id = moscow_date(at), paper.legal_entity_id
    people = people_reaching(permission=Permission.DOCUMENT_SIGN, legal_entity_ids=[entity_id], on=day)
    page = "documents:received_detail" if isinstance(paper, ReceivedDocument) else "documents:detail"
    notice_send(
        user_ids=people[entity_id],
        kind=NoticeKind.PAPERS_OWED,
        reference=f"signed_copy:{copy.pk}",
        day=day,
        title=said(
            _("Подписанный экземпляр возвращен: {paper}"),
            "A signed copy is returned: {paper}",
            paper=paper_said(paper),
        ),
        text=as_it_is(copy.return_reason),
        address=reverse(page, args=[paper.uid]),
        at=at,
    )


def _of(paper: Document | ReceivedDocument) -> Q:
    return Q(received=paper.pk) if isinstance(paper, ReceivedDocument) else Q(document=paper.pk)


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
        locked = ReceivedDocument.objects.select_for_update(of=("self",), no_key=True)
        return locked.select_related("legal_entity").get(pk=pk)
    pk = Document.objects.visible_to(actor).values_list("pk", flat=True).get(uid=uid)
    rows = Document.objects.select_for_update(of=("self",), no_key=True).select_related("legal_entity")
    return rows.defer("payload").get(pk=pk)


def copy_of(copy_id: int, paper: Document | ReceivedDocument) -> tuple[SignedCopy, StoredFile]:
    """A copy of this very paper. Raises SignedCopy.DoesNotExist."""
    copies = SignedCopy.objects.select_related("file")
    if isinstance(paper, Document):
        copy = copies.get(pk=copy_id, document=paper)
    else:
        copy = copies.get(pk=copy_id, received=paper)
    return copy, copy.file
