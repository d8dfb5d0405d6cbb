"""Reads of our papers and of whom they are sent to."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from counterparties.actor import Actor
from counterparties.models import OrganizationBankAccount, OrganizationSigner
from counterparties.permissions import ReadyRole
from counterparties.selectors import actor_of_membership, memberships_valid
from documents.models import Document, ReceivedDocument
from documents.states import IN_FORCE, DocumentKind
from orders.models import Order, OrderLine, order_reference


def invoice_in_force(order_id: int) -> Document | None:
    """The one invoice of an order that is not cancelled."""
    return Document.objects.filter(
        kind=DocumentKind.INVOICE, reference=order_reference(order_id), state__in=IN_FORCE
    ).first()


def order_for_invoice(order_id: int) -> Order:
    """An order with what its invoice names. Raises Order.DoesNotExist."""
    return Order.objects.select_related("organization", "legal_entity", "contract").get(pk=order_id)


def order_lines_in_order(order: Order) -> list[OrderLine]:
    """Lines of all parts of an order as the client saw them, without those that were cancelled."""
    lines = OrderLine.objects.filter(part__order=order, quantity__gt=0)
    return list(lines.order_by("position", "part_id", "pk"))


def account_for_invoices(organization_id: int) -> OrganizationBankAccount | None:
    """The seller's default account."""
    return OrganizationBankAccount.objects.filter(organization_id=organization_id, is_default=True).first()


def signers_of_organization(organization_id: int) -> list[OrganizationSigner]:
    """Everybody who was ever named to sign for the seller."""
    return list(OrganizationSigner.objects.filter(organization_id=organization_id))


def invoice_recipients(*, document: Document, order: Order, on: date) -> list[str]:
    """Addresses a new invoice goes to."""
    return paper_recipients(documents=[document], order=order, on=on)


def paper_recipients(*, documents: Collection[Document], order: Order, on: date) -> list[str]:
    """Addresses that papers of an order go to: who ordered, the firm's box for papers, its accountants.

    Only people who may see all of them on the date; each address once, none for no papers.
    """
    if not documents:
        return []
    ids = [document.pk for document in documents]
    seen = _people(order, on, lambda actor: Document.objects.visible_to(actor).filter(pk__in=ids), len(ids))
    return _addresses([*seen, *(document.legal_entity.email for document in documents)])


def original_recipients(*, document: ReceivedDocument, order: Order, on: date) -> list[str]:
    """The same for a paper of 1C."""
    seen = _people(
        order, on, lambda actor: ReceivedDocument.objects.visible_to(actor).filter(pk=document.pk), 1
    )
    return _addresses([*seen, document.legal_entity.email])


def _people(order: Order, on: date, papers: Callable[[Actor], QuerySet[Any]], count: int) -> list[str]:
    """The author and the accountants, as far as they see all of so many papers."""
    members = (
        memberships_valid(on)
        .filter(Q(role__code=ReadyRole.ACCOUNTANT) | Q(user_id=order.created_by_id))
        .filter(holding_id=order.holding_id, user__is_active=True)
        .select_related("user", "role")
        .order_by("user_id")
    )
    return [
        member.user.email for member in members if papers(actor_of_membership(member, on=on)).count() == count
    ]


def _addresses(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(address.lower() for address in found if address))
