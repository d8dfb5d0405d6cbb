from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.permissions import Permission
from documents.models import Document, DocumentDownload, DocumentTask, ReceivedDocument, SignedCopy
from documents.selectors import DocumentFilter, document_rows
from documents.selectors.listing import SIGNED, WITHOUT_ORIGINAL
from documents.services import document_fetch, invoice_issue
from documents.services.shipment_papers import revision_issue, shipment_papers_issue
from documents.services.signed_copies import CopyRefused, Upload, signed_copy_add
from documents.states import DocumentKind, DocumentState
from documents.web import views
from finance.models import Payment
from portal.files.antivirus import Infected
from portal.files.scans import MOST_BYTES
from portal.files.serving import FileDamaged
from tests.documents.contracts.samples import pdf
from tests.documents.edo.issued import make_upd
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of, make_organization, make_person

SCAN = pdf()


@pytest.fixture
def paper(world: World, quick_pdf: None) -> Document:
    portal_numbers(world.organization, DocumentKind.UPD)
    return shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)[0]


def found(world: World, **chosen: object) -> list[str]:
    page = document_rows(actor=actor_of(world.head), chosen=DocumentFilter(**chosen), on=TODAY)  # type: ignore[arg-type]
    return [row.title for row in page.rows]


def test_list_filters_by_what_people_ask_for(world: World, paper: Document) -> None:
    invoice = invoice_issue(order_id=make_order(world).pk, at=AT + timedelta(days=1))
    received = make_received(world.entity, order=paper.parts.get().order, content=b"")
    ours, bill, theirs = str(paper), str(invoice), str(received)
    order = paper.parts.get().order

    assert found(world, state="issued") == [bill, ours]
    assert found(world, state="erp") == [theirs]
    assert found(world, state="cancelled") == []
    assert found(world, kind="upd") == [theirs, ours]
    assert found(world, order=order.number) == [theirs, ours]
    assert found(world, original=WITHOUT_ORIGINAL) == [theirs]
    assert found(world, original=SIGNED) == []
    assert found(world, since=TODAY + timedelta(days=1)) == [bill, theirs]
    assert found(world, until=TODAY) == [ours]
    assert found(world, organization_id=world.organization.pk) == [bill, theirs, ours]
    assert found(world, organization_id=make_organization("ООО «Другое»").pk) == []


def test_unpaid_invoice_is_told_expired_after_its_day(world: World, quick_pdf: None) -> None:
    orders = [make_order(world), make_order(world)]
    invoices = [invoice_issue(order_id=order.pk, at=AT) for order in orders]
    Payment.objects.create(
        organization=world.organization,
        legal_entity=world.entity,
        contract=world.contract,
        reference=orders[0].reference,
        amount=invoices[0].total,
        paid_on=TODAY,
        recorded_by=world.manager,
        recorded_at=AT,
    )
    last = invoices[0].pay_until
    assert last is not None

    def expired(on: object) -> list[bool]:
        page = document_rows(actor=actor_of(world.head), chosen=DocumentFilter(), on=on)  # type: ignore[arg-type]
        return [row.is_expired for row in sorted(page.rows, key=lambda row: row.title)]

    assert (expired(last), expired(last + timedelta(days=1))) == ([False, False], [False, True])


def test_page_tells_versions_files_and_who_fetched(client: Client, world: World, paper: Document) -> None:
    revised = revision_issue(document_id=paper.pk, day=TODAY, at=AT + timedelta(hours=1))
    client.force_login(world.head)
    client.get(reverse("documents:download", args=[revised.uid])).getvalue()
    page = client.get(reverse("documents:detail", args=[revised.uid])).content.decode()
    client.force_login(world.manager)
    staff = client.get(reverse("documents:detail", args=[revised.uid])).content.decode()

    assert "исправление № 1" in page
    assert reverse("documents:detail", args=[paper.uid]) in page
    assert "Кто скачивал" not in page
    assert world.head.get_full_name() in staff
    assert "Выписать исправление" in staff
    assert "Выписать исправление" not in page


def test_manager_asks_for_a_revision_from_the_page(client: Client, world: World, paper: Document) -> None:
    client.force_login(world.manager)

    response = client.post(reverse("documents:correct", args=[paper.uid]), {"revision": "1"})

    task = DocumentTask.objects.get()
    assert response["Location"] == reverse("documents:task", args=[task.uid])
    assert (task.kind, task.reference, task.options) == (DocumentKind.UPD, paper.reference, {"revision": 1})


def test_reason_that_cannot_be_kept_is_refused(client: Client, world: World, paper: Document) -> None:
    client.force_login(world.manager)

    response = client.post(reverse("documents:correct", args=[paper.uid]), {"reason": "цена\0"})

    assert response["Location"] == reverse("documents:detail", args=[paper.uid])
    assert not DocumentTask.objects.exists()


