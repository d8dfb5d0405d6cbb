"""Pages of claims: the client's and the employee's side."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from counterparties.permissions import ReadyRole
from documents.layout.claim_act import claim_act_html
from documents.states import DocumentKind
from orders.claim_states import ClaimWish
from orders.models import Claim, ErpDocument
from orders.selectors.claims import ClaimFilter, claim_card, claim_rows
from orders.services.receipts import receipt_create
from orders.states import ErpDocumentKind
from tests.documents.contracts.samples import picture
from tests.documents.shipments import portal_numbers
from tests.factories import AT, World, actor_of, make_manager, make_person
from tests.flows.claim_rows import make_claim_row
from tests.orders.claims import approve, make_claim, returned, shipped
from tests.orders.test_erp import browser

_ANSWERS = ("claim_take", "claim_approve", "claim_reject", "claim_credit", "claim_complete")


@pytest.fixture
def paper(world: World) -> ErpDocument:
    return shipped(world)


@pytest.fixture
def claim(world: World, paper: ErpDocument) -> Claim:
    return make_claim(world.buyer, paper)


def body(paper: ErpDocument, quantity: str = "2", **told: Any) -> dict[str, Any]:
    row = paper.lines.get()
    usual = {"kind": "defect", "wish": "refund", "comment": "Разбито", "idempotency_key": str(uuid4())}
    return {f"q-{row.pk}": quantity, f"note-{row.pk}": "Скол", **usual, **told}


def page_of(client: Client, claim: Claim) -> str:
    answer = client.get(reverse("orders:claim", args=[claim.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, name: str, claim: Claim, **told: Any) -> list[str]:
    """Post, and the messages on the page after it."""
    answer = client.post(reverse(f"orders:{name}", args=[claim.pk]), told, follow=True)
    assert answer.redirect_chain[0][0] == reverse("orders:claim", args=[claim.pk])
    return [str(message) for message in answer.context["messages"]]


# --- the client ---------------------------------------------------------------------------------------
def test_client_claims_with_photos(world: World, paper: ErpDocument) -> None:
    client = browser(world.buyer)
    address = reverse("orders:claim_new", args=[paper.pk])
    photos = [SimpleUploadedFile("бой.png", picture()), SimpleUploadedFile("ещё.png", picture(size=(9, 9)))]

    form = client.get(address).content.decode()
    answer = client.post(address, body(paper, photos=photos))

    claim = Claim.objects.get()
    assert 'enctype="multipart/form-data"' in form
    assert answer.url == reverse("orders:claim", args=[claim.pk])
    page = page_of(client, claim)
    assert "Скол" in page
    assert "бой.png" in page
    assert "Отозвать" in page
    assert "Одобрить" not in page
    file = claim.files.order_by("pk")[0]
    shown = client.get(reverse("orders:claim_file", args=[claim.pk, file.uid]))
    assert b"".join(shown.streaming_content) == picture()  # type: ignore[attr-defined]
    stranger = browser(world.other_buyer)
    assert stranger.get(reverse("orders:claim_file", args=[claim.pk, file.uid])).status_code == 404


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({"quantity": "9"}, "не больше 4"),
        ({"quantity": "много"}, "числом"),
        ({"quantity": "0"}, "хотя бы в одной строке"),
        ({"kind": "нет такого"}, "Выберите"),
        ({"comment": "я" * 2001}, "2000"),
        ({"photos": SimpleUploadedFile("x.png", b"MZ")}, "не PDF"),
    ],
)
def test_form_comes_back_with_what_was_typed(
    world: World, paper: ErpDocument, told: dict[str, Any], fault: str
) -> None:
    answer = browser(world.buyer).post(reverse("orders:claim_new", args=[paper.pk]), body(paper, **told))

    page = answer.content.decode()
    assert (answer.status_code, Claim.objects.count()) == (422, 0)
    assert fault in page
    assert "Скол" in page


def test_double_click_is_one_claim(world: World, paper: ErpDocument) -> None:
    client, told = browser(world.buyer), body(paper)
    address = reverse("orders:claim_new", args=[paper.pk])

    first, second = client.post(address, told), client.post(address, told)

    assert first.url == second.url
    assert Claim.objects.count() == 1


def test_differences_of_a_receipt_fill_the_form(world: World, paper: ErpDocument) -> None:
    row = paper.lines.get()
    client = browser(world.buyer)

    answer = client.post(
        reverse("orders:receive", args=[paper.pk]), {f"q-{row.pk}": "1", f"note-{row.pk}": "Нет коробки"}
    )
    page = client.get(answer.url).content.decode()

    assert answer.url == reverse("orders:claim_new", args=[paper.pk])
    assert f'name="q-{row.pk}" value="3"' in page
    assert "Нет коробки" in page
    assert '<option value="shortage" selected>' in page


def test_receipt_without_differences_goes_back_to_the_order(world: World, paper: ErpDocument) -> None:
    answer = browser(world.buyer).post(reverse("orders:receive", args=[paper.pk]), {"everything": "1"})

    assert answer.url == reverse("orders:detail", args=[paper.part.order_id])


def test_order_page_leads_to_a_claim(world: World, paper: ErpDocument) -> None:
    actor = actor_of(world.buyer)
    row = paper.lines.get()
    receipt_create(
        actor=actor, shipment_id=paper.pk, quantities={row.pk: Decimal(1)}, notes={}, comment="", at=AT
    )

    page = browser(world.buyer).get(reverse("orders:detail", args=[paper.part.order_id])).content.decode()

    assert reverse("orders:claim_new", args=[paper.pk]) in page
    assert "Заявить о расхождении" in page


def test_client_withdraws_in_one_tab_while_the_manager_answered(world: World, claim: Claim) -> None:
    approve(world, claim)

    told = send(browser(world.buyer), "claim_withdraw", claim)

    assert told == ["Состояние рекламации уже изменилось: Одобрена → Отозвана."]
    assert Claim.objects.get().state == "approved"


def test_more_photos_until_the_answer(world: World, claim: Claim) -> None:
    client = browser(world.buyer)
    address = reverse("orders:claim_files", args=[claim.pk])

    empty = client.post(address)
    added = client.post(address, {"photos": SimpleUploadedFile("бой.png", picture())})
    approve(world, claim)
    late = client.post(address, {"photos": SimpleUploadedFile("поздно.png", picture(size=(8, 8)))})

    assert (empty.status_code, added.status_code, late.status_code) == (422, 302, 422)
    assert claim.files.count() == 1


# --- the employee -------------------------------------------------------------------------------------
def test_manager_takes_approves_in_part_and_credits(world: World, paper: ErpDocument, claim: Claim) -> None:
    portal_numbers(world.organization, DocumentKind.CORRECTION)
    manager, line = browser(world.manager), claim.lines.get()

    assert send(manager, "claim_take", claim) == ["Рекламация в работе."]
    refused = send(manager, "claim_approve", claim, **{f"q-{line.pk}": "1"})
    assert refused == ["Укажите причину: её увидит клиент."]
    told = send(manager, "claim_approve", claim, **{f"q-{line.pk}": "1", f"reason-{line.pk}": "Одна цела"})
    assert told == ["Рекламация: одобрена частично."]
    assert "Оформить возврат на 100,00" in page_of(manager, claim).replace("&nbsp;", " ")

    assert send(manager, "claim_credit", claim) == ["Сумма зачтена."]
    assert send(manager, "claim_credit", claim) == ["Сумма зачтена."]

    claim = Claim.objects.get()
    back = ErpDocument.objects.get(kind=ErpDocumentKind.RETURN)
    assert (claim.state, claim.credit_sum, claim.credit_paper) == ("credited", 100, back)
    page = page_of(browser(world.head), claim)
    assert "Одна цела" in page
    assert "Сумма зачтена" in page


def test_return_of_1c_is_chosen_by_hand(world: World, paper: ErpDocument, claim: Claim) -> None:
    approve(world, claim)
    back = returned(paper, "1")
    manager = browser(world.manager)
    assert f"Зачесть по возврату {back.number}" in page_of(manager, claim)

    for wrong in ("0", "x" * 500, str(paper.pk), "9" * 9):
        send(manager, "claim_credit", claim, paper=wrong)
        assert Claim.objects.get().state == "approved"
    send(manager, "claim_credit", claim, paper=str(back.pk))

    assert (Claim.objects.get().state, Claim.objects.get().credit_paper) == ("credited", back)


def test_1c_numbers_corrections_so_its_return_is_awaited(world: World, claim: Claim) -> None:
    approve(world, claim)
    portal_numbers(world.organization, DocumentKind.CORRECTION, issuer="erp")
    manager = browser(world.manager)

    assert "Ждём возврат из 1С" in page_of(manager, claim)
    told = send(manager, "claim_credit", claim)

    assert told == ["Корректировки этой организации оформляет 1С: дождитесь её возврата."]
    assert Claim.objects.get().state == "approved"


def test_money_of_the_credit_is_for_those_who_see_money(world: World, paper: ErpDocument) -> None:
    receiver = make_person(world.holding, ReadyRole.RECEIVER)
    claim = approve(world, make_claim(world.buyer, paper))
    Claim.objects.filter(pk=claim.pk).update(
        state="credited", credit_reference="erp_document:1", credited_at=AT, credit_sum="123.45"
    )

    assert "123,45" in page_of(browser(world.manager), claim)
    assert "123,45" not in page_of(browser(receiver), claim)


def test_nobody_else_acts(world: World, claim: Claim) -> None:
    others = [browser(world.other_buyer), browser(make_manager())]
    for name in ("claim_withdraw", *_ANSWERS):
        for client in others:
            answer = client.post(reverse(f"orders:{name}", args=[claim.pk]), {"answer": "Нет", "note": "Да"})
            assert answer.status_code in {403, 404}
    for name in _ANSWERS:
        mine = browser(world.buyer).post(reverse(f"orders:{name}", args=[claim.pk]), {"answer": "Нет"})
        assert mine.status_code == 403
    assert list(claim.steps.values_list("state", flat=True)) == ["submitted"]


def test_hostile_words_are_shown_as_words(world: World, paper: ErpDocument) -> None:
    claim = make_claim(world.buyer, paper, comment="<script>alert(1)</script>", note="<b>жирно</b>")

    for client in (browser(world.buyer), browser(world.manager)):
        page = page_of(client, claim)
        assert "<script>alert(1)" not in page
        assert "<b>жирно" not in page


# --- the list -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_two_queries(
    world: World, paper: ErpDocument, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(count):
        make_claim(world.buyer, paper, "1")
    actor = actor_of(world.manager)

    with django_assert_num_queries(2):
        found = claim_rows(actor=actor, chosen=ClaimFilter(), at=AT)
        shown = [(row.claim.shipment.part.order.label, row.claim.legal_entity.name) for row in found.rows]

    assert len(shown) == count
    assert {row.total for row in found.rows} == {Decimal(100)}


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_as_many_queries_whatever_its_lines(world: World, count: int) -> None:
    """The page of a claim with three lines and files asks no more than with one."""
    claim = make_claim_row(shipped(world))
    for number in range(2, count + 1):
        claim.lines.create(position=number, name="Болт", quantity=1, shipped=2, price=10, gross=10)
    client = browser(world.manager)
    page_of(client, claim)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        page_of(client, claim)

    about = [query for query in asked.captured_queries if "orders_claim" in query["sql"]]
    assert len(about) == 4


def test_employee_sees_first_what_waits_longest(world: World, paper: ErpDocument) -> None:
    first, second, third = (make_claim(world.buyer, paper, "1") for _number in range(3))
    approve(world, first)
    Claim.objects.filter(pk=second.pk).update(answer_due_at=AT + timedelta(days=9))

    staff = claim_rows(actor=actor_of(world.manager), chosen=ClaimFilter(), at=AT)
    client = claim_rows(actor=actor_of(world.buyer), chosen=ClaimFilter(), at=AT)

    assert [row.claim for row in staff.rows] == [third, second, first]
    assert [row.claim for row in client.rows] == [third, second, first][0:3]
    late = claim_rows(
        actor=actor_of(world.manager), chosen=ClaimFilter(is_open=True), at=third.answer_due_at + timedelta(1)
    )
    assert [row.is_late for row in late.rows] == [True, False]


def test_list_is_filtered(world: World, paper: ErpDocument, claim: Claim) -> None:
    client = browser(world.manager)

    def found(**told: str) -> bool:
        return claim.number in client.get(reverse("orders:claims"), told).content.decode()

    assert found()
    assert found(q=claim.number.lower())
    assert found(state="open")
    assert found(kind="defect")
    assert found(q=paper.number)
    assert found(state="нет", legal_entity="x", page="z")
    assert not (found(state="approved"))
    assert not (found(kind="return"))
    assert found(q="Я\x00")  # asks for nothing
    assert not (found(q="нет"))
    assert claim.number not in browser(world.other_buyer).get(reverse("orders:claims")).content.decode()


# --- the act ------------------------------------------------------------------------------------------
def test_act_tells_papers_fact_and_difference(world: World, paper: ErpDocument) -> None:
    claim = make_claim(world.buyer, paper, "1", files=[("бой.png", picture())], comment="<i>Бой</i>")
    approve(world, claim)

    html = claim_act_html(claim_card(actor=actor_of(world.buyer), claim_id=claim.pk, at=timezone.now()))
    answer = browser(world.buyer).get(reverse("documents:claim_act", args=[claim.pk]))

    assert f"АКТ О РАСХОЖДЕНИЯХ № {claim.number}" in html
    assert "бой.png" in html
    assert "<i>Бой" not in html
    counts = ["4", "3", "1"]
    assert "".join(f'<td class="count">{count}</td>' for count in counts) in html
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_claim_is_talked_about(world: World, claim: Claim) -> None:
    start = reverse("counterparties:thread_start") + f"?about=claim:{claim.pk}"

    assert start in page_of(browser(world.buyer), claim)
    assert browser(world.buyer).get(start).status_code == 200
    assert browser(world.other_buyer).get(start).status_code == 404


def test_every_form_of_the_page_carries_its_token(world: World, paper: ErpDocument) -> None:
    waiting = make_claim(world.buyer, paper, "1")
    approved = approve(world, make_claim(world.buyer, paper, "1", wish=ClaimWish.REPLACE))

    for person, claim in ((world.buyer, waiting), (world.manager, waiting), (world.manager, approved)):
        page = page_of(browser(person), claim)
        assert page.count('method="post"') == page.count("csrfmiddlewaretoken")
