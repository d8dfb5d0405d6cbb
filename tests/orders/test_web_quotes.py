"""Requests of prices as a browser meets them, on both sides."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalog.models import Stock
from counterparties.models import Side, Thread
from counterparties.permissions import ReadyRole
from documents.pdf import PdfFailed
from orders.models import Order, OrderLine, Quote, QuoteOffer
from orders.services.quote_answers import quote_take
from orders.services.quote_notices import quote_step_tell
from orders.services.quotes import QuoteWish
from orders.web.views import quote_print
from orders.web.views import quotes as quotes_view
from pricing.models import PriceType
from tests.factories import World, actor_of, make_cart, make_person, make_price, make_price_type, make_sku
from tests.orders.asking import answers_to, ask, offer
from tests.orders.test_erp import browser

NEW, LIST, QUEUE = reverse("orders:quote_new"), reverse("orders:quotes"), reverse("orders:quote_queue")


def url(quote: Quote, name: str = "quote") -> str:
    return reverse(f"orders:{name}", args=[quote.uid])


def asked(world: World) -> Quote:
    """A request of this very day."""
    return ask(world, at=timezone.now())


def offered(world: World, prices: dict[int, Any] | None = None) -> Quote:
    """The same with an offer for a week from today."""
    quote, now = asked(world), timezone.now()
    offer(world, quote, prices, until=timezone.localdate() + timedelta(days=7), at=now)
    return Quote.objects.get(pk=quote.pk)


def filled(world: World, **changes: Any) -> dict[str, Any]:
    form = {
        "idempotency_key": str(uuid4()),
        "contract": world.contract.pk,
        "legal_entity": world.entity.pk,
        "city": world.city.pk,
        "comment": "К четвергу",
        "line-TOTAL_FORMS": 2,
        "line-INITIAL_FORMS": 2,
        "line-0-sku": world.skus[0].pk,
        "line-0-quantity": "4",
        "line-0-target_price": "80,50",
        "line-1-text": "Лоток 200х50",
        "line-1-quantity": "2,5",
        "line-1-unit_name": "м",
    }
    return form | changes


def answer_form(quote: Quote, **changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "base_version": quote.version,
        "valid_until": (timezone.localdate() + timedelta(days=5)).isoformat(),
    }
    for line in quote.lines.order_by("position"):
        form[f"line-{line.pk}-sku"] = line.sku_id or ""
        form[f"line-{line.pk}-quantity"] = str(line.quantity)
        form[f"line-{line.pk}-price"] = "90" if line.position == 1 else ""
    return form | changes


def checkout_of(client: Client, quote: Quote, positions: tuple[int, ...] = (1, 2)) -> dict[str, Any]:
    """What the page of the order would send."""
    newest = QuoteOffer.objects.get(quote=quote, version=quote.version)
    lines = newest.lines.filter(line__position__in=positions)
    page = client.get(url(quote, "quote_accept"), {"line": [line.pk for line in lines]})
    form = page.context["form"]
    return {
        "line": [line.pk for line in lines],
        "version": form["version"].value(),
        "expected_total": form["expected_total"].value(),
        "idempotency_key": str(form["idempotency_key"].value()),
        "delivery": "pickup",
    }


def test_request_is_sent_from_the_form(world: World) -> None:
    answer = browser(world.buyer).post(NEW, filled(world))

    quote = Quote.objects.get()
    assert answer.url == url(quote)
    assert list(quote.lines.order_by("position").values_list("text", "target_price")) == [
        ("Болт М8х40", 80.5),
        ("Лоток 200х50", None),
    ]


def test_cart_fills_the_form(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, world.skus[1]: 2})
    line = cart.lines.get(sku=world.skus[1])
    client = browser(world.buyer)

    whole = client.get(NEW, {"cart": cart.pk}).content.decode()
    part = client.get(NEW, {"cart": cart.pk, "line": line.pk}).content.decode()

    assert ("Болт М8х40" in whole, "Кабель ВВГнг" in whole) == (True, True)
    assert ("Болт М8х40" in part, "Кабель ВВГнг" in part) == (False, True)


def test_rows_of_a_cart_that_find_no_room_are_told_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotes_view, "_MOST_PROPOSED", 2)
    cart = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:3], 1))
    client = browser(world.buyer)

    whole = client.get(NEW, {"cart": cart.pk}).content.decode()
    part = client.get(
        NEW, {"cart": cart.pk, "line": [one.pk for one in cart.lines.all()[:2]]}
    ).content.decode()

    told = "В запрос помещается строк корзины: 2. Не вошло: 1."
    assert (told in whole, told in part) == (True, False)


def test_foreign_cart_is_not_there(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})

    assert browser(world.other_buyer).get(NEW, {"cart": cart.pk}).status_code == 404


def test_good_without_a_price_is_asked_for(world: World) -> None:
    sku = make_sku("Щит распределительный", price=None)

    assert "Щит распределительный" in browser(world.buyer).get(NEW, {"sku": sku.pk}).content.decode()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"line-0-quantity": "много"}, "Укажите количество числом"),
        ({"line-0-quantity": ""}, "Укажите количество."),
        ({"line-1-text": ""}, "Напишите, что нужно."),
        ({"line-0-target_price": "-5"}, ""),
        ({"line-0-target_price": "NaN"}, ""),
        ({"line-0-desired_date": "2020-01-01"}, "Эта дата уже прошла."),
        ({"line-0-sku": "", "line-0-quantity": "", "line-1-text": "", "line-1-quantity": ""}, "хотя бы одну"),
        ({"line-0-quantity": "1,5"}, "заказать нельзя"),
    ],
)
def test_wrong_request_keeps_what_was_typed(world: World, changes: dict[str, str], text: str) -> None:
    answer = browser(world.buyer).post(NEW, filled(world, **changes))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert text in page
    assert "К четвергу" in page
    assert Quote.objects.count() == 0


def test_double_click_asks_once(world: World) -> None:
    client, form = browser(world.buyer), filled(world)

    answers = [client.post(NEW, form), client.post(NEW, form)]

    assert {answer.url for answer in answers} == {url(Quote.objects.get())}


def test_versions_stand_side_by_side(world: World) -> None:
    quote = offered(world)
    offer(
        world,
        quote,
        {1: "85", 2: "240"},
        until=timezone.localdate() + timedelta(days=7),
        at=timezone.now(),
    )

    page = browser(world.buyer).get(url(quote)).content.decode()

    assert page.count("изменилось") == 1
    assert ("85,00" in page, "90,00" in page, "Предложение, версия 2" in page) == (True, True, True)


def test_margin_is_shown_to_the_manager_only(world: World) -> None:
    cost = make_price_type("Закупка", is_open=False)
    PriceType.objects.filter(pk=cost.pk).update(is_purchase=True)
    make_price(world.skus[0], "61.37", price_type=cost)
    quote = offered(world)

    staff = browser(world.manager).get(url(quote, "quote_answer")).content.decode()
    client = browser(world.buyer).get(url(quote)).content.decode()

    assert ("закупка 61,37" in staff, "Маржа 31,8 %" in staff) == (True, True)
    assert ("61,37" in client, "Маржа" in client) == (False, False)


def test_manager_answers(world: World) -> None:
    quote = asked(world)

    answer = browser(world.manager).post(url(quote, "quote_answer"), answer_form(quote))

    assert answer.url == url(quote, "quote_answer")
    sent = QuoteOffer.objects.get()
    assert list(sent.lines.order_by("line__position").values_list("price", flat=True)) == [90, None, None]


def test_double_click_of_the_manager_sends_one_version(world: World) -> None:
    quote = asked(world)
    client, form = browser(world.manager), answer_form(quote)

    client.post(url(quote, "quote_answer"), form)
    client.post(url(quote, "quote_answer"), form)

    assert QuoteOffer.objects.count() == 1


def test_substitute_is_searched_for_and_offered(world: World) -> None:
    quote = asked(world)
    line = quote.lines.get(position=3)
    client = browser(world.manager)
    form = answer_form(quote, **{f"line-{line.pk}-find": "книга учёта", f"line-{line.pk}-note": "Есть такая"})

    found = client.post(url(quote, "quote_answer"), form | {"find": line.pk}).content.decode()
    client.post(
        url(quote, "quote_answer"),
        form | {f"line-{line.pk}-sku": world.skus[2].pk, f"line-{line.pk}-price": "9,5"},
    )

    assert ("Книга учёта" in found, "Есть такая" in found, QuoteOffer.objects.count()) == (True, True, 1)
    assert QuoteOffer.objects.get().lines.get(line=line).sku_id == world.skus[2].pk


def test_only_the_line_whose_button_was_pressed_is_searched(world: World) -> None:
    quote = asked(world)
    second, third = quote.lines.get(position=2), quote.lines.get(position=3)
    texts = {f"line-{one.pk}-find": "книга учёта" for one in (second, third)}
    client, form = browser(world.manager), answer_form(quote, **texts)
    choice = f'name="line-%d-sku" value="{world.skus[2].pk}"'

    found = client.post(url(quote, "quote_answer"), form | {"find": third.pk}).content.decode()
    counted = client.post(url(quote, "quote_answer"), form | {"count": "1"}).content.decode()

    assert (choice % third.pk in found, choice % second.pk in found) == (True, False)
    assert (choice % third.pk in counted, counted.count('value="книга учёта"')) == (False, 2)


def test_low_price_is_sent_after_a_confirmation(world: World) -> None:
    floor = make_price_type("Порог", is_open=False)
    make_price(world.skus[0], "95", price_type=floor)
    PriceType.objects.filter(pk=world.price_type.pk).update(floor_type=floor)
    quote = asked(world)
    client, form = browser(world.manager), answer_form(quote)

    refused = client.post(url(quote, "quote_answer"), form)
    assert (refused.status_code, QuoteOffer.objects.count()) == (422, 0)
    assert "Ниже допустимой цены: Болт М8х40" in refused.content.decode()

    client.post(url(quote, "quote_answer"), form | {"confirm_low": "on"})
    assert QuoteOffer.objects.get().is_below_floor is True


def test_offer_becomes_an_order(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)

    answer = client.post(url(quote, "quote_accept"), checkout_of(client, quote))

    order = Order.objects.get()
    assert answer.url == reverse("orders:detail", args=[order.pk])
    assert list(OrderLine.objects.order_by("position").values_list("price", flat=True)) == [90, 240]
    assert f"КП № {quote.number}" in client.get(answer.url).content.decode()


def test_double_click_makes_one_order(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)
    form = checkout_of(client, quote)

    answers = [client.post(url(quote, "quote_accept"), form) for _click in range(2)]

    assert {answer.url for answer in answers} == {reverse("orders:detail", args=[Order.objects.get().pk])}


def test_two_tabs_make_one_order(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)
    first, second = checkout_of(client, quote, (1,)), checkout_of(client, quote, (2,))

    client.post(url(quote, "quote_accept"), first)
    late = client.post(url(quote, "quote_accept"), second)

    assert (late.url, Order.objects.count()) == (url(quote), 1)


def test_newer_version_is_shown_before_ordering(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)
    form = checkout_of(client, quote)
    offer(world, quote, {1: "85"}, until=timezone.localdate() + timedelta(days=7), at=timezone.now())

    answer = client.post(url(quote, "quote_accept"), form)

    assert (answer.status_code, Order.objects.count()) == (302, 0)
    assert answer.url == url(quote)


def test_short_stock_is_told_on_the_page(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)
    form = checkout_of(client, quote)
    Stock.objects.update(free=0)

    answer = client.post(url(quote, "quote_accept"), form)

    assert (answer.status_code, Order.objects.count()) == (409, 0)
    assert "Нет в наличии" in answer.content.decode()


def test_recount_keeps_the_lines_and_sends_nothing(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)
    form = checkout_of(client, quote) | {"recount": "1", "comment": "Позвонить"}

    page = client.post(url(quote, "quote_accept"), form)

    assert (page.status_code, Order.objects.count()) == (200, 0)
    assert "Позвонить" in page.content.decode()


@pytest.mark.parametrize("junk", ["", "0", "x", "9" * 40, "-1"])
def test_senseless_lines_are_no_order(world: World, junk: str) -> None:
    quote = offered(world)
    client = browser(world.buyer)
    form = checkout_of(client, quote) | {"line": [junk]}

    answer = client.post(url(quote, "quote_accept"), form)

    assert (answer.status_code in {302, 422}, Order.objects.count()) == (True, 0)


def test_remark_and_withdrawal(world: World) -> None:
    quote = offered(world)
    client = browser(world.buyer)

    client.post(url(quote, "quote_remark"), {"text": "Нужно к среде"})
    assert Quote.objects.get().state == "in_work"
    assert "Нужно к среде" in browser(world.manager).get(url(quote, "quote_answer")).content.decode()

    client.post(url(quote, "quote_withdraw"))
    client.post(url(quote, "quote_withdraw"))
    assert Quote.objects.get().state == "withdrawn"


def test_employee_goes_from_the_talk_to_where_he_answers(world: World) -> None:
    quote = asked(world)
    client, about = browser(world.manager), f"{reverse('counterparties:thread_start')}?about=quote:{quote.pk}"
    client.post(about, {"text": "Уточните марку лотка", "key": str(uuid4())})
    quote_take(actor=actor_of(world.manager), quote_id=quote.pk, at=timezone.now())
    quote_step_tell(step_id=quote.steps.get(state="in_work").pk, at=timezone.now())

    thread = Thread.objects.get(reference=quote.reference)
    event = thread.messages.get(side=Side.SYSTEM)

    assert (thread.address, event.address) == (url(quote), url(quote))
    shown = client.get(thread.address, follow=True)
    assert (shown.status_code, shown.redirect_chain) == (200, [(url(quote, "quote_answer"), 302)])
    assert browser(world.buyer).get(thread.address).status_code == 200


STRANGERS = ("other_buyer", "other_manager", "manager", "colleague")


@pytest.mark.parametrize("who", ["other_buyer", "other_manager", "colleague"])
def test_strangers_do_not_see_a_request(world: World, who: str) -> None:
    quote = offered(world)
    person: User = make_person(world.holding, ReadyRole.BUYER) if who == "colleague" else getattr(world, who)

    assert browser(person).get(url(quote)).status_code == 404


@pytest.mark.parametrize("name", ["quote_accept", "quote_remark", "quote_withdraw"])
@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_on_the_clients_side(world: World, name: str, who: str) -> None:
    quote = offered(world)
    person: User = make_person(world.holding, ReadyRole.BUYER) if who == "colleague" else getattr(world, who)

    status = browser(person).post(url(quote, name), {"text": "Чужой"}).status_code

    assert status == (404 if who in {"other_buyer", "colleague"} else 403)
    assert (Order.objects.count(), Quote.objects.get().state) == (0, "offered")


@pytest.mark.parametrize("name", ["quote_answer", "quote_take", "quote_decline"])
@pytest.mark.parametrize("who", ["buyer", "head", "other_buyer", "other_manager"])
def test_strangers_on_the_managers_side(world: World, name: str, who: str) -> None:
    quote = asked(world)

    answer = browser(getattr(world, who)).post(url(quote, name), answer_form(quote, text="Нет"))

    assert answer.status_code == (404 if who == "other_manager" else 403)
    assert (QuoteOffer.objects.count(), Quote.objects.get().state) == (0, "submitted")


def test_pdf_is_for_both_sides_only(world: World) -> None:
    quote = offered(world)
    address = reverse("orders:quote_print", args=[quote.uid, 1])

    statuses = {
        who: browser(getattr(world, who)).get(address).status_code
        for who in ("buyer", "manager", "other_buyer", "other_manager")
    }

    assert statuses == {"buyer": 200, "manager": 200, "other_buyer": 404, "other_manager": 404}
    assert browser(world.buyer).get(address).content.startswith(b"%PDF")
    missing = reverse("orders:quote_print", args=[quote.uid, 9])
    assert browser(world.buyer).get(missing).status_code == 404


def test_pdf_that_fails_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quote = offered(world)

    def broken(_payload: object) -> bytes:
        raise PdfFailed

    monkeypatch.setattr(quote_print, "offer_pdf", broken)

    answer = browser(world.buyer).get(reverse("orders:quote_print", args=[quote.uid, 1]))

    assert (answer.status_code, answer["Location"]) == (302, url(quote))


def test_queue_has_the_most_urgent_first(world: World) -> None:
    later = ask(world, at=timezone.now())
    urgent = ask(world, at=timezone.now() - timedelta(days=10))
    offered(world)

    page = browser(world.manager).get(QUEUE)

    assert [row.number for row in page.context["quotes"].rows] == [urgent.number, later.number]
    assert "просрочен" in page.content.decode()
    assert browser(world.other_manager).get(QUEUE).context["quotes"].count == 0


def test_list_is_searched(world: World) -> None:
    quote = asked(world)
    other = ask(world, [QuoteWish(world.skus[2].pk, "", Decimal(1))], at=timezone.now())
    client = browser(world.buyer)

    found = [
        [row.number for row in client.get(LIST, query).context["quotes"].rows]
        for query in ({"q": "лоток"}, {"q": other.number}, {"state": "offered"}, {"state": "junk"})
    ]

    assert found == [[quote.number], [other.number], [], [other.number, quote.number]]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("side", "queries"), [("client", 8), ("staff", 6), ("card", 11), ("answer", 18)])
def test_queries_do_not_grow(
    world: World, django_assert_num_queries: Any, rows: int, side: str, queries: int
) -> None:
    if side in {"client", "staff"}:
        for _number in range(rows):
            asked(world)
        address = LIST if side == "client" else QUEUE
    else:
        quote = ask(
            world,
            [QuoteWish(sku.pk, "", Decimal(2)) for sku in world.skus[:rows]],
            at=timezone.now(),
        )
        offer(
            world,
            quote,
            answers=answers_to(quote, dict.fromkeys(range(1, rows + 1), "300")),
            until=timezone.localdate(),
            at=timezone.now(),
        )
        address = url(quote, "quote" if side == "card" else "quote_answer")
    client = browser(world.buyer if side in {"client", "card"} else world.manager)
    client.get(address)

    with django_assert_num_queries(queries):
        client.get(address)
