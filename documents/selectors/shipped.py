"""What is known of a shipment of 1C for its papers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from counterparties.models import (
    LegalEntityBankAccount,
    OrganizationBankAccount,
    OrganizationSigner,
)
from documents.selectors.issued import signers_of_organization
from finance.models import LedgerEntry
from finance.states import LedgerKind
from orders.models import ErpDocument, ErpDocumentLine, Order, ShipmentRequest
from orders.states import ErpDocumentKind, ShipmentRequestState

_GIVEN_UP = (ShipmentRequestState.REJECTED, ShipmentRequestState.CANCELLED, ShipmentRequestState.DRAFT)
SHIPMENT, RETURN = "shipment:", "return:"
"""How references to a shipment and a return of 1C begin."""
_CHANGE = "change-of-"


@dataclass(frozen=True, slots=True)
class Advance:
    """Money that came for the part before it was shipped."""

    number: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Shipped:
    """A shipment (or a return) of 1C with its rows, and what stands around it.

    `request` is the client's newest request for goods of the same part: it tells the consignee, the
    carrier and the power of attorney.
    """

    paper: ErpDocument
    order: Order
    lines: tuple[ErpDocumentLine, ...]
    account: OrganizationBankAccount | None
    buyer_account: LegalEntityBankAccount | None
    signers: tuple[OrganizationSigner, ...]
    request: ShipmentRequest | None
    advances: tuple[Advance, ...]

    @property
    def reference(self) -> str:
        return paper_reference(self.paper)


def paper_reference(paper: ErpDocument) -> str:
    """Name a shipment or a return as papers do: `shipment:5`."""
    start = RETURN if paper.kind == ErpDocumentKind.RETURN else SHIPMENT
    return f"{start}{paper.pk}"


def change_reference(reference: str, number: int) -> str:
    """Name the second and later changes of a shipment: `change-of-shipment:5:2`."""
    return f"{_CHANGE}{reference}:{number}"


def change_number(reference: str) -> int:
    """Which change of a shipment a reference names: 1 is the shipment's own."""
    return int(reference.rpartition(":")[2]) if reference.startswith(_CHANGE) else 1


def is_change_of(shipment: str, reference: str) -> bool:
    """Whether a reference names a change of the shipment."""
    return reference == shipment or reference.startswith(f"{_CHANGE}{shipment}:")


def changes_of(shipment: str) -> Q:
    """Papers of a shipment, its later changes among them."""
    return Q(reference=shipment) | Q(reference__startswith=f"{_CHANGE}{shipment}:")


def shipped(paper_id: int) -> Shipped:
    """Eight queries. Raises ErpDocument.DoesNotExist."""
    papers = ErpDocument.objects.select_related(
        "part__warehouse",
        "part__order__organization",
        "part__order__legal_entity",
        "part__order__contract",
        "part__order__delivery_address",
    )
    paper = papers.get(pk=paper_id)
    order = paper.part.order
    lines = ErpDocumentLine.objects.filter(document=paper).select_related("sku__product__unit")
    accounts = OrganizationBankAccount.objects.filter(organization=order.organization_id)
    buyers = LegalEntityBankAccount.objects.filter(legal_entity=order.legal_entity_id)
    return Shipped(
        paper=paper,
        order=order,
        lines=tuple(lines.order_by("position")),
        account=accounts.filter(is_default=True).first(),
        buyer_account=buyers.order_by("-is_default", "pk").first(),
        signers=tuple(signers_of_organization(order.organization_id)),
        request=_request(paper),
        advances=_advances(paper),
    )


def _request(paper: ErpDocument) -> ShipmentRequest | None:
    requests = ShipmentRequest.objects.filter(lines__line__part=paper.part_id).exclude(state__in=_GIVEN_UP)
    return requests.select_related("consignee").order_by("-created_at", "-pk").first()


def _advances(paper: ErpDocument) -> tuple[Advance, ...]:
    """Payments of the part by the ledger, of earlier days than the shipment."""
    if paper.date is None:
        return ()
    entries = LedgerEntry.objects.filter(
        order_reference=paper.part.reference,
        kind=LedgerKind.PAYMENT,
        credit__gt=0,
        reverses=None,
        reversed_by=None,
        business_date__lt=paper.date,
    ).exclude(document_number="")
    return tuple(
        Advance(entry.document_number, entry.document_date, entry.credit)
        for entry in entries.order_by("business_date", "pk")
    )
