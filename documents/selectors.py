"""Reads of papers and of whom they are sent to."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from counterparties.actor import Actor
from counterparties.models import OrganizationBankAccount
from counterparties.permissions import ReadyRole
from counterparties.selectors import actor_of_membership, memberships_valid
from documents.models import Document
from documents.states import DocumentKind, DocumentState
from orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One paper in a list; money in RUB with VAT."""

    uid: UUID
    title: str
    state: str
    is_in_force: bool
    total: Decimal
    pay_until: date | None


def order_reference(order_id: int) -> str:
    """Spell the reference by which papers name an order."""
    return f"order:{order_id}"


def document_rows_for_order(*, order_id: int, actor: Actor) -> list[DocumentRow]:
    """Papers of an order that the actor may see, newest first; one query."""
    documents = Document.objects.visible_to(actor).filter(reference=order_reference(order_id))
    return [_row(document) for document in documents.defer("payload").order_by("-issued_at", "-pk")]


def documents_numbered(*, actor: Actor, number: str, most: int) -> list[DocumentRow]:
    """Papers visible to the actor whose number begins like this: the very number first, then the newest.

    One query.
    """
    documents = Document.objects.visible_to(actor).filter(number_print__istartswith=number)
    ordered = documents.annotate(is_very=Q(number_print__iexact=number)).order_by(
        "-is_very", "-issued_at", "-pk"
    )
    return [_row(document) for document in ordered.defer("payload")[:most]]


def _row(document: Document) -> DocumentRow:
    return DocumentRow(
        uid=document.uid,
        title=str(document),
        state=document.get_state_display(),
        is_in_force=document.state == DocumentState.ISSUED,
        total=document.total,
        pay_until=document.pay_until,
    )


def invoice_in_force(order_id: int) -> Document | None:
    """The one invoice of an order that is not cancelled."""
    return Document.objects.filter(
        kind=DocumentKind.INVOICE, reference=order_reference(order_id), state=DocumentState.ISSUED
    ).first()


def order_for_invoice(order_id: int) -> Order:
    """An order with what its invoice names. Raises Order.DoesNotExist."""
    return Order.objects.select_related("organization", "legal_entity", "contract").get(pk=order_id)


def order_lines_in_order(order: Order) -> list[OrderLine]:
    """Lines of all parts of an order as the client saw them."""
    return list(OrderLine.objects.filter(part__order=order).order_by("position", "part_id", "pk"))


def account_for_invoices(organization_id: int) -> OrganizationBankAccount | None:
    """The seller's default account."""
    return OrganizationBankAccount.objects.filter(organization_id=organization_id, is_default=True).first()


def invoice_recipients(*, document: Document, order: Order, on: date) -> list[str]:
    """Addresses a new invoice goes to: who ordered, the firm's box for papers, its accountants.

    Only people who may see the document on the date; each address once.
    """
    members = (
        memberships_valid(on)
        .filter(Q(role__code=ReadyRole.ACCOUNTANT) | Q(user_id=order.created_by_id))
        .filter(holding_id=order.holding_id, user__is_active=True)
        .select_related("user", "role")
        .order_by("user_id")
    )
    people = [
        member.user.email
        for member in members
        if Document.objects.visible_to(actor_of_membership(member, on=on)).filter(pk=document.pk).exists()
    ]
    addresses = [*people, document.legal_entity.email]
    return list(dict.fromkeys(address.lower() for address in addresses if address))
