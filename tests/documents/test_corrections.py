"""УКД: who hears of one, the way to one by a return, and that a УКД itself is not corrected."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from documents.events import ShipmentPapersIssued
from documents.models import Document, DocumentTask
from documents.services.asked_papers import paper_ask, paper_make
from documents.services.corrections import correction_issue
from documents.services.shipment_letters import shipment_papers_mail
from documents.services.shipment_papers import shipment_papers_issue
from documents.states import DocumentKind, TaskState
from orders.models import ErpDocument
from orders.states import ErpDocumentKind
from portal.outbox.models import Job
from tests.documents.orders import make_order
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def back(world: World, quick_pdf: None) -> ErpDocument:
    """A return of a tenth of a shipment whose УПД and УКД are the portal's."""
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    shipment_papers_issue(paper_id=make_shipment(world, order=order).pk, at=AT)
    return make_shipment(
        world, order=order, number="В-1", kind=ErpDocumentKind.RETURN, rows=[("100", "9837.00")]
    )


def corrected(back: ErpDocument) -> Document:
    original = Document.objects.get(kind=DocumentKind.UPD)
    return correction_issue(original_id=original.pk, return_id=back.pk, reason="", day=TODAY, at=AT)


def test_client_hears_of_a_correction_once(world: World, back: ErpDocument, mailoutbox: list) -> None:  # type: ignore[type-arg]
    first, again = corrected(back), corrected(back)

    jobs = Job.objects.filter(handler="documents.handlers.send_shipment_papers").order_by("pk")
    told = ShipmentPapersIssued(**(jobs.last() or Job()).payload)
    shipment_papers_mail(paper_id=told.paper_id, document_ids=told.document_ids, at=AT, key="k")
    assert again == first
    assert jobs.count() == 2  # of the УПД and of the УКД
    assert list(told.document_ids) == [first.pk]
    assert str(first) in mailoutbox[0].body
    assert first.total == Decimal("-9837.00")


def test_page_of_the_upd_leads_to_the_correction_by_a_return(
    client: Client, world: World, back: ErpDocument
) -> None:
    upd = Document.objects.get(kind=DocumentKind.UPD)
    page, making = (
        reverse("documents:detail", args=[upd.uid]),
        reverse("documents:shipment_paper", args=[back.pk]),
    )
    client.force_login(world.head)
    theirs = client.get(page).content.decode()
    client.force_login(world.manager)
    before = client.get(page).content.decode()

    client.post(making, {"kind": "correction"})
    task = DocumentTask.objects.get()
    paper_make(task_id=task.pk, at=AT)
    after = client.get(page).content.decode()

    task.refresh_from_db()
    assert (making in theirs, making in before, making in after) == (False, True, False)
    assert task.document is not None
    assert task.document.reference == f"return:{back.pk}"


def test_correction_is_not_corrected(client: Client, world: World, back: ErpDocument) -> None:
    ErpDocument.objects.filter(pk=back.pk).update(is_deleted=True)
    upd = Document.objects.get(kind=DocumentKind.UPD)
    shipment = ErpDocument.objects.get(kind=ErpDocumentKind.SHIPMENT)
    shipment.lines.filter(position=1).update(quantity=900, gross=Decimal("88533.00"))
    ErpDocument.objects.filter(pk=shipment.pk).update(total=Decimal("96358.13"))
    correction = correction_issue(original_id=upd.pk, reason="Акт 5", day=TODAY, at=AT)
    client.force_login(world.manager)

    page = client.get(reverse("documents:detail", args=[correction.uid])).content.decode()
    client.post(reverse("documents:correct", args=[correction.uid]), {"revision": "1"})
    refused = DocumentTask.objects.count()
    task = paper_ask(
        actor=actor_of(world.manager),
        kind=DocumentKind.CORRECTION,
        reference=correction.reference,
        options={"revision": 1},
        at=AT,
    )
    paper_make(task_id=task.pk, at=AT)

    task.refresh_from_db()
    assert ("Выписать исправление" in page, refused) == (False, 0)
    assert (task.state, task.document) == (TaskState.FAILED, None)
    assert Document.objects.filter(kind=DocumentKind.CORRECTION).count() == 1
