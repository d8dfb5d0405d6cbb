from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.actor import AccessDenied
from documents.models import Document, DocumentTask, NumberSequence
from documents.payloads.codec import from_json
from documents.payloads.correction import CorrectionPayload
from documents.payloads.shipping import ProxyPayload, ShippingPayload
from documents.payloads.transfer import TransferPayload
from documents.services import asked_papers, issuing
from documents.services.asked_papers import paper_ask, paper_make
from documents.services.invoices import invoice_issue
from documents.services.shipment_papers import shipment_papers_cancel, shipment_papers_issue
from documents.states import DocumentKind, DocumentState, TaskState
from orders.models import ErpDocument, ErpDocumentLine, Order, ShipmentRequest
from orders.states import ErpDocumentKind, OrderState
from portal.outbox.models import Job
from tests.documents.orders import make_order
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of
from tests.flows.shipment_rows import make_request

UNTIL = (TODAY + timedelta(days=10)).isoformat()


def made(
    user: object, kind: DocumentKind, reference: str, **options: object
) -> tuple[DocumentTask, Document | None]:
    task = paper_ask(actor=actor_of(user), kind=kind, reference=reference, options=options, at=AT)  # type: ignore[arg-type]
    paper_make(task_id=task.pk, at=AT)
    task.refresh_from_db()
    return task, task.document


def test_request_becomes_a_paper_under_its_own_number(world: World, quick_pdf: None) -> None:
    request = make_request(make_order(world), driver="Петров И. С.", car="А123ВС 77")

    task, document = made(world.buyer, DocumentKind.SHIPPING, f"shipment_request:{request.pk}")
    again, same = made(world.head, DocumentKind.SHIPPING, f"shipment_request:{request.pk}")

    assert document is not None
    payload = from_json(ShippingPayload, document.payload)
    assert (task.state, again.state, same) == (TaskState.READY, TaskState.READY, document)
    assert (document.number, document.number_print, payload.driver) == (1, request.number, "Петров И. С.")
    assert payload.lines[0].quantity == Decimal(1000)
    assert Document.objects.visible_to(actor_of(world.buyer)).filter(pk=document.pk).exists()


def test_changed_request_makes_another_paper_instead(world: World, quick_pdf: None) -> None:
    request = make_request(make_order(world))
    _task, old = made(world.buyer, DocumentKind.SHIPPING, f"shipment_request:{request.pk}")
    ShipmentRequest.objects.update(comment="Позвонить за час")

    _task, new = made(world.buyer, DocumentKind.SHIPPING, f"shipment_request:{request.pk}")

    assert old is not None
    assert new is not None
    old.refresh_from_db()
    assert (old.state, new.replaces, new.number) == (DocumentState.REPLACED, old, 2)


def test_proxy_is_the_clients_own_with_the_number_he_typed(world: World, quick_pdf: None) -> None:
    request = make_request(make_order(world))
    reference = f"shipment_request:{request.pk}"

    _task, document = made(
        world.buyer, DocumentKind.PROXY, reference, bearer="водителю Петрову", number="77", until=UNTIL
    )
    task, none = made(world.buyer, DocumentKind.PROXY, reference, bearer="водителю", until="2027-06-01")

    assert document is not None
    payload = from_json(ProxyPayload, document.payload)
    assert (document.number_print, payload.bearer, payload.principal.inn) == (
        "77",
        "водителю Петрову",
        world.entity.inn,
    )
    assert payload.supplier.inn == world.organization.inn
    assert (task.state, none, task.fault) == (
        TaskState.FAILED,
        None,
        "Доверенность действует от 1 до 31 дней.",
    )
    assert Document.objects.count() == 1


def test_staff_has_an_invoice_made_anew(client: Client, world: World, quick_pdf: None) -> None:
    order = make_order(world)
    old = invoice_issue(order_id=order.pk, at=AT)
    address = reverse("documents:correct", args=[old.uid])
    client.force_login(world.manager)
    page = client.get(reverse("documents:detail", args=[old.uid])).content.decode()

    client.post(address)
    client.post(address)
    task = DocumentTask.objects.get()
    paper_make(task_id=task.pk, at=AT + timedelta(days=9))
    _again, same = made(world.manager, DocumentKind.INVOICE, old.reference, renews=old.pk)

    task.refresh_from_db()
    old.refresh_from_db()
    assert "Выписать новый счет" in page
    assert task.document is not None
    assert (old.state, task.document.replaces, task.document.number) == (DocumentState.REPLACED, old, 2)
    assert task.document.pay_until > old.pay_until
    assert task.document.payload["replaces"]["number"] == "1"
    assert (same, Document.objects.count()) == (task.document, 2)


