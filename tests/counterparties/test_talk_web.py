"""Pages of talks on both sides, the manager's card, files."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from counterparties.models import ManagerCard, Message, MessageFile, Thread, ThreadKind, ThreadReading
from counterparties.permissions import ReadyRole
from counterparties.services.thread_moves import thread_close
from tests.counterparties.merging_samples import send
from tests.counterparties.talks import about_order, about_product, begin, say
from tests.factories import World, actor_of, make_cart, make_manager, make_person
from tests.orders.claims import make_claim, shipped

pytestmark = pytest.mark.django_db
START = reverse("counterparties:thread_start")
KEY = "5f3f8d8e-2b60-4a4e-8a3b-0b7a8f9d5f11"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccfc0500f000485018084a98c210000000049454e44ae426082"
)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(thread: Thread) -> str:
    return reverse("counterparties:thread", args=[thread.uid])


def text_of(person: User, address: str, **headers: str) -> str:
    return browser(person).get(address, headers=headers).content.decode()


def test_who_closed_a_talk_is_named_to_both_sides(world: World) -> None:
    thread = begin(world)
    thread_close(actor=actor_of(world.manager), thread_id=thread.pk, at=timezone.now())

    for person in (world.buyer, world.manager):
        event = text_of(person, page_of(thread)).split("Вопрос закрыт")[1].split("</div>")[0]

        assert event.endswith(f", {world.manager.get_full_name()}</span>")


def test_words_are_not_called_optional_unless_a_number_is_given(world: World) -> None:
    asked, called = text_of(world.buyer, START), text_of(world.buyer, f"{START}?kind=call_back")

    assert [page.count("необязательно") for page in (asked, called)] == [1, 3]


# --- from a thing to its talk --------------------------------------------------------------------
def test_from_an_order_to_its_talk_and_back(world: World) -> None:
    order = send(make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}))
    client = browser(world.buyer)
    start = f"{START}?about=order:{order.pk}"

    offered = client.get(reverse("orders:detail", args=[order.pk])).content.decode()
    form = client.get(start).content.decode()
    sent = client.post(start, {"text": "Когда отгрузка?", "key": KEY})
    thread = Thread.objects.get()
    page = client.get(sent["Location"]).content.decode()

    assert start in offered
    assert f"Заказ {order.number}" in form
    assert sent["Location"] == page_of(thread)
    assert ("Когда отгрузка?" in page, reverse("orders:detail", args=[order.pk]) in page) == (True, True)
    assert client.get(start)["Location"] == page_of(thread) + "#answer"
    assert (thread.reference, thread.legal_entity, thread.thing_author_ids) == (
        f"order:{order.pk}",
        world.entity,
        [world.buyer.pk],
    )


def test_a_colleagues_claim_to_ones_own_order_has_one_talk_for_both(world: World) -> None:
    claim = make_claim(world.head, shipped(world))
    start = f"{START}?about=claim:{claim.pk}"

    asked = browser(world.head).post(start, {"text": "Когда примете?", "key": KEY})
    thread = Thread.objects.get()

    assert (asked.status_code, thread.thing_author_ids) == (302, sorted((world.buyer.pk, world.head.pk)))
    assert browser(world.buyer).get(start)["Location"] == page_of(thread) + "#answer"
    assert "Когда примете?" in text_of(world.buyer, page_of(thread))


@pytest.mark.parametrize("person", ["other_buyer", "other_manager", "colleague"])
def test_a_foreign_order_begins_no_talk(world: World, person: str) -> None:
    order = send(make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}))
    user = make_person(world.holding) if person == "colleague" else getattr(world, person)

    answer = browser(user).post(f"{START}?about=order:{order.pk}", {"text": "Чужое", "key": KEY})

    assert (answer.status_code, Thread.objects.count()) == (404, 0)


@pytest.mark.parametrize(
    "about",
    [
        "order:x",
        "order:",
        "order:99999999999999999999",
        "nothing:1",
        "act:1",
        "document:zz",
        "quote:1",
        "claim:1",
        ":5",
    ],
)
def test_a_made_up_thing_is_not_found(world: World, about: str) -> None:
    assert browser(world.head).get(START, {"about": about}).status_code == 404


def test_a_wish_to_be_called_back_tells_number_and_time(world: World) -> None:
    client = browser(world.buyer)
    address = f"{START}?kind=call_back&about=product:{world.skus[0].product_id}"

    wrong = client.post(address, {"key": KEY})
    client.post(address, {"phone": "+7 900 111-22-33", "when": "после 15", "text": "Срочно", "key": KEY})

    thread, message = Thread.objects.get(), Message.objects.get()
    assert wrong.status_code == 422
    assert (thread.kind, thread.is_personal, thread.reference) == (
        ThreadKind.CALL_BACK,
        True,
        f"product:{world.skus[0].product_id}",
    )
    assert message.text == "Перезвоните мне: +7 900 111-22-33, после 15\nСрочно"


def test_the_seller_writes_first_to_a_person_he_serves(world: World) -> None:
    address = f"{START}?about=person:{world.buyer.pk}.{world.holding.pk}"

    sent = browser(world.manager).post(address, {"text": "Добрый день!", "key": KEY})
    strange = browser(world.other_manager).post(address, {"text": "Добрый день!", "key": KEY})

    thread = Thread.objects.get()
    assert (sent["Location"], strange.status_code) == (page_of(thread), 404)
    assert (thread.started_by, thread.is_personal, thread.taken_by) == (world.buyer, True, world.manager)
    assert "Добрый день!" in text_of(world.buyer, page_of(thread))


# --- one talk ------------------------------------------------------------------------------------
def test_an_answer_with_a_file_is_read_by_the_other_side(world: World) -> None:
    thread = begin(world)
    file = SimpleUploadedFile("Пломба.exe", PNG, content_type="application/x-msdownload")

    sent = browser(world.manager).post(page_of(thread), {"text": "Вот", "attachments": [file], "key": KEY})
    stored = MessageFile.objects.get()
    address = reverse("counterparties:thread_file", args=[thread.uid, stored.pk])
    page = text_of(world.buyer, page_of(thread))
    served = browser(world.buyer).get(address)

    assert sent.status_code == 302
    assert stored.name == "Пломба.exe.png"
    assert address in page
    assert (served["Content-Type"], b"".join(served.streaming_content)) == ("image/png", PNG)
    assert [browser(one).get(address).status_code for one in (world.other_buyer, world.other_manager)] == [
        404,
        404,
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"MZ\x90\x00", "можно приложить"), (b"", "пустой"), (b"%PDF-" + b"x" * (10 * 1024 * 1024), "10 МБ")],
)
def test_a_file_that_is_not_what_may_be_sent_is_refused(world: World, content: bytes, words: str) -> None:
    thread = begin(world)
    file = SimpleUploadedFile("счёт.pdf", content)

    answer = browser(world.buyer).post(page_of(thread), {"text": "x", "attachments": [file], "key": KEY})

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Message.objects.count() == 1


def test_eleven_files_are_too_many(world: World) -> None:
    thread = begin(world)
    files = [SimpleUploadedFile(f"{number}.png", PNG) for number in range(11)]

    answer = browser(world.buyer).post(page_of(thread), {"text": "x", "attachments": files, "key": KEY})

    assert (answer.status_code, Message.objects.count()) == (422, 1)


def test_hostile_words_are_only_words(world: World) -> None:
    thread = begin(world, text="<script>alert(1)</script>\n{{ x }}")

    page = text_of(world.manager, page_of(thread))

    assert ("<script>alert(1)" in page, "&lt;script&gt;alert(1)&lt;/script&gt;" in page) == (False, True)


def test_a_double_click_and_a_second_tab_say_it_once(world: World) -> None:
    thread = begin(world)
    client = browser(world.buyer)

    for _click in range(2):
        client.post(page_of(thread), {"text": "Ещё вопрос", "key": KEY})

    assert Message.objects.filter(text="Ещё вопрос").count() == 1


def test_new_lines_come_by_themselves_and_old_ones_do_not(world: World) -> None:
    thread = begin(world)
    client = browser(world.buyer)
    address = reverse("counterparties:thread_lines", args=[thread.uid])
    newest = Message.objects.get().pk

    nothing = client.get(address, {"after": newest})
    say(thread, world.manager, "Отгрузим завтра")
    something = client.get(address, {"after": newest})

    assert (nothing.status_code, something.status_code) == (204, 200)
    assert "Отгрузим завтра" in something.content.decode()
    assert client.get(address, {"after": "x"}).status_code == 200


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "99999", "999999"])
def test_earlier_lines_stand_on_pages_of_their_own(
    world: World, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr("counterparties.selectors.talk.MOST_LINES", 1)
    thread = begin(world, text="Первое слово")
    say(thread, world.manager, "Второе слово")

    newest = text_of(world.buyer, page_of(thread))
    asked = text_of(world.buyer, f"{page_of(thread)}?page={page}")

    assert ("?page=2" in newest, "Второе слово" in newest, "Первое слово" in newest) == (True, True, False)
    assert ("Первое слово" in asked, 'hx-trigger="every' in asked) == (
        page == "2",
        page not in ("2", "99999"),
    )


def test_a_preview_reads_and_writes_nothing(world: World) -> None:
    thread = begin(world)
    say(thread, world.manager)
    viewer = make_person(world.holding, ReadyRole.VIEWER)
    client = browser(world.head)
    member = viewer.memberships.get()
    client.post(reverse("counterparties:preview", args=[member.pk]))

    page = client.get(page_of(thread))
    refused = client.post(page_of(thread), {"text": "x", "key": KEY})

    assert (page.status_code, refused.status_code) == (200, 403)
    assert "Отправить" not in page.content.decode()
    assert not ThreadReading.objects.filter(user__in=[viewer, world.head]).exists()
    assert Message.objects.count() == 2


# --- lists ---------------------------------------------------------------------------------------
def test_the_queue_puts_the_nearest_term_first_and_marks_the_overdue(world: World) -> None:
    now = timezone.now()
    quiet = begin(world, subject=about_order(world, 1), at=now - timedelta(days=20))
    say(quiet, world.manager, at=now)
    late = begin(world, subject=about_order(world, 2), at=now - timedelta(days=10))
    begin(world, subject=about_order(world, 3), at=now)

    page = text_of(world.manager, reverse("counterparties:thread_queue"))
    places = [page.index(f"Заказ P-{number}") for number in (2, 3, 1)]
    waiting = text_of(world.manager, reverse("counterparties:thread_queue") + "?waiting=on")
    mine = text_of(world.manager, reverse("counterparties:thread_queue") + "?whose=mine")

    assert places == sorted(places)
    assert (page.count("Просрочено"), late.subject in page) == (1, True)
    assert ("Заказ P-1<" in waiting, "Заказ P-1<" in mine, "Заказ P-2<" in mine) == (False, True, False)
    assert "Заказ P-" not in text_of(world.other_manager, reverse("counterparties:thread_queue"))


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_at_any_length(world: World, django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        begin(world, subject=about_order(world, number))
    buyer, manager = browser(world.buyer), browser(world.manager)
    for client in (buyer, manager):
        client.get(reverse("accounts:notices"))

    with django_assert_num_queries(8):
        buyer.get(reverse("counterparties:threads"))
    with django_assert_num_queries(6):
        manager.get(reverse("counterparties:thread_queue"))


# --- the manager's card --------------------------------------------------------------------------
def test_the_card_says_how_the_manager_is_reached_and_knows_the_page(world: World) -> None:
    world.manager.phone = "+7 (495) 000-00-01"
    world.manager.save()
    ManagerCard.objects.create(
        user=world.manager, telegram="gordeeva", mobile_phone="+7 900 000-00-02", answer_minutes=45
    )
    here = f"http://testserver{reverse('catalog:product', args=[world.skus[0].product_id])}"
    address = reverse("counterparties:manager_card")

    part = text_of(world.buyer, address, **{"HX-Request": "true", "HX-Current-URL": here})
    whole = text_of(world.buyer, address)

    assert 'href="tel:+74950000001"' in part
    assert 'href="tel:+79000000002"' in part
    assert "https://t.me/gordeeva" in part
    assert "45 минут" in part
    assert f"about=product%3A{world.skus[0].product_id}" in part or (
        f"about=product:{world.skus[0].product_id}" in part
    )
    assert ("<html" in part, "<html" in whole) == (False, True)


def test_a_manager_fills_in_his_card_and_names_who_stands_in(world: World) -> None:
    stand_in = make_manager(full_name="Пётр Заместов")
    today = timezone.localdate()
    form = {
        "direct_phone": "+7 495 000-00-01 доб. 12",
        "telegram": "@gordeeva",
        "work_from": "08:00",
        "work_to": "17:00",
        "time_zone": "Asia/Yekaterinburg",
        "answer_minutes": "30",
        "away_from": today.isoformat(),
        "away_until": today.isoformat(),
        "substitute": str(stand_in.pk),
        "photo": SimpleUploadedFile("я.png", PNG),
    }
    client = browser(world.manager)
    address = reverse("counterparties:own_card")

    saved = client.post(address, form)
    wrong = client.post(address, {**form, "photo": "", "telegram": "javascript:x", "work_to": "07:00"})
    card = ManagerCard.objects.get()
    shown = text_of(world.buyer, reverse("counterparties:manager_card"))

    assert (saved.status_code, wrong.status_code) == (302, 422)
    assert (card.user, card.telegram, card.answer_minutes, card.substitute, bool(card.photo)) == (
        world.manager,
        "gordeeva",
        30,
        stand_in,
        True,
    )
    assert ("Пётр Заместов" in shown, "отсутствует до" in shown) == (True, True)
    photo = browser(world.buyer).get(reverse("counterparties:manager_photo", args=[world.manager.pk]))
    assert photo.getvalue() == PNG


def test_a_talk_about_a_product_is_not_a_colleagues(world: World) -> None:
    thread = begin(world, subject=about_product(world))

    assert browser(world.head).get(page_of(thread)).status_code == 404
