"""What events of orders and documents set off."""

from django.utils import timezone

from documents.events import InvoiceIssued
from documents.invoice.compose import InvoiceNotPossible
from documents.services import invoice_issue, invoice_mail
from orders.events import OrderConfirmed
from portal.outbox import JobContext, JobRefused, subscribe


@subscribe(OrderConfirmed, queue="documents", atomic=False)
def issue_invoice_for_order(event: OrderConfirmed, job: JobContext) -> None:
    """Commit number, file, document and `done` together; what only a person can mend is not repeated."""
    try:
        invoice_issue(order_id=event.order_id, at=timezone.now(), finishing=job.finish)
    except InvoiceNotPossible as reason:
        raise JobRefused(str(reason)) from reason


@subscribe(InvoiceIssued, queue="mail", atomic=False)
def send_invoice(event: InvoiceIssued, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    invoice_mail(document_id=event.document_id, at=timezone.now(), key=job.key)
