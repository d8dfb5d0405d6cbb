"""One paper with all that its page tells: facts, versions, files, ЭДО, copies, who fetched it."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.urls import reverse

from accounts.permissions import Permission
from counterparties.actor import Actor
from documents.models import (
    Document,
    DocumentDownload,
    DocumentFile,
    EdoMessage,
    ReceivedDocument,
    ReceivedFile,
    SignedCopy,
)
from documents.selectors.retention import retention_until, years_kept
from documents.selectors.rows import DocumentRow, issued_row, received_row
from documents.selectors.shipped import SHIPMENT, paper_reference
from documents.states import IN_FORCE, DocumentKind
from orders.models import ErpDocument, Order, OrderPart, order_id_of
from orders.states import ErpDocumentKind
from portal.files.papers import XML

_CORRECTED = (DocumentKind.UPD, DocumentKind.FACTURA)
_MOST_DOWNLOADS = 50
_MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperCard:
    """A paper, ours (`document`) or of 1C (`received`); downloads are told to staff only.

    `versions` are papers of the same kind for the same thing: исправления, the replaced, the cancelled.
    """

    row: DocumentRow
    kind: str
    number: str
    kept_until: date | None
    date: date | None
    firm: str
    organization: str
    contract: str
    orders: tuple[Order, ...]
    document: Document | None = None
    received: ReceivedDocument | None = None
    versions: tuple[DocumentRow, ...] = ()
    files: tuple[DocumentFile, ...] = ()
    received_files: tuple[ReceivedFile, ...] = ()
    copies: tuple[SignedCopy, ...] = ()
    messages: tuple[EdoMessage, ...] = ()
    downloads: tuple[DocumentDownload, ...] = ()

    @property
    def address(self) -> str:
        """Where its file, and with `?copy=` a signed copy, is fetched."""
        name = "documents:received" if self.row.is_from_erp else "documents:download"
        return reverse(name, args=[self.row.uid])


def issued_card(*, uid: UUID, actor: Actor) -> PaperCard:
    """A paper of ours; nine queries at most. Raises Document.DoesNotExist (not there or not visible)."""
    document = (
        Document.objects.visible_to(actor)
        .select_related("legal_entity", "organization", "contract", "file", "replaces", "act")
        .defer("payload")
        .annotate(years_kept=years_kept())
        .get(uid=uid)
    )
    same = Document.objects.visible_to(actor).filter(kind=document.kind, reference=document.reference)
    versions = same.exclude(pk=document.pk).defer("payload").order_by("-issued_at", "-pk")
    return PaperCard(
        row=issued_row(document),
        kind=document.get_kind_display(),
        number=document.number_print,
        date=document.date,
        firm=document.legal_entity.name,
        organization=document.organization.name,
        contract=str(document.contract) if document.contract else "",
        orders=_orders(actor, _order_ids(document)),
        kept_until=retention_until(document.date, document.years_kept),  # type: ignore[attr-defined]  # annotated
        document=document,
        versions=tuple(issued_row(one) for one in versions[:_MOST_VERSIONS]),
        files=tuple(document.files.select_related("file").order_by("pk")),
        copies=tuple(document.signed_copies.select_related("file", "uploaded_by").order_by("pk")),
        messages=tuple(document.edo_messages.order_by("pk")),
        downloads=_downloads(actor, document=document.pk),
    )


def received_card(*, uid: UUID, actor: Actor) -> PaperCard:
    """A paper of 1C. Raises ReceivedDocument.DoesNotExist (not there, not visible, deleted in 1C)."""
    papers = ReceivedDocument.objects.visible_to(actor).in_force()
    related = papers.select_related("legal_entity", "contract__organization", "file")
    received = related.annotate(years_kept=years_kept()).get(uid=uid)
    parts = OrderPart.objects.filter(received_documents=received)
    orders = _orders(actor, set(parts.values_list("order_id", flat=True)))
    named = received.contract.organization.name if received.contract else ""
    is_xml = received.file is not None and received.file.mime == XML
    return PaperCard(
        row=replace(received_row(received), has_xml=is_xml),
        kind=received.get_kind_display(),
        number=received.number,
        date=received.date,
        firm=received.legal_entity.name,
        organization=named or next((order.organization.name for order in orders), ""),
        contract=str(received.contract) if received.contract else "",
        orders=orders,
        kept_until=retention_until(received.date, received.years_kept),  # type: ignore[attr-defined]  # annotated
        received=received,
        received_files=tuple(received.files.select_related("file").order_by("-version")),
        copies=tuple(received.signed_copies.select_related("file", "uploaded_by").order_by("pk")),
        messages=tuple(received.edo_messages.order_by("pk")),
        downloads=_downloads(actor, received=received.pk),
    )


def is_correctable(document: Document) -> bool:
    """Whether an исправление or a УКД may be made of it; a УКД is followed by another one to the same УПД."""
    is_of_shipment = document.reference.startswith(SHIPMENT) and document.kind != DocumentKind.CORRECTION
    return is_of_shipment and document.state in IN_FORCE


def returns_to_correct(document: Document) -> list[ErpDocument]:
    """Returns of 1C that the paper may be corrected by and is not yet; three queries.

    Of several papers of a part the newest one is corrected.
    """
    if document.kind not in _CORRECTED or document.state not in IN_FORCE:
        return []
    parts = document.parts.all()
    same = Document.objects.filter(parts__in=parts, kind__in=_CORRECTED, state__in=IN_FORCE)
    if same.order_by("-date", "-pk").values_list("pk", flat=True).first() != document.pk:
        return []
    papers = ErpDocument.objects.filter(part__in=parts, kind=ErpDocumentKind.RETURN, is_deleted=False)
    returns = list(papers.order_by("date", "pk"))
    made = Document.objects.filter(
        kind=DocumentKind.CORRECTION,
        reference__in=[paper_reference(paper) for paper in returns],
        state__in=IN_FORCE,
    )
    corrected = set(made.values_list("reference", flat=True))
    return [paper for paper in returns if paper_reference(paper) not in corrected]


def is_renewable(document: Document) -> bool:
    """Whether an invoice may be issued anew in its place."""
    return document.kind == DocumentKind.INVOICE and document.state in IN_FORCE


def _order_ids(document: Document) -> set[int]:
    if document.reference.startswith("order:"):
        return {order_id_of(document.reference)}
    return set(document.parts.values_list("order_id", flat=True))


def _orders(actor: Actor, ids: set[int]) -> tuple[Order, ...]:
    orders = Order.objects.visible_to(actor).filter(pk__in=ids).select_related("organization")
    return tuple(orders.order_by("pk"))


def _downloads(actor: Actor, **paper: int) -> tuple[DocumentDownload, ...]:
    if not actor.can(Permission.CLIENT_SERVE):
        return ()
    downloads = DocumentDownload.objects.filter(**paper).select_related("user", "impersonator")
    return tuple(downloads.order_by("-at", "-pk")[:_MOST_DOWNLOADS])
