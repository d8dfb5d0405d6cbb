"""Papers that the portal cannot issue by itself: who hears of it, what pages say, how they are made then."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.models import OrganizationBankAccount
from documents.models import Document, DocumentTask, PaperFault
from documents.refusals import PaperNotPossible
from documents.selectors.awaited import MAKING_TIME
from documents.services.asked_papers import paper_make
from documents.services.claim_credits import claim_correction_issue, claim_credit_issue
from documents.services.invoices import invoice_issue
from documents.services.paper_faults import paper_fault_note
from documents.services.shipment_papers import shipment_papers_issue
from documents.states import DocumentKind, SeriesIssuer, TaskState
from orders.events import OrderChanged, OrderConfirmed, PaperToldByErp
from orders.models import ErpDocument, Order
from orders.states import OrderState
from portal import outbox
from portal.outbox.models import Job
from portal.outbox.runner import run
from tests.documents.orders import make_order
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of
from tests.orders.claims import approve, make_claim

NO_ACCOUNT = "У организации ООО «Опт-Портал» не указан основной расчетный счет."
MAKING = "Счёт готовится, это займёт несколько секунд."

pytestmark = pytest.mark.django_db


def without_account() -> list[OrganizationBankAccount]:
    accounts = list(OrganizationBankAccount.objects.all())
    OrganizationBankAccount.objects.all().delete()
    return accounts


def done(event: object, handler: str) -> Job:
    with transaction.atomic():
        outbox.publish(event)  # type: ignore[arg-type]
    job = Job.objects.filter(handler=f"documents.handlers.{handler}").latest("pk")
    run(job.pk)
    job.refresh_from_db()
    return job


def order_page(client: Client, order: Order, person: object) -> str:
    client.force_login(person)  # type: ignore[arg-type]
    return client.get(reverse("orders:detail", args=[order.pk])).content.decode()


def confirmed(world: World, at: datetime) -> Order:
    order = make_order(world)
    Order.objects.filter(pk=order.pk).update(confirmed_at=at)
    order.refresh_from_db()
    return order


# --- telling of it -----------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_manager_hears_once_why_an_invoice_is_not_issued(world: World, quick_pdf: None) -> None:
    without_account()
    order = make_order(world)

    jobs = [done(OrderConfirmed(order_id=order.pk), "issue_invoice_for_order") for _twice in range(2)]

    notice = Notice.objects.get()
    assert [(job.state, job.last_error) for job in jobs] == [("dead", NO_ACCOUNT)] * 2
    assert (notice.user, notice.kind) == (world.manager, NoticeKind.PAPER_STUCK)
    assert notice.title == f"Счёт не выписан: заказ {order.label}"
    assert notice.text == f"{world.entity.name}. {NO_ACCOUNT}"
    assert notice.address == reverse("orders:detail", args=[order.pk])
    assert PaperFault.objects.get().reference == order.reference


@pytest.mark.django_db(transaction=True)
def test_manager_hears_why_an_invoice_is_not_issued_anew(world: World, quick_pdf: None) -> None:
    order = make_order(world)
    old = invoice_issue(order_id=order.pk, at=AT)
    Order.objects.filter(pk=order.pk).update(total=order.total - 1)
    without_account()

    job = done(OrderChanged(order_id=order.pk, change_id=1), "reissue_invoice_for_order")

    assert (job.state, Notice.objects.get().text) == ("dead", f"{world.entity.name}. {NO_ACCOUNT}")
    assert list(Document.objects.all()) == [old]


@pytest.mark.django_db(transaction=True)
def test_manager_hears_why_papers_of_a_shipment_are_not_issued(
    client: Client, world: World, quick_pdf: None
) -> None:
    portal_numbers(world.organization, DocumentKind.UPD)
    shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)
    earlier = make_shipment(world, number="УТ-1041", day=TODAY - timedelta(days=1))
    told = PaperToldByErp(document_id=earlier.pk, at=timezone.now())

    job = done(told, "issue_papers_of_shipment")

    notice = Notice.objects.get(kind=NoticeKind.PAPER_STUCK)
    assert job.state == "dead"
    assert notice.title == "Документы не выписаны: отгрузка № УТ-1041"
    assert "более ранней датой" in notice.text
    client.force_login(world.manager)
    board = client.get(notice.address).content.decode()
    client.force_login(world.head)
    theirs = client.get(notice.address).content.decode()
    assert ("Не выписаны: В серии" in board, "Не выписаны" in theirs) == (True, False)


def test_manager_hears_why_the_correction_of_a_claim_is_not_issued(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    paper = make_shipment(world)
    shipment_papers_issue(paper_id=paper.pk, at=AT)
    claim = approve(world, make_claim(world.buyer, paper, "2"))
    claim = claim_credit_issue(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)
    back = claim.credit_paper
    assert back is not None
    ErpDocument.objects.filter(pk=back.pk).update(is_deleted=True)

    with pytest.raises(PaperNotPossible):
        claim_correction_issue(claim_id=claim.pk, at=AT)

    notice = Notice.objects.get(kind=NoticeKind.PAPER_STUCK)
    assert notice.title == f"УКД не выписан: возврат № {back.number}"
    assert PaperFault.objects.get().reference == f"return:{back.pk}"


def test_another_reason_is_told_too_and_the_same_one_is_not(world: World) -> None:
    order = make_order(world)

    news = [
        paper_fault_note(reference=order.reference, reason=reason, at=AT + timedelta(days=day))
        for day, reason in enumerate(("Нет счета.", "Нет счета.", "Нет строк."))
    ]

    texts = Notice.objects.order_by("pk").values_list("text", flat=True)
    assert news == [True, False, True]
    assert list(texts) == [f"{world.entity.name}. Нет счета.", f"{world.entity.name}. Нет строк."]
    assert PaperFault.objects.get().reason == "Нет строк."


def test_fault_is_gone_with_the_paper(world: World, quick_pdf: None) -> None:
    order, other = make_order(world), make_order(world)
    for one in (order, other):
        paper_fault_note(reference=one.reference, reason="Нет счета.", at=AT)

    invoice_issue(order_id=order.pk, at=AT)

    assert PaperFault.objects.get().reference == other.reference


# --- what the order's page says -----------------------------------------------------------------------
def test_page_of_a_stuck_invoice_keeps_the_reason_from_the_client(client: Client, world: World) -> None:
    order = confirmed(world, timezone.now())
    paper_fault_note(reference=order.reference, reason=NO_ACCOUNT, at=AT)

    theirs, ours = (order_page(client, order, person) for person in (world.buyer, world.manager))

    making = reverse("documents:order_invoice", args=[order.pk])
    assert "Счёт готовит менеджер." in theirs
    assert (NO_ACCOUNT in theirs, MAKING in theirs, "every 3s" in theirs, making in theirs) == (False,) * 4
    assert (NO_ACCOUNT in ours, MAKING in ours, "every 3s" in ours, making in ours) == (
        True,
        False,
        False,
        True,
    )


def test_page_asks_again_for_a_minute_only(client: Client, world: World) -> None:
    fresh = confirmed(world, timezone.now())
    late = confirmed(world, timezone.now() - MAKING_TIME)

    new, old = (order_page(client, order, world.buyer) for order in (fresh, late))

    assert (MAKING in new, "every 3s" in new) == (True, True)
    assert (MAKING in old, "every 3s" in old, "Счёт ещё готовится." in old) == (False, False, True)


def test_page_does_not_wait_for_an_invoice_that_1c_numbers(client: Client, world: World) -> None:
    portal_numbers(world.organization, DocumentKind.INVOICE, issuer=SeriesIssuer.ERP)
    order = confirmed(world, timezone.now())

    page = order_page(client, order, world.buyer)

    assert ("every 3s" in page, MAKING in page) == (False, False)
    assert "Счёт выставляют в 1С" in page
    assert "Выписать счёт" not in order_page(client, order, world.manager)


# --- by hand -----------------------------------------------------------------------------------------
def test_manager_has_the_first_invoice_made_once_the_cause_is_gone(
    client: Client, world: World, quick_pdf: None
) -> None:
    accounts = without_account()
    order = make_order(world)
    paper_fault_note(reference=order.reference, reason=NO_ACCOUNT, at=AT)
    client.force_login(world.manager)
    address = reverse("documents:order_invoice", args=[order.pk])

    client.post(address)
    first = DocumentTask.objects.get()
    paper_make(task_id=first.pk, at=AT)
    OrganizationBankAccount.objects.bulk_create(accounts)
    client.post(address)
    second = DocumentTask.objects.exclude(pk=first.pk).get()
    paper_make(task_id=second.pk, at=AT)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.fault, first.document) == (TaskState.FAILED, NO_ACCOUNT, None)
    assert (second.state, second.document) == (TaskState.READY, Document.objects.get())
    assert Job.objects.filter(handler="documents.handlers.send_invoice").count() == 1
    assert not PaperFault.objects.exists()


@pytest.mark.parametrize("state", [OrderState.SUBMITTED, OrderState.CANCELLED])
def test_order_that_is_not_in_work_gets_no_invoice_by_hand(
    client: Client, world: World, quick_pdf: None, state: OrderState
) -> None:
    order = make_order(world, state=state)
    client.force_login(world.manager)

    client.post(reverse("documents:order_invoice", args=[order.pk]))
    task = DocumentTask.objects.get()
    paper_make(task_id=task.pk, at=AT)

    task.refresh_from_db()
    assert task.fault == "Заказ не подтвержден или отменен: счет по нему не выписывают."
    assert not Document.objects.exists()


def test_first_invoice_is_made_by_nobody_else(client: Client, world: World) -> None:
    address = reverse("documents:order_invoice", args=[make_order(world).pk])

    statuses = []
    for person in (world.head, world.other_manager):
        client.force_login(person)
        statuses.append(client.post(address).status_code)

    assert statuses == [403, 404]
    assert not DocumentTask.objects.exists()
