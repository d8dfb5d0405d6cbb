from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from counterparties.models import OrganizationSigner, TaxRegime
from documents.models import Document, NumberSequence
from documents.payloads.codec import from_json
from documents.payloads.transfer import TransferPayload
from documents.refusals import ChronologyBroken, PaperNotPossible, WrongStep
from documents.services import FileContent, issuing, received_file_keep
from documents.services.shipment_letters import original_mail, shipment_papers_mail
from documents.services.shipment_papers import (
    revision_issue,
    shipment_paper_issue,
    shipment_papers_issue,
)
from documents.services.states import document_step
from documents.states import DocumentKind, DocumentState, ReceivedKind, SeriesIssuer
from finance.models import LedgerEntry
from finance.states import LedgerKind, LedgerSource
from orders.models import ErpDocument, ErpDocumentLine
from portal.outbox.models import Job
from tests.documents.orders import make_order
from tests.documents.received_papers import LATER, make_received
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World

UPD = DocumentKind.UPD
MAIL_HANDLER = "documents.handlers.send_shipment_papers"
CLAIMS_HANDLER = "documents.handlers.issue_corrections_that_waited"


def payload_of(document: Document) -> TransferPayload:
    return from_json(TransferPayload, document.payload)


def test_nothing_is_issued_where_1c_numbers(world: World, quick_pdf: None) -> None:
    paper = make_shipment(world)

    assert shipment_papers_issue(paper_id=paper.pk, at=AT) == []

    with pytest.raises(PaperNotPossible, match="нумерует 1С"):
        shipment_paper_issue(paper_id=paper.pk, kind=UPD, day=TODAY, at=AT)
    assert (Document.objects.count(), NumberSequence.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_papers_of_one_counter_are_laid_out_once_each(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one knows that the first one takes the number that comes next."""
    portal_numbers(world.organization, UPD, DocumentKind.FACTURA)
    paper = make_shipment(world)
    laid_out: list[str] = []

    def stand_in(
        kind: str, payload: TransferPayload, images: object = None, *, earlier: bytes = b""
    ) -> bytes:
        laid_out.append(payload.number)
        return f"%PDF-1.7 {kind} {payload.number}".encode()

    monkeypatch.setattr(issuing, "paper_pdf", stand_in)

    documents = shipment_papers_issue(paper_id=paper.pk, at=AT)

    assert laid_out == ["1", "2"]
    assert [(document.kind, document.number) for document in documents] == [
        (UPD, 1), (DocumentKind.FACTURA, 2),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_only_the_paper_whose_number_was_taken_is_laid_out_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal_numbers(world.organization, UPD)
    portal_numbers(world.organization, DocumentKind.WAYBILL)
    paper, other = make_shipment(world), make_shipment(world)
    laid_out: list[tuple[str, str, bytes]] = []

    def stand_in(
        kind: str, payload: TransferPayload, images: object = None, *, earlier: bytes = b""
    ) -> bytes:
        laid_out.append((kind, payload.number, earlier))
        if len(laid_out) == 1:
            shipment_paper_issue(paper_id=other.pk, kind=UPD, day=TODAY, at=AT)
        return f"%PDF-1.7 {kind} {payload.number}".encode()

    monkeypatch.setattr(issuing, "paper_pdf", stand_in)

    documents = shipment_papers_issue(paper_id=paper.pk, at=AT)

    assert laid_out == [
        (UPD, "1", b""),
        (UPD, "1", b""),  # the other shipment's
        (DocumentKind.WAYBILL, "1", b""),
        (UPD, "2", b"%PDF-1.7 upd 1"),
    ]
    assert [(document.kind, document.number) for document in documents] == [
        (UPD, 2), (DocumentKind.WAYBILL, 1),
    ]  # fmt: skip


def test_upd_is_issued_once_with_the_sums_of_1c(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD, prefix="ОК", subdivision="3")
    paper = make_shipment(world)

    (document,) = shipment_papers_issue(paper_id=paper.pk, at=AT)
    again = shipment_papers_issue(paper_id=paper.pk, at=AT + timedelta(days=1))

    payload = payload_of(document)
    assert again == []
    assert (document.number_print, document.date, document.reference) == (
        "ОК1/3",
        TODAY,
        f"shipment:{paper.pk}",
    )
    assert document.sequence.kind == DocumentKind.FACTURA
    assert list(document.parts.all()) == [paper.part]
    assert (payload.status, payload.total.gross) == (1, paper.total)
    assert [(one.net, one.vat, one.gross) for one in (line.amount for line in payload.lines)] == [
        (Decimal("80631.15"), Decimal("17738.85"), Decimal("98370.00")),
        (Decimal("6414.04"), Decimal("1411.09"), Decimal("7825.13")),
    ]
    assert [line.price for line in payload.lines] == [Decimal("80.63"), Decimal("173.35")]
    assert [line.unit_code for line in payload.lines] == ["796", "006"]
    assert [(ref.name, ref.number) for ref in payload.shipments] == [
        ("Универсальный передаточный документ", "ОК1/3")
    ]
    assert [(ref.name, ref.number) for ref in payload.basis] == [("Договор поставки", world.contract.number)]
    assert payload.consignee is not None
    assert set(Job.objects.values_list("handler", flat=True)) == {MAIL_HANDLER, CLAIMS_HANDLER}


def test_upd_names_advances_of_earlier_days_and_who_signs(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    paper = make_shipment(world)
    for number, ago in (("315", 2), ("316", 0)):
        LedgerEntry.objects.create(
            organization=world.organization,
            legal_entity=world.entity,
            contract=world.contract,
            kind=LedgerKind.PAYMENT,
            document_key=f"payment:{number}",
            document_number=number,
            document_date=TODAY - timedelta(days=ago),
            business_date=TODAY - timedelta(days=ago),
            credit=Decimal(1000),
            order_reference=paper.part.reference,
            source=LedgerSource.ERP,
            created_at=AT,
        )
    for surname, since, until in (("Старый", 300, 10), ("Новый", 9, None)):
        OrganizationSigner.objects.create(
            organization=world.organization,
            role="head",
            position="Директор",
            surname=surname,
            name="Иван",
            valid_from=TODAY - timedelta(days=since),
            valid_until=None if until is None else TODAY - timedelta(days=until),
            authority_number="7",
            authority_date=TODAY - timedelta(days=300),
        )

    (document,) = shipment_papers_issue(paper_id=paper.pk, at=AT)

    payload = payload_of(document)
    assert [(one.number, one.amount) for one in payload.payments] == [("315", Decimal(1000))]
    assert payload.head is not None
    assert payload.head.authority is not None
    assert (payload.head.role, payload.head.name, payload.head.authority.number) == (
        "Директор",
        "Новый И.",
        "7",
    )
    assert payload.accountant is not None
    assert payload.accountant.name == "Орлова Е. Н."


def test_seller_without_vat_issues_a_plain_transfer(world: World, quick_pdf: None) -> None:
    world.organization.tax_regime = TaxRegime.SIMPLIFIED_EXEMPT
    world.organization.save(update_fields=["tax_regime"])
    portal_numbers(world.organization, UPD)
    paper = make_shipment(world)
    ErpDocumentLine.objects.update(vat_percent=None)

    (document,) = shipment_papers_issue(paper_id=paper.pk, at=AT)

    assert (payload_of(document).status, document.sequence.kind) == (2, UPD)
    portal_numbers(world.organization, DocumentKind.FACTURA)
    with pytest.raises(PaperNotPossible, match="счетов-фактур не выставляет"):
        shipment_paper_issue(paper_id=paper.pk, kind=DocumentKind.FACTURA, day=TODAY, at=AT)


def test_deleted_shipment_cancels_its_papers(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD, DocumentKind.WAYBILL)
    paper = make_shipment(world)
    shipment_papers_issue(paper_id=paper.pk, at=AT)
    ErpDocument.objects.update(is_deleted=True)

    for _repeat in range(2):
        assert shipment_papers_issue(paper_id=paper.pk, at=AT) == []

    assert set(Document.objects.values_list("state", flat=True)) == {DocumentState.CANCELLED}
    with pytest.raises(PaperNotPossible, match="отменена"):
        shipment_paper_issue(paper_id=paper.pk, kind=UPD, day=TODAY, at=AT)
    assert Document.objects.count() == 2


def test_upd_may_not_get_an_earlier_date_than_the_last_one(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)
    late = make_shipment(world, number="УТ-1041", day=TODAY - timedelta(days=1))

    with pytest.raises(ChronologyBroken, match=r"уже есть документ от 23\.11\.2026"):
        shipment_papers_issue(paper_id=late.pk, at=AT)

    assert Document.objects.count() == 1
    assert NumberSequence.objects.get().last_number == 1
    by_hand = shipment_paper_issue(paper_id=late.pk, kind=UPD, day=TODAY, at=AT)
    assert (by_hand.number, payload_of(by_hand).shipped_on) == (2, late.date)


def test_sums_that_do_not_agree_are_refused(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    paper = make_shipment(world)
    ErpDocument.objects.update(total=Decimal(1))

    with pytest.raises(PaperNotPossible, match="не равна сумме отгрузки"):
        shipment_papers_issue(paper_id=paper.pk, at=AT)

    assert Document.objects.count() == 0


def test_revision_keeps_number_and_date_and_is_one_of_two(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    paper = make_shipment(world)
    (original,) = shipment_papers_issue(paper_id=paper.pk, at=AT)
    ErpDocumentLine.objects.filter(document=paper).update(name="Болт М8х40 оцинкованный")
    later = TODAY + timedelta(days=3)

    revised = revision_issue(document_id=original.pk, day=later, at=AT + timedelta(days=3))

    original.refresh_from_db()
    payload = payload_of(revised)
    assert (original.state, revised.state) == (DocumentState.CORRECTED, DocumentState.ISSUED)
    assert (revised.number, revised.date, revised.revision, revised.replaces) == (1, TODAY, 1, original)
    assert payload.revision is not None
    assert (payload.revision.number, payload.revision.day, payload.number) == (
        1,
        later,
        original.number_print,
    )
    assert {line.name for line in payload.lines} == {"Болт М8х40 оцинкованный"}
    assert NumberSequence.objects.get().last_number == 1
    with pytest.raises(PaperNotPossible, match="только действующий"):
        revision_issue(document_id=original.pk, day=later, at=AT)
    assert Document.objects.count() == 2


def test_document_step_follows_the_table(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    (document,) = shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)

    document_step(document_id=document.pk, target=DocumentState.SENT)
    document_step(document_id=document.pk, target=DocumentState.SENT)
    document_step(document_id=document.pk, target=DocumentState.CANCELLED)

    with pytest.raises(WrongStep):
        document_step(document_id=document.pk, target=DocumentState.SIGNED)
    document.refresh_from_db()
    assert document.state == DocumentState.CANCELLED


def test_series_of_a_warehouse_goes_before_the_organizations(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD, issuer=SeriesIssuer.ERP)
    series = world.organization.number_series.get()
    series.pk, series.issuer, series.warehouse, series.prefix = None, "portal", world.main_warehouse, "С"
    series.save()

    (document,) = shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)

    assert document.number_print == "С1"


def test_letter_tells_of_papers_and_brings_them(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD, DocumentKind.WAYBILL)
    paper = make_shipment(world)
    documents = shipment_papers_issue(paper_id=paper.pk, at=AT)
    ids = [document.pk for document in documents]

    sent = shipment_papers_mail(paper_id=paper.pk, document_ids=ids, at=AT, key="documents:1")
    world.organization.mails_links = True
    world.organization.save(update_fields=["mails_links"])
    shipment_papers_mail(paper_id=paper.pk, document_ids=ids, at=AT, key="documents:2")

    whole, bare = mail.outbox[0], mail.outbox[2]
    assert sent == 2
    assert sorted(one.to[0] for one in mail.outbox[:2]) == sorted([world.buyer.email, world.entity.email])
    assert whole.subject == "Отгрузка № УТ-1042 от 23.11.2026: документы готовы"
    assert [name for name, _content, _mime in whole.attachments] == [
        "УПД № 1 от 23.11.2026.pdf",
        "Товарная накладная № 1 от 23.11.2026.pdf",
    ]
    assert bare.attachments == []
    assert f"/documents/{documents[0].uid}/" in bare.body


def test_shipment_of_long_ago_gets_papers_by_hand_only(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    paper = make_shipment(world, day=TODAY - timedelta(days=40))

    assert shipment_papers_issue(paper_id=paper.pk, at=AT) == []
    assert Document.objects.count() == 0
    assert shipment_paper_issue(paper_id=paper.pk, kind=UPD, day=TODAY, at=AT).number == 1


def test_original_of_1c_is_told_of_once_and_only_while_it_is_news(world: World) -> None:
    fresh = make_received(world.entity, order=make_order(world))
    received_file_keep(
        document_id=fresh.pk, content=FileContent(b"%PDF-1.7 second", "2.pdf", "application/pdf"), at=AT
    )
    invoice = make_received(world.entity, order=make_order(world), kind=ReceivedKind.INVOICE)
    of_nothing = make_received(world.entity, number="18", content=b"%PDF-1.7 alone")

    told = [
        original_mail(document_id=fresh.pk, at=LATER, key="received:1"),
        original_mail(document_id=fresh.pk, at=LATER + timedelta(days=30), key="received:1"),
        original_mail(document_id=of_nothing.pk, at=LATER, key="received:2"),
    ]

    assert told[0] > 0
    assert told[1:] == [0, 0]
    assert "Отгрузка № 17 от 24.11.2026" in mail.outbox[0].subject
    assert f"/documents/received/{fresh.uid}/" in mail.outbox[0].body
    jobs = Job.objects.filter(handler="documents.handlers.send_original").values_list("key", flat=True)
    assert sorted(jobs) == sorted([f"received:{fresh.pk}", f"received:{of_nothing.pk}"])
    assert invoice.file is not None


def test_letter_of_cancelled_papers_goes_to_nobody(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, UPD)
    paper = make_shipment(world)
    (document,) = shipment_papers_issue(paper_id=paper.pk, at=AT)
    document_step(document_id=document.pk, target=DocumentState.CANCELLED)

    assert shipment_papers_mail(paper_id=paper.pk, document_ids=[document.pk], at=AT, key="k") == 0
    assert mail.outbox == []