def test_infected_copy_is_refused(world: World, paper: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    def infected(self: object, content: object) -> None:
        raise Infected("Eicar")

    monkeypatch.setattr("portal.files.antivirus.NoAntivirus.scan", infected)

    with pytest.raises(CopyRefused, match="вредоносный"):
        signed_copy_add(uid=paper.uid, upload=Upload("a.pdf", SCAN), actor=actor_of(world.head), at=AT)

    paper.refresh_from_db()
    assert (SignedCopy.objects.count(), paper.state) == (0, DocumentState.ISSUED)


def test_act_is_signed_on_its_own_page_only(client: Client, world: World) -> None:
    act = make_upd(make_order(world), kind=DocumentKind.ACT)

    with pytest.raises(CopyRefused, match="на его странице"):
        signed_copy_add(uid=act.uid, upload=Upload("a.pdf", SCAN), actor=actor_of(world.head), at=AT)

    act.refresh_from_db()
    assert (SignedCopy.objects.count(), act.state) == (0, DocumentState.ISSUED)
    client.force_login(world.head)
    assert "Скан с подписью" not in client.get(reverse("documents:detail", args=[act.uid])).content.decode()


def test_who_sees_the_money_only_fetches_an_act(world: World) -> None:
    act = make_upd(make_order(world), kind=DocumentKind.ACT)
    actor = actor_of(world.head).without(Permission.DOCUMENT_VIEW)

    assert document_fetch(uid=act.uid, actor=actor, at=AT) == act


def test_signed_copy_makes_the_paper_signed(client: Client, world: World, paper: Document) -> None:
    client.force_login(world.head)
    page = reverse("documents:detail", args=[paper.uid])

    for _twice in range(2):
        scan = SimpleUploadedFile("../../скан.exe", SCAN, content_type="text/plain")
        client.post(reverse("documents:copy_add", args=[paper.uid]), {"copy": scan})

    copy = SignedCopy.objects.get()
    paper.refresh_from_db()
    assert (copy.name, copy.document, copy.uploaded_by) == ("скан.exe.pdf", paper, world.head)
    assert paper.state == DocumentState.SIGNED
    assert found(world, original=SIGNED) == [str(paper)]
    address = f"{reverse('documents:download', args=[paper.uid])}?copy={copy.pk}"
    assert address in client.get(page).content.decode()
    answer = client.get(address)
    assert (answer.getvalue(), answer["Content-Type"]) == (SCAN, "application/pdf")


@pytest.mark.parametrize("query", ["copy=999999", "copy=-1", "copy=x", "file=7", "copy=99999999999"])
def test_file_of_another_paper_is_not_found(
    client: Client, world: World, paper: Document, query: str
) -> None:
    client.force_login(world.head)

    answer = client.get(f"{reverse('documents:download', args=[paper.uid])}?{query}")

    assert answer.status_code == 404
    assert not DocumentDownload.objects.exists()  # nothing was given, and nothing is noted


def test_damaged_file_is_not_noted_as_taken(
    client: Client, world: World, paper: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_arguments: object, **_options: object) -> None:
        raise FileDamaged

    client.force_login(world.head)
    address = reverse("documents:download", args=[paper.uid])
    with monkeypatch.context() as broken:
        broken.setattr(views, "file_response", damaged)
        refused = client.get(address)
    noted = DocumentDownload.objects.count()
    given = client.get(address)

    assert (refused.status_code, noted) == (503, 0)
    assert (given.status_code, DocumentDownload.objects.count()) == (200, 1)
    given.close()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "пустой"),
        (b"MZ\x90\x00 program", "не PDF"),
        (b"<?xml version='1.0'?><a/>", "не PDF"),
        (b"%PDF-" + b"0" * MOST_BYTES, "больше 20 МБ"),
        (pdf(201), "страниц"),
        (b"%PDF-1.7 cut", "a.pdf"),
    ],
    ids=["empty", "program", "xml", "heavy", "many pages", "broken"],
)
def test_what_is_no_scan_is_refused(world: World, paper: Document, content: bytes, reason: str) -> None:
    with pytest.raises(CopyRefused, match=reason):
        signed_copy_add(uid=paper.uid, upload=Upload("a.pdf", content), actor=actor_of(world.head), at=AT)

    paper.refresh_from_db()
    assert (SignedCopy.objects.count(), paper.state) == (0, DocumentState.ISSUED)


def test_stranger_adds_no_copy(client: Client, world: World, paper: Document) -> None:
    for person in (world.other_buyer, make_person(world.holding, "buyer"), world.other_manager):
        client.force_login(person)
        answer = client.post(
            reverse("documents:copy_add", args=[paper.uid]), {"copy": SimpleUploadedFile("a.pdf", SCAN)}
        )
        assert answer.status_code == 404
    assert SignedCopy.objects.count() == 0


def test_copy_of_a_paper_of_1c_is_fetched_though_its_file_has_not_come(client: Client, world: World) -> None:
    received = make_received(world.entity, order=make_order(world), content=b"")
    client.force_login(world.head)
    client.post(
        reverse("documents:received_copy_add", args=[received.uid]),
        {"copy": SimpleUploadedFile("a.pdf", SCAN)},
    )
    copy = SignedCopy.objects.get()

    page = client.get(reverse("documents:received_detail", args=[received.uid])).content.decode()
    answer = client.get(f"{reverse('documents:received', args=[received.uid])}?copy={copy.pk}")

    assert f"?copy={copy.pk}" in page
    assert answer.getvalue() == SCAN
    assert DocumentDownload.objects.get().received == received
    ReceivedDocument.objects.update(is_deleted=True)
    assert client.get(reverse("documents:received_detail", args=[received.uid])).status_code == 404
