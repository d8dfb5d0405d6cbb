"""Questions before an order goes: by numbers, by orders of before, and at checkout."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Pack
from orders.guards import (
    GuardKind,
    GuardsRaised,
    PackSize,
    Sent,
    Usual,
    Wish,
    guards_key,
    guards_of,
    likeness,
)
from orders.models import Cart, Order
from orders.selectors.guards import guards_raised
from orders.services.guarding import guards_check
from orders.states import OrderState
from portal.lib.dates import moscow_date
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_contract,
    make_legal_entity,
    make_person,
    make_unit,
)
from tests.orders.purchases import bought, bought_in_erp

CHECKOUT = reverse("orders:checkout")
KILO = (PackSize("уп", Decimal(100)),)


def of(*pairs: int) -> dict[int, Decimal]:
    """Quantities of goods numbered from one."""
    return {number: Decimal(quantity) for number, quantity in enumerate(pairs, 1)}


# --- numbers -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second", "percent"),
    [
        (of(1, 2, 3), of(1, 2, 3), 100),
        (of(1, 2, 3), of(1, 2, 4), 66),
        (of(1, 2), of(1, 2, 3), 66),
        (of(*range(1, 11)), of(*range(1, 10)), 90),
        (of(*range(1, 13)), of(*range(1, 12)), 91),
        (of(1), of(2), 0),
        (of(), of(), 0),
    ],
)
def test_likeness_counts_goods_with_the_same_quantity(
    first: dict[int, Decimal], second: dict[int, Decimal], percent: int
) -> None:
    assert (likeness(first, second), likeness(second, first)) == (percent, percent)


def asked(
    quantity: str, usual: str, *, times: int = 5, packs: tuple[PackSize, ...] = KILO
) -> list[tuple[str, str]]:
    wish = Wish(1, "Болт", "шт", Decimal(quantity), packs)
    guards = guards_of([wish], usual={1: Usual(Decimal(usual), times)}, sent=[], at=AT)
    return [(guard.kind.value, guard.text) for guard in guards]


@pytest.mark.parametrize(
    ("quantity", "usual", "kind"),
    [
        ("10", "10", ""),
        ("99", "10", ""),
        ("101", "10", "tenfold"),
        ("1000", "10", "pack"),
        ("2", "200", "pack"),
        ("3", "200", ""),
        ("0.5", "50", "pack"),
        ("1", "10", ""),
    ],
)
def test_a_quantity_is_asked_about_when_it_is_unlike_the_usual(quantity: str, usual: str, kind: str) -> None:
    assert [kind for kind, _text in asked(quantity, usual)] == [kind] * bool(kind)


def test_ten_times_exactly_is_asked_about() -> None:
    assert asked("100", "10", packs=()) == [("tenfold", "Болт: 100 шт, а обычно вы берёте 10 шт.")]


def test_mistaken_unit_is_told_both_ways() -> None:
    assert asked("2", "200") == [
        (
            "pack",
            "Болт: 2 шт, а обычно вы берёте 200 шт, то есть 2 уп по 100. Не перепутана ли единица?",
        )
    ]
    assert asked("300", "3") == [
        ("pack", "Болт: 300 шт, то есть 3 уп по 100, а обычно вы берёте 3 шт. Не перепутана ли единица?")
    ]


@pytest.mark.parametrize("times", [0, 1])
def test_one_purchase_is_no_habit(times: int) -> None:
    assert asked("1000", "10", times=times) == []


@pytest.mark.parametrize(
    ("ago", "when"),
    [
        (timedelta(hours=1), "сегодня в 09:41"),
        (timedelta(hours=11), "вчера"),
        (timedelta(days=2), "21.11.2026"),
    ],
)
def test_a_repeated_order_is_told_with_its_day_and_author(ago: timedelta, when: str) -> None:
    wishes = [Wish(number, "Болт", "шт", Decimal(number)) for number in range(1, 13)]
    quantities = of(*range(1, 12))
    before = Sent(17, "B0000017", AT - ago, "Ирина Закупкина", quantities)

    (guard,) = guards_of(wishes, usual={}, sent=[before], at=AT)

    assert (guard.kind, guard.order_id) == (GuardKind.REPEAT, 17)
    assert guard.text == (
        f"На 91 % совпадает с заказом B0000017, который отправлен {when} (автор Ирина Закупкина)."
    )


def test_the_likest_order_is_named_and_of_equals_the_newest() -> None:
    wishes = [Wish(1, "Болт", "шт", Decimal(1))]
    sent = [
        Sent(number, f"B{number}", AT - timedelta(hours=hours), "", quantities)
        for number, hours, quantities in [(1, 5, of(1)), (2, 3, of(1)), (3, 1, of(2))]
    ]

    (guard,) = guards_of(wishes, usual={}, sent=sent, at=AT)

    assert guard.text == "На 100 % совпадает с заказом B2, который отправлен сегодня в 07:41."


def test_key_names_the_questions_whatever_their_order() -> None:
    wishes = [Wish(number, "Болт", "шт", Decimal(1000)) for number in (1, 2)]
    usual = dict.fromkeys((1, 2), Usual(Decimal(1), 3))

    first, second = guards_of(wishes, usual=usual, sent=[], at=AT)

    assert guards_key([first, second]) == guards_key([second, first]) != guards_key([first])
    assert guards_key([]) == ""


# --- orders of before ----------------------------------------------------------------------------
def kinds(world: World, cart: Cart, person: Any = None) -> list[str]:
    raised = guards_raised(actor=actor_of(person or world.buyer), cart=cart, at=AT)
    return [guard.kind.value for guard in raised]


def cart_of(world: World, *quantities: int | str) -> Cart:
    return make_cart(world.buyer, world.contract, world.city, dict(zip(world.skus, quantities, strict=False)))


@pytest.mark.parametrize(("days", "found"), [(0, ["repeat"]), (2, ["repeat"]), (4, [])])
def test_the_same_order_within_three_days_is_asked_about(world: World, days: int, found: list[str]) -> None:
    at = AT - timedelta(days=days, minutes=5)
    bought(world, moscow_date(at), {world.skus[0]: 5, world.skus[1]: 2}, at=at)

    assert kinds(world, cart_of(world, 5, 2)) == found


def test_orders_that_are_no_repetition_ask_nothing(world: World) -> None:
    lines = {world.skus[0]: 5}
    at = AT - timedelta(hours=1)
    second = make_contract(make_legal_entity(world.holding), organization=world.organization)
    bought(world, TODAY, lines, at=at, state=OrderState.CANCELLED)
    bought(world, TODAY, lines, at=at, contract=second)
    bought(world, TODAY, lines, at=at, person=world.other_buyer, contract=world.other_contract)
    bought(world, TODAY, lines, at=at, person=make_person(world.holding))

    assert kinds(world, cart_of(world, 5)) == []


def test_an_order_of_a_colleague_is_asked_about_where_it_is_seen(world: World) -> None:
    bought(world, TODAY, {world.skus[0]: 5}, at=AT - timedelta(hours=1), person=make_person(world.holding))
    cart = make_cart(world.head, world.contract, world.city, {world.skus[0]: 5})

    assert kinds(world, cart, world.head) == ["repeat"]


def test_an_order_made_out_in_erp_is_a_repetition_too(world: World) -> None:
    bought_in_erp(world, TODAY, {world.skus[0]: 5}, at=AT - timedelta(hours=1))
    cart = make_cart(world.head, world.contract, world.city, {world.skus[0]: 5})

    (guard,) = guards_raised(actor=actor_of(world.head), cart=cart, at=AT)

    assert guard.text.startswith("На 100 % совпадает с заказом № УТ-17 из 1С, который отправлен сегодня")


def test_the_order_of_this_very_request_is_no_earlier_one(world: World) -> None:
    order = bought(world, TODAY, {world.skus[0]: 5}, at=AT)
    cart, actor = cart_of(world, 5), actor_of(world.buyer)

    same = guards_raised(actor=actor, cart=cart, at=AT, keys=[order.idempotency_key])
    other = guards_raised(actor=actor, cart=cart, at=AT, keys=[uuid4()])

    assert (same, len(other)) == ((), 1)


def test_habits_are_asked_with_packs_of_the_goods(world: World) -> None:
    bolt, cable, book = world.skus
    Pack.objects.create(product=bolt.product, unit=make_unit("778", "уп"), coefficient=50)
    for days in (10, 20, 30):
        bought(world, TODAY - timedelta(days=days), {bolt: 100, cable: 3, book: 4})

    raised = guards_raised(actor=actor_of(world.buyer), cart=cart_of(world, 2, 30, 5), at=AT)

    assert [(guard.kind.value, guard.text) for guard in raised] == [
        (
            "pack",
            "Болт М8х40: 2 шт, а обычно вы берёте 100 шт, то есть 2 уп по 50. Не перепутана ли единица?",
        ),
        ("tenfold", "Кабель ВВГнг 3х2,5: 30 м, а обычно вы берёте 3 м."),
    ]


def test_an_empty_cart_raises_nothing(world: World) -> None:
    assert kinds(world, cart_of(world)) == []


@pytest.mark.parametrize("goods", [1, 3])
def test_guards_ask_the_same_for_any_cart(world: World, goods: int, django_assert_num_queries: Any) -> None:
    at = AT - timedelta(hours=1)
    for _number in range(goods):
        bought(world, TODAY, dict.fromkeys(world.skus[:goods], 1), at=at)
    cart, actor = cart_of(world, *[1] * goods), actor_of(world.buyer)

    with django_assert_num_queries(5):
        guards_raised(actor=actor, cart=cart, at=AT)


# --- the gate ------------------------------------------------------------------------------------
def test_check_lets_pass_what_was_answered_and_asks_again_what_is_new(world: World) -> None:
    for days in (10, 20):
        bought(world, TODAY - timedelta(days=days), {world.skus[0]: 1})
    cart, actor, key = cart_of(world, 10), actor_of(world.buyer), uuid4()

    def check(seen: str) -> None:
        guards_check(actor=actor, cart_id=cart.pk, guards_seen=seen, keys=[key], at=AT)

    with pytest.raises(GuardsRaised) as raised:
        check("")
    seen = guards_key(raised.value.guards)
    check(seen)
    bought(world, TODAY, {world.skus[0]: 10}, at=AT - timedelta(minutes=1))
    with pytest.raises(GuardsRaised) as again:
        check(seen)

    assert [guard.kind.value for guard in raised.value.guards] == ["tenfold"]
    assert [guard.kind.value for guard in again.value.guards] == ["repeat", "tenfold"]


def test_check_leaves_a_foreign_cart_to_the_one_who_sends(world: World) -> None:
    foreign = make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1})

    guards_check(actor=actor_of(world.buyer), cart_id=foreign.pk, guards_seen="", keys=[uuid4()], at=AT)


# --- at checkout ---------------------------------------------------------------------------------
@pytest.fixture
def client(world: World) -> Client:
    """The buyer has ordered five bolts an hour ago and is about to do it again."""
    at = timezone.now() - timedelta(hours=1)
    bought(world, moscow_date(at), {world.skus[0]: 5}, at=at)
    cart_of(world, 5)
    client = Client()
    client.force_login(world.buyer)
    return client


def form_of(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    names = ("cart", "expected_total", "idempotency_key")
    return {name: found[name] for name in names} | {"delivery": "pickup", "comment": "Срочно"}


def key_of(page: str) -> str:
    (key,) = re.findall(r'name="guards_seen" value="([^"]*)"', page)
    return key


def test_checkout_asks_above_the_button_and_comes_back_without_an_answer(
    world: World, client: Client
) -> None:
    page = client.get(CHECKOUT).content.decode()
    answer = client.post(CHECKOUT, form_of(page))

    again = answer.content.decode()
    assert "На 100 % совпадает с заказом B0000001" in page
    assert page.index("Проверьте перед отправкой") < page.index("Отправить заказ")
    assert (answer.status_code, Order.objects.count()) == (422, 1)
    assert "На 100 % совпадает" in again
    assert "Срочно" in again


def test_checkout_sends_what_was_answered(client: Client) -> None:
    page = client.get(CHECKOUT).content.decode()

    answer = client.post(CHECKOUT, form_of(page) | {"guards_seen": key_of(page)})

    assert (answer.status_code, Order.objects.count()) == (302, 2)


def test_checkout_does_not_take_a_tick_for_other_questions(client: Client) -> None:
    page = client.get(CHECKOUT).content.decode()

    answer = client.post(CHECKOUT, form_of(page) | {"guards_seen": "on"})

    assert (answer.status_code, Order.objects.count()) == (422, 1)


def test_checkout_without_questions_shows_none(world: World) -> None:
    cart_of(world, 5)
    client = Client()
    client.force_login(world.buyer)

    page = client.get(CHECKOUT).content.decode()

    assert "guards_seen" not in page
    assert client.post(CHECKOUT, form_of(page)).status_code == 302
