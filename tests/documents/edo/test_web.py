"""Exchange files for people: the page, the download, the sending."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from documents.edo.operators import EdoReport, EdoSignature
from documents.models import DocumentDownload, EdoMessage
from documents.services.edo import edo_ask
from documents.services.edo_statuses import EdoTold, edo_told
from documents.states import EdoStatus
from orders.models import Order
from portal.files.papers import XML
from portal.files.services import private_storage
from tests.documents.edo.issued import make_upd, with_operator
from tests.documents.edo.papers import AT, HEAD, line, made, shipment
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.factories import World, actor_of, make_person

REJECTED = EdoTold(
    operator="Диадок",
    message_id="m-1",
    report=EdoReport(
        EdoStatus.REJECTED, AT, reason="Не та цена", signatures=(EdoSignature("Сидоров", "01AB"),)
    ),
)


@pytest.fixture
def drop(settings: Settings, tmp_path: Path) -> Path:
    settings.EDO_OPERATOR = "documents.edo.file_drop.FileDropOperator"
    settings.EDO_DROP_DIR = tmp_path
    return tmp_path


@pytest.fixture
def order(world: World) -> Order:
    return with_operator(make_order(world))


def received_xml(order: Order, content: bytes | None = None, *, number: str = "17") -> Any:
    content = made(shipment()).content if content is None else content
    return make_received(order.legal_entity, order=order, number=number, content=content, mime=XML)


def page(client: Client, name: str, uid: object) -> HttpResponse:
    return client.get(reverse(f"documents:{name}", args=[uid]))


def text(response: HttpResponse) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_paper_of_1c_is_read_as_a_person_reads(client: Client, world: World, order: Order) -> None:
    paper = received_xml(order)
    edo_told(received_id=paper.pk, told=REJECTED, at=AT)
    client.force_login(world.buyer)

    shown = text(page(client, "edo_view", paper.uid))

    for words in (
        "УПД, статус 1: счет-фактура и передаточный документ",
        "формат 5.03",
        "Кабель силовой ВВГнг(А)-LS 3х2,5",
        "106 555,13",
        "19 182,67",
        "ИНН 7805123456, КПП 780501001",
        "Договор поставки № ДП-15/2026 от 12.01.2026",
        "Иванов Иван Иванович",
        "Не та цена",
        "Сидоров, сертификат 01AB",
        "Скачать XML для загрузки в 1С",
    ):
        assert words in shown, words
    assert "Отправить через ЭДО" not in shown


def test_download_of_1cs_file_is_its_bytes_and_is_noted(client: Client, world: World, order: Order) -> None:
    paper = received_xml(order)
    client.force_login(world.buyer)

    response = page(client, "xml", paper.uid)

    content = response.getvalue()
    assert content == made(shipment()).content
    assert response["Content-Type"] == XML
    assert response["Content-Disposition"].startswith("attachment; ")
    assert list(DocumentDownload.objects.values_list("received_id", "user_id")) == [
        (paper.pk, world.buyer.pk)
    ]


def test_our_paper_is_shown_and_downloaded_before_it_is_sent(
    client: Client, world: World, order: Order
) -> None:
    document = make_upd(order)
    client.force_login(world.buyer)

    shown = text(page(client, "edo_view", document.uid))
    first, second = page(client, "xml", document.uid), page(client, "xml", document.uid)

    assert "106 555,13" in shown
    assert first.content == second.content
    assert "ON_NSCHFDOPPR_2BM-7805123456-1_2BM-7701123451-1_" in first["Content-Disposition"]
    assert first["X-Content-Type-Options"] == "nosniff"
    assert DocumentDownload.objects.filter(document=document).count() == 2
    assert not document.files.exists()


def test_paper_of_a_client_without_an_operator_can_be_downloaded(client: Client, world: World) -> None:
    document = make_upd(make_order(world))
    client.force_login(world.buyer)

    response = page(client, "xml", document.uid)

    assert response.status_code == 200
    assert f"ON_NSCHFDOPPR_{world.entity.inn}" in response["Content-Disposition"]


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("buyer", 200),
        ("head", 200),
        ("colleague", 404),
        ("receiver", 403),
        ("other_buyer", 404),
        ("manager", 200),
        ("other_manager", 404),
    ],
)
@pytest.mark.parametrize("name", ["edo_view", "xml"])
def test_strangers_find_nothing(
    client: Client, world: World, order: Order, persona: str, status: int, name: str
) -> None:
    document, paper = make_upd(order), received_xml(order)
    person = (
        make_person(world.holding, "buyer" if persona == "colleague" else "receiver")
        if persona in {"colleague", "receiver"}
        else getattr(world, persona)
    )
    client.force_login(person)

    ours, theirs = page(client, name, document.uid), page(client, name, paper.uid)
    if theirs.streaming:
        theirs.getvalue()

    assert (ours.status_code, theirs.status_code) == (status, status)
    assert DocumentDownload.objects.exists() == (status == 200 and name == "xml")


def test_paper_that_is_no_xml_has_no_page(client: Client, world: World, order: Order) -> None:
    paper = make_received(world.entity, order=order)
    client.force_login(world.buyer)

    assert page(client, "edo_view", paper.uid).status_code == 404
    assert page(client, "xml", paper.uid).status_code == 404
    assert page(client, "edo_view", uuid4()).status_code == 404


def test_faults_are_told_to_staff_and_not_to_the_client(client: Client, world: World, order: Order) -> None:
    document = make_upd(order, shipment(head=replace(HEAD, person=None)))
    client.force_login(world.manager)
    staff = text(page(client, "edo_view", document.uid))
    client.force_login(world.buyer)
    buyer = text(page(client, "edo_view", document.uid))
    answer = page(client, "xml", document.uid)

    assert "Имя полностью (Имя): не указано" in staff
    assert "Имя полностью" not in buyer
    assert "XML этого документа пока нет" in buyer
    assert answer.status_code == 302
    assert not DocumentDownload.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            b'<?xml version="1.0"?><Order xmlns="urn:x"/>',
            "Неизвестный формат: корневой элемент «{urn:x}Order»",
        ),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "есть DTD или сущности"),
        (b'<?xml version="1.0"?><a>', "Файл испорчен"),
        (b'<?xml version="1.0"?><a>' + b"x" * 9_000_000 + b"</a>", "слишком большой"),
    ],
)
def test_strange_file_is_told_of_and_still_downloaded(
    client: Client, world: World, order: Order, content: bytes, words: str
) -> None:
    paper = received_xml(order, content)
    client.force_login(world.buyer)

    response = page(client, "edo_view", paper.uid)
    kept = page(client, "xml", paper.uid)

    assert response.status_code == 200
    assert words in text(response)
    assert kept.getvalue() == content


def test_goods_with_markup_in_their_name_are_shown_as_text(
    client: Client, world: World, order: Order
) -> None:
    goods = (line("<script>alert(1)</script>", "1", "1", "22"),)
    paper = received_xml(order, made(shipment(goods)).content)
    client.force_login(world.buyer)

    shown = text(page(client, "edo_view", paper.uid))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown


def test_cut_file_is_told_of(client: Client, world: World, order: Order) -> None:
    paper = received_xml(order)
    Path(private_storage().path(paper.file.path)).write_bytes(b"<?xml")
    client.force_login(world.buyer)

    assert "Файл поврежден" in text(page(client, "edo_view", paper.uid))
    assert page(client, "xml", paper.uid).status_code == 503


def test_long_paper_shows_its_beginning(client: Client, world: World, order: Order) -> None:
    lines = tuple(line(f"Товар {number}", "1", "1", "22") for number in range(1, 1_003))
    paper = received_xml(order, made(shipment(lines)).content)
    client.force_login(world.buyer)

    shown = text(page(client, "edo_view", paper.uid))

    assert "Товар 1000<" in shown
    assert "Товар 1001<" not in shown
    assert "И ещё строк: 2" in shown


def test_manager_sends_a_paper_once(client: Client, world: World, order: Order, drop: Path) -> None:
    document = make_upd(order)
    client.force_login(world.manager)
    address = reverse("documents:edo_send", args=[document.uid])

    before = text(page(client, "edo_view", document.uid))
    first, second = client.post(address), client.post(address)
    after = text(page(client, "edo_view", document.uid))

    assert "Отправить через ЭДО" in before
    assert (first.status_code, second.status_code) == (302, 302)
    assert EdoMessage.objects.count() == 1
    assert "Отправить через ЭДО" not in after
    assert "Ждет отправки" in after


def test_manager_is_told_why_a_paper_is_not_sent(client: Client, world: World, drop: Path) -> None:
    document = make_upd(make_order(world))
    client.force_login(world.manager)

    response = client.post(reverse("documents:edo_send", args=[document.uid]), follow=True)

    assert f"Не указан идентификатор участника ЭДО: {world.entity.name}" in response.content.decode().replace(
        "&quot;", '"'
    )
    assert not EdoMessage.objects.exists()


def test_sending_takes_a_post_only(client: Client, world: World, order: Order, drop: Path) -> None:
    client.force_login(world.manager)

    assert client.get(reverse("documents:edo_send", args=[make_upd(order).uid])).status_code == 405


def test_client_sees_the_word_of_the_operator_in_the_list_and_the_order(
    client: Client, world: World, order: Order, drop: Path
) -> None:
    paper = received_xml(order)
    edo_told(received_id=paper.pk, told=REJECTED, at=AT)
    document = make_upd(order)
    edo_ask(document_id=document.pk, actor=actor_of(world.manager), at=AT)
    client.force_login(world.buyer)

    for address in (reverse("documents:list"), reverse("orders:detail", args=[order.pk])):
        shown = text(client.get(address))
        assert "ЭДО: отклонен, Не та цена" in shown
        assert "ЭДО: ждет отправки" in shown
        for uid in (paper.uid, document.uid):
            assert reverse("documents:edo_view", args=[uid]) in shown


@pytest.mark.parametrize("lines", [1, 3])
def test_page_takes_the_same_queries_for_any_paper(
    client: Client,
    world: World,
    order: Order,
    django_assert_num_queries: DjangoAssertNumQueries,
    lines: int,
) -> None:
    goods = tuple(line(f"Товар {number}", "1", "1", "22") for number in range(lines))
    paper = received_xml(order, made(shipment(goods)).content)
    client.force_login(world.buyer)
    page(client, "edo_view", paper.uid)

    with django_assert_num_queries(9):
        page(client, "edo_view", paper.uid)


def test_page_of_a_paper_leads_to_its_exchange_file_and_back(
    client: Client, world: World, order: Order
) -> None:
    paper, document = received_xml(order), make_upd(order)
    client.force_login(world.buyer)

    for name, uid in (("received_detail", paper.uid), ("detail", document.uid)):
        there, back = reverse("documents:edo_view", args=[uid]), reverse(f"documents:{name}", args=[uid])
        assert there in text(client.get(back))
        assert back in text(client.get(there))
