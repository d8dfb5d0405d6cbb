import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from pypdf import PdfReader

from counterparties.models import ContractTerms, OrganizationBankAccount, OrganizationSigner
from counterparties.permissions import ReadyRole
from documents.compose.invoice import DEFAULT_NOTICE, InvoiceNotPossible
from documents.layout.invoice import invoice_html
from documents.models import Document, DocumentDownload, NumberSequence
from documents.payloads.codec import from_json, payload_sha256
from documents.payloads.invoice import InvoicePayload
from documents.services import document_fetch, invoice_issue, invoice_mail
from documents.services import issuing as services
from orders.models import Order
from orders.states import OrderState, WrongState
from portal import outbox
from portal.files.serving import open_file
from portal.outbox.models import Job
from tests.documents.orders import make_order
from tests.factories import AT, World, actor_of, make_contract, make_organization, make_person

MAIL_HANDLER = "documents.handlers.send_invoice"


def test_invoice_issue_freezes_the_order(world: World) -> None:
    order = make_order(world)

    document = invoice_issue(order_id=order.pk, at=AT)

    payload = from_json(InvoicePayload, document.payload)
    assert (document.number, document.number_print, document.date) == (1, "1", date(2026, 11, 23))
    assert (document.reference, document.state) == (f"order:{order.pk}", "issued")
    assert (document.total, document.pay_until) == (Decimal("106555.13"), date(2026, 11, 30))
    assert document.payload_sha256 == payload_sha256(document.payload)
    assert payload.seller.inn == world.organization.inn
    assert payload.buyer.name == "ООО «Север»"
    assert payload.basis == f"Договор поставки № {world.contract.number} от 12.01.2026"
    assert payload.terms == "Предоплата. Получение: Самовывоз."
    assert [line.name for line in payload.lines] == ["Болт М8х40", "Кабель ВВГнг 3х2,5", "Книга учёта"]
    assert payload.notice == DEFAULT_NOTICE
    assert [(signer.role, signer.name) for signer in payload.signers] == [
        ("Руководитель", "Волков П. С."),
        ("Бухгалтер", "Орлова Е. Н."),
    ]


def test_invoice_issue_keeps_the_pdf(world: World) -> None:
    order = make_order(world)

    document = invoice_issue(order_id=order.pk, at=AT)

    with open_file(document.file) as stored:
        text = " ".join(PdfReader(io.BytesIO(stored.read())).pages[0].extract_text().split())
    assert "Счет на оплату № 1 от 23 ноября 2026 г." in text
    assert "Всего к оплате: 106 555,13" in text
    assert f"Заказ № {order.number}." in text


def test_invoice_issue_twice_gives_the_same(world: World, quick_pdf: None) -> None:
    order = make_order(world)
    first = invoice_issue(order_id=order.pk, at=AT)

    second = invoice_issue(order_id=order.pk, at=AT + timedelta(days=1))

    assert second == first
    assert Document.objects.count() == 1
    assert NumberSequence.objects.get().last_number == 1
    assert list(Job.objects.order_by("handler").values_list("handler", "queue", "key")) == [
        ("documents.handlers.note_invoice", "default", f"document:{first.pk}"),
        (MAIL_HANDLER, "mail", f"document:{first.pk}"),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("quicker", "are_locked"), [(1, [0, 0]), (3, [0] * 4), (4, [0, 0, 0, 0, 1])])
def test_invoice_whose_number_is_taken_is_laid_out_without_the_lock_first(
    world: World, monkeypatch: pytest.MonkeyPatch, quicker: int, are_locked: list[int]
) -> None:
    """Only the last of several tries lays out under the lock, where nobody can be quicker."""
    order, others = make_order(world), [make_order(world).pk for _ in range(quicker)]
    laid_out: list[tuple[str, bool]] = []

    def stand_in(kind: str, payload: InvoicePayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        if payload.order_number == order.number:
            laid_out.append((payload.number, connection.in_atomic_block))
            if others and not connection.in_atomic_block:
                invoice_issue(order_id=others.pop(), at=AT)
        return f"%PDF-1.7 {payload.order_number} {payload.number}".encode()

    monkeypatch.setattr(services, "paper_pdf", stand_in)

    document = invoice_issue(order_id=order.pk, at=AT)

    assert laid_out == [(f"{place}", bool(locked)) for place, locked in enumerate(are_locked, 1)]
    assert (document.number, from_json(InvoicePayload, document.payload).number) == (
        quicker + 1,
        f"{quicker + 1}",
    )
    assert sorted(Document.objects.values_list("number", flat=True)) == list(range(1, quicker + 2))


def test_numbers_run_per_organization_and_year(world: World, quick_pdf: None) -> None:
    other = make_organization("ООО «Опт-Юг»")
    other.invoice_prefix = "Ю-"
    other.save(update_fields=["invoice_prefix"])
    foreign = make_contract(world.entity, organization=other, is_default=False)
    new_year = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)  # midnight in Moscow

    numbers = [
        invoice_issue(order_id=make_order(world, contract=contract).pk, at=at).number_print
        for contract, at in [
            (world.contract, AT),
            (foreign, AT),
            (world.contract, AT),
            (foreign, AT),
            (world.contract, new_year),
        ]
    ]

    assert numbers == ["1", "Ю-1", "2", "Ю-2", "1"]


