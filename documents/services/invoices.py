"""Issuing invoices and sending them."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.services.letters import letters_send
from documents import selectors
from documents.compose.invoice import invoice_payload
from documents.events import InvoiceIssued
from documents.models import Document
from documents.numbering import series_of
from documents.payloads.codec import from_json
from documents.payloads.invoice import InvoicePayload
from documents.payloads.parts import PaperRef
from documents.refusals import PaperNotPossible
from documents.services.enclosures import papers_enclosed
from documents.services.issuing import Composed, Draft, Finishing, document_issue
from documents.services.states import document_cancel
from documents.states import DocumentKind
from orders.models import Order, order_id_of
from orders.states import WrongState
from portal import outbox
from portal.lib.dates import moscow_date


def invoice_issue(*, order_id: int, at: datetime, finishing: Finishing = transaction.atomic) -> Document:
    """Issue the invoice of an order in work; return the one there is if it was issued before.

    Exactly one however often and however concurrently it runs (documents.services.issuing).

    Raises Order.DoesNotExist, WrongState (not confirmed, or given up), NumberedByErp, InvoiceNotPossible,
    PdfFailed.
    """
    issued = selectors.invoice_in_force(order_id)
    if issued is not None:
        return issued
    order = selectors.order_for_invoice(order_id)
    if not order.is_in_work:
        raise WrongState(f"{order.number}: {order.get_state_display()}")
    draft = _draft(order, day=moscow_date(at))
    return document_issue(draft=draft, at=at, announce=_announce, finishing=finishing)


def invoice_reissue(
    *, order_id: int, at: datetime, finishing: Finishing = transaction.atomic
) -> Document | None:
    """Issue another invoice at the present sum of an order whose lines have shrunk, instead of the old one.

    An order without an invoice, or whose invoice says its sum already, keeps what it has; of an order
    that is given up the invoice is cancelled. Idempotent. Raises as `invoice_issue` does.
    """
    order = selectors.order_for_invoice(order_id)
    issued = selectors.invoice_in_force(order_id)
    if issued is None or issued.total == order.total:
        return issued
    if not order.is_in_work:
        with finishing():
            document_cancel(document_id=issued.pk)
        return None
    draft = _draft(order, day=moscow_date(at), replaces=issued)
    return document_issue(draft=draft, at=at, announce=_announce, finishing=finishing)


def invoice_renew(*, document_id: int, at: datetime, finishing: Finishing = transaction.atomic) -> Document:
    """Issue an invoice anew in place of one that a person found wrong or late: everything as it is now.

    Of two wishes to renew the same one there is one invoice. Raises Document.DoesNotExist,
    PaperNotPossible, PdfFailed.
    """
    renewed = Document.objects.get(pk=document_id, kind=DocumentKind.INVOICE)
    order = selectors.order_for_invoice(order_id_of(renewed.reference))
    issued = selectors.invoice_in_force(order.pk)
    if issued is None or not order.is_in_work:
        raise PaperNotPossible("Счет или заказ уже не действует, выписывать заново нечего.")
    if issued.pk != renewed.pk:
        return issued
    draft = _draft(order, day=moscow_date(at), replaces=issued)
    return document_issue(draft=draft, at=at, announce=_announce, finishing=finishing)


def _draft(order: Order, *, day: date, replaces: Document | None = None) -> Draft:
    def compose(number: str) -> Composed:
        payload = invoice_payload(
            order=order,
            lines=selectors.order_lines_in_order(order),
            account=selectors.account_for_invoices(order.organization_id),
            signers=selectors.signers_of_organization(order.organization_id),
            number=number,
            day=day,
            replaces=_named(replaces) if replaces else None,
        )
        return Composed(
            payload=payload,
            number=number,
            form=payload.template_version,
            total=payload.total.gross,
            pay_until=payload.pay_until,
        )

    return Draft(
        kind=DocumentKind.INVOICE,
        reference=order.reference,
        series=series_of(organization=order.organization, kind=DocumentKind.INVOICE),
        day=day,
        legal_entity_id=order.legal_entity_id,
        contract_id=order.contract_id,
        compose=compose,
        replaces=replaces,
    )


def _named(document: Document) -> PaperRef:
    return PaperRef(name=document.get_kind_display(), number=document.number_print, day=document.date)


def _announce(document: Document) -> None:
    outbox.publish(InvoiceIssued(document_id=document.pk))


def invoice_mail(*, document_id: int, at: datetime, key: str) -> int:
    """Send an issued invoice to the client's people; return how many addresses it went to.

    `key` is the same in every attempt and stands in the letter, so that a repeat is recognised.
    Raises Document.DoesNotExist, FileDamaged and whatever ails the mail server.
    """
    document = Document.objects.select_related("file", "legal_entity").get(pk=document_id)
    order = selectors.order_for_invoice(order_id_of(document.reference))
    recipients = selectors.invoice_recipients(document=document, order=order, on=moscow_date(at))
    if not recipients:
        return 0
    payload = from_json(InvoicePayload, document.payload)
    enclosed = papers_enclosed(documents=[document], organization=order.organization)
    return letters_send(
        key=key,
        to=recipients,
        letter="invoice",
        context={
            "number": payload.number,
            "date": payload.day,
            "order": order.number,
            "buyer": payload.buyer.name,
            "seller": payload.seller.name,
            "total": payload.total.gross,
            "pay_until": payload.pay_until,
            "is_attached": bool(enclosed),
            "address": settings.SITE_URL + reverse("documents:download", args=[document.uid]),
        },
        attachments=enclosed,
    )
