"""Who keeps signed copies of papers, and copies that are returned."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Notice
from accounts.notices import NoticeKind
from accounts.permissions import Permission
from counterparties.actor import AccessDenied
from documents.models import Document, RequiredPaper, SignedCopy
from documents.selectors import DocumentFilter, document_rows
from documents.selectors.completeness import Standing, completeness_rows
from documents.selectors.listing import SIGNED
from documents.services.shipment_papers import shipment_papers_issue
from documents.services.signed_copies import CopyRefused, Upload, signed_copy_add, signed_copy_return
from documents.states import DocumentKind, DocumentState, ReceivedKind
from tests.documents.contracts.samples import pdf
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of

SCAN = pdf()
UPLOAD = Upload("a.pdf", SCAN)
FORM = "Скан с подписью"

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(world: World, quick_pdf: None) -> Document:
    """Of the buyer's own order, whom the role lets see it and not sign."""
    portal_numbers(world.organization, DocumentKind.UPD)
    return shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)[0]


def shown(client: Client, person: object, paper: Document) -> str:
    client.force_login(person)  # type: ignore[arg-type]
    return client.get(reverse("documents:detail", args=[paper.uid])).content.decode()


def signed_rows(world: World) -> int:
    return document_rows(
        actor=actor_of(world.head), chosen=DocumentFilter(original=SIGNED), on=TODAY
    ).page.paginator.count


# --- who --------------------------------------------------------------------------------------------
def test_who_only_sees_a_paper_signs_none(client: Client, world: World, paper: Document) -> None:
    address = reverse("documents:copy_add", args=[paper.uid])
    page = shown(client, world.buyer, paper)

    answer = client.post(address, {"copy": SimpleUploadedFile("a.pdf", SCAN)})
    with pytest.raises(AccessDenied):
        signed_copy_add(uid=paper.uid, upload=UPLOAD, actor=actor_of(world.buyer), at=AT)

    paper.refresh_from_db()
    assert (answer.status_code, FORM in page) == (403, False)
    assert (SignedCopy.objects.count(), paper.state) == (0, DocumentState.ISSUED)
    assert FORM in shown(client, world.head, paper)


def test_manager_in_the_cabinet_signs_none(world: World, paper: Document) -> None:
    visiting = actor_of(world.head, impersonator=world.manager)

    for actor in (visiting, visiting.without(Permission.DOCUMENT_SIGN)):
        with pytest.raises(AccessDenied):
            signed_copy_add(uid=paper.uid, upload=UPLOAD, actor=actor, at=AT)

    paper.refresh_from_db()
    assert (SignedCopy.objects.count(), paper.state) == (0, DocumentState.ISSUED)


def test_employee_keeps_what_came_by_post(client: Client, world: World, paper: Document) -> None:
    page = shown(client, world.manager, paper)

    copy = signed_copy_add(uid=paper.uid, upload=UPLOAD, actor=actor_of(world.manager), at=AT)

    paper.refresh_from_db()
    assert FORM in page
    assert (copy.uploaded_by, paper.state) == (world.manager, DocumentState.SIGNED)


def test_act_of_1c_gets_no_copy_on_its_page(client: Client, world: World) -> None:
    act = make_received(world.entity, order=make_order(world), kind=ReceivedKind.ACT)
    client.force_login(world.head)

    page = client.get(reverse("documents:received_detail", args=[act.uid])).content.decode()
    with pytest.raises(CopyRefused, match="на его странице"):
        signed_copy_add(uid=act.uid, upload=UPLOAD, actor=actor_of(world.head), at=AT, is_from_erp=True)

    assert FORM not in page
    assert not SignedCopy.objects.exists()


# --- returning --------------------------------------------------------------------------------------
def test_returned_copy_counts_no_more_and_its_signers_hear_why(
    client: Client, world: World, paper: Document
) -> None:
    RequiredPaper.objects.create(
        organization=world.organization, kind=ReceivedKind.UPD, needs_signed_copy=True
    )
    copy = signed_copy_add(uid=paper.uid, upload=UPLOAD, actor=actor_of(world.head), at=AT)
    address = reverse("documents:copy_return", args=[paper.uid])
    client.force_login(world.manager)

    client.post(address, {"copy": copy.pk, "reason": " "})
    kept = SignedCopy.objects.get().returned_at
    for _twice in range(2):
        client.post(address, {"copy": copy.pk, "reason": "Нет печати"})

    copy.refresh_from_db()
    paper.refresh_from_db()
    notice = Notice.objects.get()
    assert (kept, copy.returned_by, copy.return_reason) == (None, world.manager, "Нет печати")
    assert (paper.state, signed_rows(world)) == (DocumentState.ISSUED, 0)
    cell = completeness_rows(actor=actor_of(world.head), on=TODAY).rows[0].cells[0]
    assert cell.standing == Standing.UNSIGNED
    assert (notice.user, notice.kind, notice.text) == (world.head, NoticeKind.PAPERS_OWED, "Нет печати")
    assert "Нет печати" in shown(client, world.head, paper)


def test_same_scan_after_a_return_is_another_copy(world: World, paper: Document) -> None:
    first = signed_copy_add(uid=paper.uid, upload=UPLOAD, actor=actor_of(world.head), at=AT)
    signed_copy_return(
        uid=paper.uid, copy_id=first.pk, reason="Не та страница", actor=actor_of(world.manager), at=AT
    )

    second = signed_copy_add(uid=paper.uid, upload=UPLOAD, actor=actor_of(world.head), at=AT)

    paper.refresh_from_db()
    assert (second.pk != first.pk, paper.state) == (True, DocumentState.SIGNED)


def test_paper_with_another_copy_stays_signed(world: World, paper: Document) -> None:
    first, second = (
        signed_copy_add(uid=paper.uid, upload=Upload("a.pdf", pdf(pages)), actor=actor_of(world.head), at=AT)
        for pages in (1, 2)
    )

    signed_copy_return(uid=paper.uid, copy_id=first.pk, reason="Криво", actor=actor_of(world.manager), at=AT)

    paper.refresh_from_db()
    assert (paper.state, second.returned_at) == (DocumentState.SIGNED, None)


def test_copy_of_1c_is_returned_too_and_by_its_staff_only(client: Client, world: World) -> None:
    received = make_received(world.entity, order=make_order(world))
    copy = signed_copy_add(
        uid=received.uid, upload=UPLOAD, actor=actor_of(world.head), at=AT, is_from_erp=True
    )
    address = reverse("documents:received_copy_return", args=[received.uid])
    statuses = []

    for person in (world.head, world.other_manager, world.manager):
        client.force_login(person)
        statuses.append(client.post(address, {"copy": copy.pk, "reason": "Нет печати"}).status_code)

    copy.refresh_from_db()
    assert statuses == [403, 404, 302]
    assert copy.return_reason == "Нет печати"