def test_invoice_issue_counts_deferral_of_the_contract(world: World, quick_pdf: None) -> None:
    world.contract.deferral_days = 12  # from Monday 23 November to Saturday
    world.contract.save(update_fields=["deferral_days"])

    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    assert document.pay_until == date(2026, 12, 7)


def test_invoice_of_an_entrepreneur_is_signed_by_him(world: World, quick_pdf: None) -> None:
    world.organization.inn, world.organization.kpp = "500100732259", ""
    world.organization.save(update_fields=["inn", "kpp"])

    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    payload = from_json(InvoicePayload, document.payload)
    assert [(signer.role, signer.name) for signer in payload.signers] == [("Предприниматель", "Волков П. С.")]
    assert "|KPP=" not in payload.qr


def test_invoice_is_signed_by_whom_its_pictures_are_of(world: World, quick_pdf: None) -> None:
    signer = {"organization": world.organization, "valid_from": date(2026, 1, 1), "position": "Директор"}
    OrganizationSigner.objects.create(role="head", surname="Седов", name="Олег", patronymic="Ильич", **signer)
    OrganizationSigner.objects.create(
        role="accountant",
        surname="Лосева",
        name="Ирина",
        valid_until=date(2026, 11, 22),
        **signer | {"position": "Бухгалтер"},
    )
    OrganizationSigner.objects.create(
        role="accountant",
        surname="Котова",
        name="Нина",
        authority_number="7",
        authority_date=date(2026, 11, 20),
        **signer | {"valid_from": date(2026, 11, 23), "position": "Заместитель бухгалтера"},
    )

    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    payload = from_json(InvoicePayload, document.payload)
    assert [(one.role, one.name) for one in payload.signers] == [
        ("Директор", "Седов О. И."),
        ("Бухгалтер", "Котова Н."),
    ]
    assert "по доверенности № 7 от 20.11.2026" in invoice_html(payload)


def test_prepaid_order_is_paid_in_bank_days_whatever_its_contract_defers(
    world: World, quick_pdf: None
) -> None:
    ContractTerms.objects.create(
        contract=world.contract, valid_from=AT, deferral_days=30, prepayment_percent=Decimal("30.00")
    )
    deferred, prepaid = make_order(world), make_order(world)
    Order.objects.filter(pk=prepaid.pk).update(payment_terms="prepaid")

    first, second = [invoice_issue(order_id=one.pk, at=AT) for one in (deferred, prepaid)]

    assert (first.pay_until, first.payload["terms"]) == (
        date(2026, 12, 23),
        "Предоплата 30%, остальное с отсрочкой. Получение: Самовывоз.",
    )
    assert (second.pay_until, second.payload["terms"]) == (
        date(2026, 11, 30),
        "Предоплата. Получение: Самовывоз.",
    )


def test_invoice_without_possible_code_is_issued_all_the_same(world: World, quick_pdf: None) -> None:
    OrganizationBankAccount.objects.update(bic="12345")

    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    assert from_json(InvoicePayload, document.payload).qr == ""


