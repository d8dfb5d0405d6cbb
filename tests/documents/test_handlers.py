from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.db.models import F

from counterparties.models import OrganizationBankAccount
from documents.models import Document, NumberSequence
from documents.payloads.invoice import InvoicePayload
from documents.pdf import PdfFailed
from documents.services import issuing as services
from documents.states import DocumentKind, SeriesIssuer
from orders.events import OrderConfirmed
from portal import outbox
from portal.outbox.models import Job
from portal.outbox.runner import run
from tests.documents.orders import make_order
from tests.documents.shipments import portal_numbers
from tests.factories import World

INVOICE_HANDLER = "documents.handlers.issue_invoice_for_order"
MAIL_HANDLER = "documents.handlers.send_invoice"

pytestmark = pytest.mark.django_db(transaction=True)


def confirmed(order_id: int) -> Job:
    """Publish the confirmation as `orders` does; return the job of the invoice."""
    with transaction.atomic():
        outbox.publish(OrderConfirmed(order_id=order_id))
    return Job.objects.get(handler=INVOICE_HANDLER, payload__order_id=order_id)


def test_confirmed_order_leads_to_invoice_and_letter(world: World) -> None:
    job = confirmed(make_order(world).pk)

    run(job.pk)
    run(Job.objects.get(handler=MAIL_HANDLER).pk)

    letter = mail.outbox[0]
    document = Document.objects.get()
    jobs = Job.objects.filter(handler__startswith="documents.").order_by("pk")
    assert list(jobs.values_list("queue", "state")) == [
        ("documents", "done"),
        ("default", "queued"),  # the line in the talk of the order
        ("mail", "done"),
    ]
    assert letter.attachments[0][0] == f"Счет № {document.number_print} от {document.date:%d.%m.%Y}.pdf"
    assert letter.attachments[0][1].startswith(b"%PDF-")
    assert len(mail.outbox) == 2
    assert letter.message()["X-Job-Key"] == f"document:{document.pk}:{letter.to[0]}"


def test_confirmation_told_twice_gives_one_invoice_and_one_letter(world: World, quick_pdf: None) -> None:
    order = make_order(world)
    with transaction.atomic():
        outbox.publish(OrderConfirmed(order_id=order.pk), OrderConfirmed(order_id=order.pk))

    for job in Job.objects.filter(handler=INVOICE_HANDLER):
        run(job.pk)
        run(job.pk)

    assert Document.objects.count() == 1
    assert Job.objects.filter(handler=MAIL_HANDLER).count() == 1
    assert set(Job.objects.filter(handler=INVOICE_HANDLER).values_list("state", flat=True)) == {"done"}


def test_job_taken_over_meanwhile_keeps_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = confirmed(make_order(world).pk)

    def stand_in(kind: str, payload: InvoicePayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)
        return b"%PDF-1.7"

    monkeypatch.setattr(services, "paper_pdf", stand_in)

    run(job.pk)

    assert Document.objects.count() == 0
    assert NumberSequence.objects.get().last_number == 0
    assert Job.objects.filter(handler=MAIL_HANDLER).count() == 0


def test_what_only_a_person_can_mend_is_dead_with_its_reason(world: World, quick_pdf: None) -> None:
    OrganizationBankAccount.objects.all().delete()
    job = confirmed(make_order(world).pk)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == ("dead", 1)
    assert job.last_error == "У организации ООО «Опт-Портал» не указан основной расчетный счет."


def test_invoice_that_1c_numbers_is_not_issued(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.INVOICE, issuer=SeriesIssuer.ERP)
    job = confirmed(make_order(world).pk)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, Document.objects.count(), NumberSequence.objects.count()) == ("done", 0, 0)


def test_failed_layout_is_tried_again_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = confirmed(make_order(world).pk)

    def stand_in(kind: str, payload: InvoicePayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        raise PdfFailed("no memory")

    monkeypatch.setattr(services, "paper_pdf", stand_in)

    run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, Document.objects.count()) == ("queued", 1, 0)
    assert job.due_at - job.started_at > timedelta(seconds=5)