def test_invoice_is_made_anew_by_nobody_else(client: Client, world: World, quick_pdf: None) -> None:
    old = invoice_issue(order_id=make_order(world).pk, at=AT)
    address = reverse("documents:correct", args=[old.uid])

    for user, status in ((world.head, 403), (world.other_manager, 404)):
        client.force_login(user)
        assert client.post(address).status_code == status
    with pytest.raises(Order.DoesNotExist):
        made(world.other_manager, DocumentKind.INVOICE, old.reference, renews=old.pk)

    old.refresh_from_db()
    assert (old.state, DocumentTask.objects.count(), Document.objects.count()) == (DocumentState.ISSUED, 0, 1)


def test_invoice_of_a_cancelled_order_is_not_made_anew(world: World, quick_pdf: None) -> None:
    order = make_order(world)
    old = invoice_issue(order_id=order.pk, at=AT)
    Order.objects.update(state=OrderState.CANCELLED)

    task, document = made(world.manager, DocumentKind.INVOICE, old.reference, renews=old.pk)

    assert (task.state, document) == (TaskState.FAILED, None)
    assert task.fault == "Счет или заказ уже не действует, выписывать заново нечего."
    assert Document.objects.get() == old


def test_only_staff_makes_papers_of_shipments(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD)
    paper = make_shipment(world)
    reference = f"shipment:{paper.pk}"

    with pytest.raises(AccessDenied):
        made(world.head, DocumentKind.UPD, reference)
    with pytest.raises(ErpDocument.DoesNotExist):
        made(world.other_manager, DocumentKind.UPD, reference)
    assert (DocumentTask.objects.count(), Job.objects.count()) == (0, 0)

    task, document = made(world.manager, DocumentKind.UPD, reference)
    assert document is not None
    assert (task.state, document.reference) == (TaskState.READY, reference)


