"""Papers that are to come by themselves and have not come yet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from documents.models import PaperFault
from documents.numbering import series_of
from documents.selectors.shipped import paper_reference
from documents.states import DocumentKind
from orders.models import ErpDocument, Order

MAKING_TIME = timedelta(minutes=1)
"""How long after the confirmation an invoice may be expected at any moment."""


class InvoiceWait(StrEnum):
    """What an order without an invoice waits for."""

    MAKING = "making"
    LATE = "late"
    STUCK = "stuck"
    FROM_ERP = "from_erp"


@dataclass(frozen=True, slots=True)
class AwaitedInvoice:
    """An invoice that is not there yet; `fault` is what a manager has to put right, for his eyes only."""

    wait: InvoiceWait
    fault: str = ""

    @property
    def is_made_by_hand(self) -> bool:
        """Whether it is time that a person has it made."""
        return self.wait in (InvoiceWait.LATE, InvoiceWait.STUCK)


def invoice_awaited(*, order: Order, at: datetime) -> AwaitedInvoice | None:
    """What stands between an order without an invoice and its invoice; None where none is due.

    Two queries; `order.organization` is read.
    """
    if order.is_from_erp or not order.is_in_work or order.confirmed_at is None:
        return None
    if not series_of(organization=order.organization, kind=DocumentKind.INVOICE).is_ours:
        return AwaitedInvoice(InvoiceWait.FROM_ERP)
    fault = PaperFault.objects.filter(reference=order.reference).first()
    if fault is not None:
        return AwaitedInvoice(InvoiceWait.STUCK, fault.reason)
    is_early = at < order.confirmed_at + MAKING_TIME
    return AwaitedInvoice(InvoiceWait.MAKING if is_early else InvoiceWait.LATE)


def shipment_faults(papers: Collection[ErpDocument]) -> dict[int, str]:
    """Why papers of shipments could not be issued, by the shipment's key; one query."""
    by_reference = {paper_reference(paper): paper.pk for paper in papers}
    faults = PaperFault.objects.filter(reference__in=by_reference)
    return {
        by_reference[reference]: reason for reference, reason in faults.values_list("reference", "reason")
    }
