"""Issuing invoices and sending them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from documents import selectors
from documents.compose.invoice import invoice_payload
from documents.events import InvoiceIssued
from documents.layout.invoice import invoice_pdf
from documents.models import Document, NumberSequence
from documents.payloads.codec import from_json, payload_sha256, to_json
from documents.payloads.invoice import InvoicePayload
from documents.states import DocumentKind, DocumentState
from orders.models import Order, order_id_of
from orders.states import WrongState
from portal import outbox
from portal.files.services import store
from portal.files.serving import open_file
from portal.lib.dates import format_date, format_date_long, moscow_date
from portal.lib.mail import Attachment, mail_send
from portal.lib.money import format_money

_LOCK_TIMEOUT = "60s"  # behind a few invoices that are laid out anew under the lock


@dataclass(frozen=True, slots=True)
class _Paper:
    """An invoice laid out under the number that it will have if nobody takes it meanwhile."""

    number: int
    payload: InvoicePayload
    pdf: bytes


def invoice_issue(
    *,
    order_id: int,
    at: datetime,
    finishing: Callable[[], AbstractContextManager[None]] = transaction.atomic,
) -> Document:
    """Issue the invoice of an order in work; return the one there is if it was issued before.

    Exactly one however often and however concurrently it runs. The slow part, the layout, is done
    before the transaction under the number that comes next; inside it the series is locked, and only
    if somebody took that number meanwhile the page is laid out again. `finishing` opens the
    transaction in which number, file and document are committed (a job passes its own, so that
    `done` is committed with them).

    Raises Order.DoesNotExist, WrongState (not confirmed, or given up), InvoiceNotPossible, PdfFailed.
    """
    issued = selectors.invoice_in_force(order_id)
    if issued is not None:
        return issued
    order = selectors.order_for_invoice(order_id)
    if not order.is_in_work:
        raise WrongState(f"{order.number}: {order.get_state_display()}")
    day = moscow_date(at)
    paper = _paper(order, number=_sequence(order, day).last_number + 1, day=day)
    with finishing():
        return _issued(order, paper, day=day, at=at)


def invoice_reissue(
    *,
    order_id: int,
    at: datetime,
    finishing: Callable[[], AbstractContextManager[None]] = transaction.atomic,
) -> Document | None:
    """Cancel the invoice of an order whose lines have shrunk and issue another one at its present sum.

    An order without an invoice, or whose invoice says its sum already, keeps what it has; of an order
    that is given up the invoice is only cancelled. Idempotent. Raises as `invoice_issue` does.
    """
    order = selectors.order_for_invoice(order_id)
    issued = selectors.invoice_in_force(order_id)
    if issued is None or issued.total == order.total:
        return issued
    day = moscow_date(at)
    paper = None
    if order.is_in_work:
        paper = _paper(order, number=_sequence(order, day).last_number + 1, day=day)
    with finishing():
        Document.objects.filter(pk=issued.pk, state=DocumentState.ISSUED).update(
            state=DocumentState.CANCELLED
        )
        return _issued(order, paper, day=day, at=at) if paper else None


def _issued(order: Order, paper: _Paper, *, day: date, at: datetime) -> Document:
    """Take the number and write everything down, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
    sequence = NumberSequence.objects.select_for_update().get(pk=_sequence(order, day).pk)
    earlier = selectors.invoice_in_force(order.pk)
    if earlier is not None:  # another worker was quicker and has let the lock go
        return earlier
    if paper.number != sequence.last_number + 1:
        paper = _paper(order, number=sequence.last_number + 1, day=day)
    sequence.last_number = paper.number
    sequence.save(update_fields=["last_number"])
    document = _document(order, sequence, paper, at=at)
    outbox.publish(InvoiceIssued(document_id=document.pk))
    return document


def _sequence(order: Order, day: date) -> NumberSequence:
    """The series that the invoice belongs to, begun if it is the first of the year."""
    sequence, _is_new = NumberSequence.objects.get_or_create(
        organization_id=order.organization_id,
        kind=DocumentKind.INVOICE,
        year=day.year,
        prefix=order.organization.invoice_prefix,
    )
    return sequence


def _paper(order: Order, *, number: int, day: date) -> _Paper:
    payload = invoice_payload(
        order=order,
        lines=selectors.order_lines_in_order(order),
        account=selectors.account_for_invoices(order.organization_id),
        number=f"{order.organization.invoice_prefix}{number}",
        day=day,
    )
    return _Paper(number=number, payload=payload, pdf=invoice_pdf(payload))


def _document(order: Order, sequence: NumberSequence, paper: _Paper, *, at: datetime) -> Document:
    payload, data = paper.payload, to_json(paper.payload)
    file = store(
        content=paper.pdf,
        name=_file_name(payload.number, payload.day),
        mime="application/pdf",
        source="portal",
    )
    return Document.objects.create(
        kind=DocumentKind.INVOICE,
        sequence=sequence,
        number=paper.number,
        number_print=payload.number,
        date=payload.day,
        organization_id=order.organization_id,
        legal_entity_id=order.legal_entity_id,
        reference=order.reference,
        total=payload.total.gross,
        pay_until=payload.pay_until,
        payload=data,
        payload_sha256=payload_sha256(data),
        template_version=payload.template_version,
        file=file,
        issued_at=at,
    )


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
    with open_file(document.file) as stored:
        content = stored.read()
    mail_send(
        key=key,
        to=recipients,
        subject=f"Счет № {payload.number} от {format_date(payload.day)} по заказу {order.number}",
        template="mail/invoice",
        context={
            "number": payload.number,
            "date": format_date_long(payload.day),
            "order_number": order.number,
            "buyer": payload.buyer.name,
            "seller": payload.seller.name,
            "total": format_money(payload.total.gross),
            "pay_until": format_date(payload.pay_until),
            "address": settings.SITE_URL + reverse("documents:download", args=[document.uid]),
        },
        attachments=[Attachment(invoice_file_name(document), content, "application/pdf")],
    )
    return len(recipients)


def invoice_file_name(document: Document) -> str:
    """Name a file so that it is found again among downloads: «Счет № 1042 от 20.11.2026.pdf»."""
    return _file_name(document.number_print, document.date)


def _file_name(number: str, day: date) -> str:
    return f"Счет № {number} от {format_date(day)}.pdf"