def test_paper_of_1c_is_only_looked_at_as_a_draft(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks: list[str] = []

    def stand_in(kind: str, payload: TransferPayload, images: object, *, watermark: str = "") -> bytes:
        marks.append(f"{payload.number}: {watermark}")
        return b"%PDF-1.7 draft"

    monkeypatch.setattr(asked_papers, "paper_pdf", stand_in)
    task, document = made(world.manager, DocumentKind.UPD, f"shipment:{make_shipment(world).pk}")

    assert (task.state, document, marks) == (TaskState.READY, None, ["УТ-1042: ЧЕРНОВИК, оригинал у 1С"])
    assert (NumberSequence.objects.count(), Document.objects.count()) == (0, 0)
    address = reverse("documents:task_file", args=[task.uid])
    for person, status in ((world.manager, 200), (world.administrator, 404), (world.head, 403)):
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status
        if status == 200:
            assert answer.getvalue() == b"%PDF-1.7 draft"


def test_killed_worker_leaves_one_number_and_one_file(
    world: World, quick_pdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_numbers(world.organization, DocumentKind.UPD)
    paper = make_shipment(world)
    task = paper_ask(
        actor=actor_of(world.manager),
        kind=DocumentKind.UPD,
        reference=f"shipment:{paper.pk}",
        options={},
        at=AT,
    )

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        paper_make(task_id=task.pk, at=AT, finishing=killed)  # type: ignore[arg-type]
    paper_make(task_id=task.pk, at=AT)

    task.refresh_from_db()
    assert (task.state, Document.objects.count()) == (TaskState.READY, 1)
    assert NumberSequence.objects.get().last_number == 1


def test_last_try_that_breaks_tells_the_person(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    request = make_request(make_order(world))

    def broken(*arguments: object, earlier: bytes) -> bytes:
        raise RuntimeError("no memory")

    monkeypatch.setattr(issuing, "paper_pdf", broken)
    task = paper_ask(
        actor=actor_of(world.buyer),
        kind=DocumentKind.SHIPPING,
        reference=f"shipment_request:{request.pk}",
        options={},
        at=AT,
    )

    with pytest.raises(RuntimeError):
        paper_make(task_id=task.pk, at=AT, is_last_try=True)

    task.refresh_from_db()
    assert (task.state, task.document_id) == (TaskState.FAILED, None)
    assert task.fault.startswith("Не получилось из-за ошибки портала")


def test_correction_of_a_changed_shipment_and_of_a_return(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    paper = make_shipment(world, order=order)
    (original,) = shipment_papers_issue(paper_id=paper.pk, at=AT)
    unchanged, _none = made(world.manager, DocumentKind.CORRECTION, f"shipment:{paper.pk}", reason="x")
    first = ErpDocumentLine.objects.filter(document=paper).order_by("position")[0]
    ErpDocumentLine.objects.filter(pk=first.pk).update(quantity=900, gross=Decimal("88533.00"))
    ErpDocument.objects.filter(pk=paper.pk).update(total=Decimal("96358.13"))
    back = make_shipment(
        world, order=order, number="В-1", kind=ErpDocumentKind.RETURN, rows=[("900", "88533.00")]
    )

    _task, changed = made(world.manager, DocumentKind.CORRECTION, f"shipment:{paper.pk}", reason="Акт 5")
    _task, returned = made(world.manager, DocumentKind.CORRECTION, f"return:{back.pk}")

    assert unchanged.fault == "Количество и суммы не изменились: корректировать нечего."
    assert changed is not None
    assert returned is not None
    payload = from_json(CorrectionPayload, changed.payload)
    assert (changed.number_print, changed.total, payload.reason) == ("1", Decimal("-9837.00"), "Акт 5")
    assert [(line.before.quantity, line.after.quantity) for line in payload.lines] == [(1000, 900)]
    assert payload.originals[0].number == original.number_print
    whole = from_json(CorrectionPayload, returned.payload)
    assert (returned.total, whole.decrease.gross) == (Decimal("-88533.00"), Decimal("88533.00"))
    assert whole.lines[0].after.amount.gross == 0
    assert whole.grounds[0].number == "В-1"
    original.refresh_from_db()
    assert original.state == DocumentState.ISSUED


def test_second_change_of_a_shipment_begins_where_the_first_one_ended(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    paper = make_shipment(world, order=order)
    shipment_papers_issue(paper_id=paper.pk, at=AT)
    line = ErpDocumentLine.objects.filter(document=paper).order_by("position")[0]

    def changed(quantity: int, gross: str, reason: str) -> Document:
        ErpDocumentLine.objects.filter(pk=line.pk).update(quantity=quantity, gross=Decimal(gross))
        ErpDocument.objects.filter(pk=paper.pk).update(total=Decimal(gross) + Decimal("7825.13"))
        _task, document = made(world.manager, DocumentKind.CORRECTION, f"shipment:{paper.pk}", reason=reason)
        assert document is not None
        return document

    first, repeated = changed(900, "88533.00", "Акт 5"), changed(900, "88533.00", "Акт 5")
    back = make_shipment(
        world, order=order, number="В-1", kind=ErpDocumentKind.RETURN, rows=[("100", "9837.00")]
    )
    made(world.manager, DocumentKind.CORRECTION, f"return:{back.pk}")
    unchanged = changed(900, "88533.00", "x")
    second, third = changed(850, "83614.50", "Акт 6"), changed(900, "88533.00", "Акт 7")

    assert first == repeated == unchanged
    assert [second.reference, third.reference] == [
        f"change-of-shipment:{paper.pk}:2", f"change-of-shipment:{paper.pk}:3",
    ]  # fmt: skip
    quantities = [
        [
            (one.before.quantity, one.after.quantity)
            for one in from_json(CorrectionPayload, document.payload).lines
        ]
        for document in (first, second, third)
    ]
    assert quantities == [[(1000, 900)], [(800, 750)], [(750, 800)]]  # a hundred came back in between
    assert (second.total, third.total) == (Decimal("-4918.50"), Decimal("4918.50"))
    shipment_papers_cancel(reference=f"shipment:{paper.pk}")
    states = set(
        Document.objects.filter(pk__in=[first.pk, second.pk, third.pk]).values_list("state", flat=True)
    )
    assert states == {DocumentState.CANCELLED}


def test_second_return_begins_where_the_first_one_ended(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    shipment_papers_issue(paper_id=make_shipment(world, order=order).pk, at=AT)
    first, second, third = (
        make_shipment(world, order=order, number=number, kind=ErpDocumentKind.RETURN, rows=[row])
        for number, row in (
            ("В-1", ("400", "39348.00")), ("В-2", ("600", "59022.00")), ("В-3", ("1", "98.37")),
        )
    )  # fmt: skip

    made(world.manager, DocumentKind.CORRECTION, f"return:{first.pk}")
    _task, correction = made(world.manager, DocumentKind.CORRECTION, f"return:{second.pk}")
    task, too_much = made(world.manager, DocumentKind.CORRECTION, f"return:{third.pk}")
    _task, again = made(world.manager, DocumentKind.CORRECTION, f"return:{first.pk}")

    assert correction is not None
    (line,) = from_json(CorrectionPayload, correction.payload).lines
    assert (line.before.quantity, line.before.amount.gross) == (600, Decimal("59022.00"))
    assert (line.after.quantity, line.after.amount.gross) == (0, 0)
    assert (too_much, task.fault[:34]) == (None, "Возвращено больше, чем отгружено: ")
    assert again is not None
    assert Document.objects.filter(kind=DocumentKind.CORRECTION).count() == 2


def test_correction_goes_with_its_return(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    (original,) = shipment_papers_issue(paper_id=make_shipment(world, order=order).pk, at=AT)
    back = make_shipment(
        world, order=order, number="В-1", kind=ErpDocumentKind.RETURN, rows=[("1000", "98370.00")]
    )
    _task, correction = made(world.manager, DocumentKind.CORRECTION, f"return:{back.pk}")
    assert correction is not None
    ErpDocument.objects.filter(pk=back.pk).update(is_deleted=True)

    assert shipment_papers_issue(paper_id=back.pk, at=AT) == []

    states = dict(Document.objects.values_list("pk", "state"))
    assert states == {original.pk: DocumentState.ISSUED, correction.pk: DocumentState.CANCELLED}


def test_return_for_more_money_than_was_paid_is_refused(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    shipment_papers_issue(paper_id=make_shipment(world, order=order).pk, at=AT)
    back = make_shipment(
        world, order=order, number="В-1", kind=ErpDocumentKind.RETURN, rows=[("999", "98468.37")]
    )

    task, document = made(world.manager, DocumentKind.CORRECTION, f"return:{back.pk}")

    assert (document, Document.objects.count()) == (None, 1)
    assert task.fault.startswith("Сумма возврата больше суммы отгрузки")


def test_return_of_more_than_was_shipped_is_refused(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD, DocumentKind.CORRECTION)
    order = make_order(world)
    shipment_papers_issue(paper_id=make_shipment(world, order=order).pk, at=AT)
    back = make_shipment(
        world, order=order, number="В-1", kind=ErpDocumentKind.RETURN, rows=[("1001", "98468.37")]
    )

    task, document = made(world.manager, DocumentKind.CORRECTION, f"return:{back.pk}")

    assert document is None
    assert task.fault.startswith("Возвращено больше, чем отгружено")
    assert Document.objects.count() == 1


def test_revision_asked_twice_is_one(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD)
    paper = make_shipment(world)
    shipment_papers_issue(paper_id=paper.pk, at=AT)

    _task, first = made(world.manager, DocumentKind.UPD, f"shipment:{paper.pk}", revision=1)
    _task, second = made(world.manager, DocumentKind.UPD, f"shipment:{paper.pk}", revision=1)

    assert first == second
    assert Document.objects.count() == 2


def test_pages_lead_from_the_request_to_the_paper(client: Client, world: World, quick_pdf: None) -> None:
    request = make_request(make_order(world))
    client.force_login(world.buyer)

    page = client.get(reverse("orders:shipment_request", args=[request.pk])).content.decode()
    wrong = client.post(
        reverse("documents:request_paper", args=[request.pk]), {"kind": "proxy"}, follow=True
    ).content.decode()
    asked = client.post(reverse("documents:request_paper", args=[request.pk]), {"kind": "shipping"})
    task = DocumentTask.objects.get()
    making = client.get(asked["Location"]).content.decode()
    paper_make(task_id=task.pk, at=AT)
    ready = client.get(asked["Location"], headers={"HX-Request": "true"}).content.decode()

    assert "Доверенность М-2" in page
    assert "Кому выдана" in wrong
    assert asked["Location"] == reverse("documents:task", args=[task.uid])
    assert "every 1s" in making
    task.refresh_from_db()
    assert task.document is not None
    assert reverse("documents:download", args=[task.document.uid]) in ready
    assert "every 1s" not in ready
    assert "<html" not in ready


def test_accepted_pickup_has_a_pass(client: Client, world: World) -> None:
    request = make_request(make_order(world), driver="Петров И. С.", car="А123ВС 77")
    client.force_login(world.buyer)
    address = reverse("orders:shipment_request", args=[request.pk])

    before = client.get(address).content.decode()
    ShipmentRequest.objects.update(state="ready")
    ready = client.get(address).content.decode()
    ShipmentRequest.objects.update(method="own")
    brought = client.get(address).content.decode()

    assert ["Пропуск на склад" in page for page in (before, ready, brought)] == [False, True, False]
    assert 'src="data:image/svg+xml' in ready