@pytest.mark.parametrize("state", [OrderState.SUBMITTED, OrderState.CANCELLED])
def test_invoice_issue_refuses_an_unconfirmed_order(world: World, quick_pdf: None, state: str) -> None:
    order = make_order(world, state=state)

    with pytest.raises(WrongState):
        invoice_issue(order_id=order.pk, at=AT)

    assert (Document.objects.count(), NumberSequence.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_invoice_issue_says_what_the_seller_lacks(world: World, quick_pdf: None) -> None:
    OrganizationBankAccount.objects.all().delete()
    order = make_order(world)

    with pytest.raises(InvoiceNotPossible, match="не указан основной расчетный счет"):
        invoice_issue(order_id=order.pk, at=AT)

    assert Document.objects.count() == 0
    assert NumberSequence.objects.get().last_number == 0


@pytest.mark.django_db(transaction=True)
def test_invoice_issue_leaves_nothing_when_its_last_write_fails(
    quick_pdf: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    world: World = request.getfixturevalue("world")
    order = make_order(world)

    def broken(event: outbox.Event) -> None:
        raise RuntimeError("the last write")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "publish", broken)
        with pytest.raises(RuntimeError, match="the last write"):
            invoice_issue(order_id=order.pk, at=AT)

    assert (Document.objects.count(), Job.objects.count()) == (0, 0)
    assert NumberSequence.objects.get().last_number == 0
    assert invoice_issue(order_id=order.pk, at=AT).number == 1


def test_invoice_mail_brings_the_paper_to_the_clients_people(world: World, quick_pdf: None) -> None:
    make_person(world.holding, ReadyRole.ACCOUNTANT, email="accountant@north.example")
    make_person(world.holding, ReadyRole.ACCOUNTANT, email="elsewhere@north.example", legal_entities=[])
    make_person(
        world.holding,
        ReadyRole.ACCOUNTANT,
        email="left@north.example",
        valid_until=AT.date() - timedelta(days=1),
    )
    make_person(world.other_holding, ReadyRole.ACCOUNTANT, email="accountant@south.example")
    order = make_order(world)
    document = invoice_issue(order_id=order.pk, at=AT)

    sent = invoice_mail(document_id=document.pk, at=AT, key="document:1")

    letter = mail.outbox[0]
    assert sent == 3
    assert sorted(one.to[0] for one in mail.outbox) == sorted(
        [world.buyer.email, "accountant@north.example", world.entity.email]
    )
    assert letter.subject == f"Счет № 1 от 23.11.2026 по заказу {order.number}"
    assert letter.attachments == [
        (
            "Счет № 1 от 23.11.2026.pdf",
            f"%PDF-1.7 {world.organization.inn} 1 {order.number}".encode(),
            "application/pdf",
        )
    ]
    assert f"http://localhost:8000/documents/{document.uid}/" in letter.body
    assert "на 106\u00a0555,13 руб." in letter.body
    assert "Получатель: ООО «Опт-Портал»" in letter.body
    html, mime = letter.alternatives[0]
    assert mime == "text/html"
    assert "<b>106\u00a0555,13 руб.</b>" in html


def test_invoice_is_mailed_once_a_job_and_can_be_recognised(world: World, quick_pdf: None) -> None:
    world.entity.email = ""
    world.entity.save(update_fields=["email"])
    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    for key in ("document:1", "document:1", "document:2"):
        invoice_mail(document_id=document.pk, at=AT, key=key)

    ids = [letter.message()["Message-ID"] for letter in mail.outbox]
    assert len(ids) == len(set(ids)) == 2
    assert ids[0].startswith("<")
    assert ids[0].endswith("@example.com>")
    assert [letter.message()["X-Job-Key"] for letter in mail.outbox] == [
        f"document:1:{world.buyer.email}",
        f"document:2:{world.buyer.email}",
    ]


@pytest.mark.parametrize("case", ["links", "heavy"])
def test_invoice_goes_by_a_link_where_files_are_not_sent(
    world: World, quick_pdf: None, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    world.organization.mails_links = case == "links"
    world.organization.save(update_fields=["mails_links"])
    if case == "heavy":
        monkeypatch.setattr("documents.services.enclosures.MOST_ENCLOSED", document.file.size - 1)

    invoice_mail(document_id=document.pk, at=AT, key="document:1")

    letter = mail.outbox[0]
    assert letter.attachments == []
    assert "Во вложении" not in letter.body
    assert f"http://localhost:8000/documents/{document.uid}/" in letter.body


def test_invoice_is_mailed_in_the_language_of_each(world: World, quick_pdf: None) -> None:
    world.buyer.language = "en"
    world.buyer.save(update_fields=["language"])
    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    invoice_mail(document_id=document.pk, at=AT, key="document:1")

    subjects = {letter.to[0]: letter.subject for letter in mail.outbox}
    assert subjects[world.buyer.email].startswith("Invoice No. 1 of 23.11.2026")
    assert subjects[world.entity.email].startswith("Счет № 1 от 23.11.2026")
    assert "List-Unsubscribe" not in mail.outbox[0].message()


def test_invoice_mail_without_anybody_sends_nothing(world: World, quick_pdf: None) -> None:
    order = make_order(world)
    document = invoice_issue(order_id=order.pk, at=AT)
    world.buyer.is_active = False
    world.buyer.save(update_fields=["is_active"])
    world.entity.email = ""
    world.entity.save(update_fields=["email"])

    assert invoice_mail(document_id=document.pk, at=AT, key="document:1") == 0
    assert mail.outbox == []


def test_document_fetch_notes_who_took_it_and_in_whose_name(world: World, quick_pdf: None) -> None:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    fetched = document_fetch(uid=document.uid, actor=actor_of(world.buyer, impersonator=world.manager), at=AT)

    assert fetched == document
    assert list(DocumentDownload.objects.values_list("document_id", "user_id", "impersonator_id", "at")) == [
        (document.pk, world.buyer.pk, world.manager.pk, AT)
    ]


def test_document_fetch_of_a_stranger_leaves_no_note(world: World, quick_pdf: None) -> None:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)

    with pytest.raises(Document.DoesNotExist):
        document_fetch(uid=document.uid, actor=actor_of(world.other_buyer), at=AT)

    assert DocumentDownload.objects.count() == 0
