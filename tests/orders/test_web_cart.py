"""The cart and checkout as a browser meets them."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalog.models import City
from counterparties.models import Contract, ContractState, DeliveryAddress
from counterparties.permissions import ReadyRole
from orders.models import Cart, CartLine, Order
from pricing.models import Price
from tests.factories import (
    World,
    make_address,
    make_cart,
    make_city,
    make_contract,
    make_legal_entity,
    make_person,
    make_sku,
    make_user,
)

ADD = reverse("orders:cart_add")
CART = reverse("orders:cart")
CHECKOUT = reverse("orders:checkout")
HTMX = {"HX-Request": "true"}


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def cart_lines() -> list[tuple[int, Decimal]]:
    return list(CartLine.objects.order_by("pk").values_list("sku_id", "quantity"))


def line_url(line: CartLine) -> str:
    return reverse("orders:cart_line", args=[line.pk])


# --- adding --------------------------------------------------------------------------------------
def test_cart_add_leads_back_to_where_the_goods_were(world: World) -> None:
    answer = browser(world.buyer).post(
        ADD, {"sku": world.skus[1].pk, "quantity": "2,5", "next": "/catalog/?q=bolt"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/catalog/?q=bolt")
    assert cart_lines() == [(world.skus[1].pk, Decimal("2.5"))]


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_cart_add_never_leads_out_of_the_portal(world: World, next_page: str) -> None:
    answer = browser(world.buyer).post(ADD, {"sku": world.skus[0].pk, "quantity": "1", "next": next_page})

    assert (answer.status_code, answer["Location"]) == (302, CART)


def test_cart_add_by_htmx_renews_the_badge(world: World) -> None:
    answer = browser(world.buyer).post(ADD, {"sku": world.skus[0].pk, "quantity": "1"}, headers=HTMX)

    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
    page = answer.content.decode()
    assert re.search(r'id="cart-badge" hx-swap-oob="true">1<', page)
    assert re.search(r'id="messages" role="status" hx-swap-oob="true">\s*</div>', page)


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ("2,5", "2,5 шт заказать нельзя"),
        ("abc", "Укажите количество числом"),
        ("-1", "больше нуля"),
        ("0", "больше нуля"),
        ("1" + "0" * 20, "Слишком большое количество"),
        ("1" * 61, "60"),
        ("", "Укажите количество"),
        ("1\x00", "Знак NULL"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_cart_add_tells_what_is_wrong_with_a_quantity(
    world: World, quantity: str, reason: str, headers: dict[str, str]
) -> None:
    answer = browser(world.buyer).post(ADD, {"sku": world.skus[0].pk, "quantity": quantity}, headers=headers)

    assert answer.status_code == 422
    assert reason.lower() in answer.content.decode().lower() or quantity == "1\x00"
    assert cart_lines() == []


@pytest.mark.parametrize("sku", ["", "abc", "0", "-5", "999999999", "1" + "0" * 20])
def test_cart_add_does_not_find_unknown_goods(world: World, sku: str) -> None:
    answer = browser(world.buyer).post(ADD, {"sku": sku, "quantity": "1"})

    assert answer.status_code == 404
    assert cart_lines() == []


def test_cart_add_passes_over_a_default_contract_that_has_run_out(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=date(2026, 1, 13))
    other = make_contract(world.entity, is_default=False)

    answer = browser(world.buyer).post(ADD, {"sku": world.skus[0].pk, "quantity": "1"})

    assert answer.status_code == 302
    assert Cart.objects.get().contract == other


def test_cart_add_passes_over_a_home_city_that_is_not_served(world: World) -> None:
    DeliveryAddress.objects.all().delete()
    City.objects.filter(pk=world.city.pk).update(is_active=False)
    other = make_city("Казань")

    answer = browser(world.buyer).post(ADD, {"sku": world.skus[0].pk, "quantity": "1"})

    assert answer.status_code == 302
    assert Cart.objects.get().city == other


def test_cart_add_without_a_contract_says_whom_to_ask(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    answer = browser(world.buyer).post(ADD, {"sku": world.skus[0].pk, "quantity": "1"})

    assert answer.status_code == 422
    assert "Обратитесь к менеджеру" in answer.content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [("buyer", 302), ("head", 302), ("manager", 403), ("administrator", 403)],
)
def test_cart_add_by_each_person(world: World, person: str, status: int) -> None:
    answer = browser(getattr(world, person)).post(ADD, {"sku": world.skus[0].pk, "quantity": "1"})

    assert answer.status_code == status
    assert len(cart_lines()) == (1 if status == 302 else 0)


@pytest.mark.parametrize("role", [ReadyRole.ACCOUNTANT, ReadyRole.RECEIVER, ReadyRole.VIEWER])
def test_cart_is_forbidden_without_the_right(world: World, role: str) -> None:
    client = browser(make_person(world.holding, role))

    assert client.get(CART).status_code == 403
    assert client.post(ADD, {"sku": world.skus[0].pk, "quantity": "1"}).status_code == 403
    assert cart_lines() == []


def test_cart_asks_strangers_to_sign_in(world: World) -> None:
    for url in (CART, CHECKOUT):
        answer = Client().get(url)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_cart_forbids_people_without_a_client(world: World) -> None:
    assert browser(make_user()).get(CART).status_code == 403


# --- the page ------------------------------------------------------------------------------------
def test_cart_page_shows_prices_problems_and_sums(world: World) -> None:
    unpriced = make_sku("Без цены", price=None, stock={world.main_warehouse: 1})
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, unpriced: 1})

    page = browser(world.buyer).get(CART).content.decode()

    assert page.index("Без цены") < page.index("Болт М8х40")
    assert "Нет цены: запросите ее у менеджера" in page
    assert "300,00" in page
    assert CHECKOUT not in page


@pytest.mark.parametrize("with_cart", [True, False])
def test_cart_page_says_what_to_do_when_empty(world: World, with_cart: bool) -> None:
    if with_cart:
        make_cart(world.buyer, world.contract, world.city)

    page = browser(world.buyer).get(CART).content.decode()

    assert "Корзина пуста" in page
    assert "Перейти в каталог" in page


def test_cart_page_escapes_what_1c_named(world: World) -> None:
    evil = make_sku("<script>alert(1)</script>", stock={world.main_warehouse: 1})
    make_cart(world.buyer, world.contract, world.city, {evil: 1})

    page = browser(world.buyer).get(CART).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("lines", [1, 3])
def test_cart_page_asks_the_database_the_same(
    world: World, lines: int, django_assert_num_queries: Any
) -> None:
    make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:lines], 1))
    client = browser(world.buyer)
    client.get(CART)

    with django_assert_num_queries(15):
        client.get(CART)


# --- lines ---------------------------------------------------------------------------------------
@pytest.fixture
def line(world: World) -> CartLine:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3, world.skus[1]: 1})
    return cart.lines.get(sku=world.skus[0])


def test_cart_line_changes_without_scripts(world: World, line: CartLine) -> None:
    answer = browser(world.buyer).post(line_url(line), {"quantity": "7"})

    assert (answer.status_code, answer["Location"]) == (302, CART)
    line.refresh_from_db()
    assert line.quantity == 7


def test_cart_line_by_htmx_returns_the_row_and_the_totals(world: World, line: CartLine) -> None:
    answer = browser(world.buyer).post(line_url(line), {"quantity": "7"}, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.lstrip().startswith(f'<tr id="cart-line-{line.pk}"')
    assert 'id="cart-totals" hx-swap-oob="true"' in page
    assert "950,50" in page
    assert "<html" not in page


@pytest.mark.parametrize("quantity", ["2,5", "abc", "-1", "1" + "0" * 20, ""])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_cart_line_keeps_what_was_typed_and_tells_the_fault(
    world: World, line: CartLine, quantity: str, headers: dict[str, str]
) -> None:
    answer = browser(world.buyer).post(line_url(line), {"quantity": quantity}, headers=headers)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="line-fault-{line.pk}"' in page
    if quantity:
        assert f'value="{quantity}"' in page
    line.refresh_from_db()
    assert line.quantity == 3


def test_cart_line_is_removed(world: World, line: CartLine) -> None:
    client = browser(world.buyer)

    by_htmx = client.post(line_url(line), {"remove": "1"}, headers=HTMX)

    assert by_htmx.status_code == 200
    assert "<tr" not in by_htmx.content.decode()
    assert cart_lines() == [(world.skus[1].pk, Decimal(1))]

    last = CartLine.objects.get()
    emptied = client.post(line_url(last), {"remove": "1"}, headers=HTMX)

    assert emptied["HX-Refresh"] == "true"
    assert cart_lines() == []


@pytest.mark.parametrize("stranger", ["head", "other_buyer"])
@pytest.mark.parametrize("data", [{"quantity": "1"}, {"quantity": "abc"}, {"remove": "1"}])
def test_cart_line_of_another_person_is_not_found(
    world: World, line: CartLine, stranger: str, data: dict[str, str]
) -> None:
    answer = browser(getattr(world, stranger)).post(line_url(line), data)

    assert answer.status_code == 404
    line.refresh_from_db()
    assert line.quantity == 3


def test_cart_clear_empties_only_ones_own_cart(world: World, line: CartLine) -> None:
    url = reverse("orders:cart_clear", args=[line.cart_id])

    assert browser(world.other_buyer).post(url).status_code == 404
    assert len(cart_lines()) == 2

    assert browser(world.buyer).post(url)["Location"] == CART
    assert cart_lines() == []


@pytest.mark.parametrize("url", [ADD, "/cart/line/1/", "/cart/clear/1/"])
def test_cart_is_not_changed_by_get(world: World, url: str) -> None:
    assert browser(world.buyer).get(url).status_code == 405


def test_cart_needs_the_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.buyer)

    assert client.post(ADD, {"sku": world.skus[0].pk, "quantity": "1"}).status_code == 403
    assert cart_lines() == []


# --- carts of several legal entities -------------------------------------------------------------
def test_switching_the_legal_entity_twice_leaves_the_cart_as_it_was(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    make_contract(second)
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 3})
    client = browser(world.buyer)
    switch = reverse("counterparties:legal_entity")

    client.post(switch, {"legal_entity": second.pk})
    assert "Корзина пуста" in client.get(CART).content.decode()
    client.post(ADD, {"sku": world.skus[1].pk, "quantity": "1"})
    client.post(switch, {"legal_entity": world.entity.pk})

    assert "Болт М8х40" in client.get(CART).content.decode()
    assert list(CartLine.objects.order_by("pk").values_list("cart__legal_entity", "quantity")) == [
        (world.entity.pk, 3),
        (second.pk, 1),
    ]


# --- checkout ------------------------------------------------------------------------------------
def checkout_form(client: Client) -> dict[str, str]:
    """What the browser would send from the page as it is."""
    page = client.get(CHECKOUT).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    names = ("cart", "expected_total", "idempotency_key")
    return {name: found[name] for name in names} | {
        "delivery": "pickup",
        "comment": "",
        "client_reference": "",
    }


@pytest.fixture
def filled(world: World) -> Cart:
    return make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12})


def test_checkout_shows_what_goes_from_where(world: World, filled: Cart) -> None:
    page = browser(world.buyer).get(CHECKOUT).content.decode()

    assert world.address.address in page
    assert "Основной склад" in page
    assert "Дальний склад" in page
    assert "1\N{NO-BREAK SPACE}200,00" in page


def test_checkout_sends_the_order_with_its_address(world: World, filled: Cart) -> None:
    client = browser(world.buyer)
    form = checkout_form(client) | {
        "delivery": str(world.address.pk),
        "comment": "Позвоните",
        "client_reference": "PO-17",
    }

    answer = client.post(CHECKOUT, form)

    order = Order.objects.get()
    assert answer["Location"] == reverse("orders:detail", args=[order.pk])
    assert (order.total, order.delivery_address, order.comment, order.client_reference) == (
        1200,
        world.address,
        "Позвоните",
        "PO-17",
    )
    assert cart_lines() == []


def test_double_click_sends_one_order(world: World, filled: Cart) -> None:
    client = browser(world.buyer)
    form = checkout_form(client)

    first, second = client.post(CHECKOUT, form), client.post(CHECKOUT, form)

    order = Order.objects.get()
    assert first["Location"] == second["Location"] == reverse("orders:detail", args=[order.pk])


def test_checkout_of_a_stale_tab_sends_nothing_twice(world: World, filled: Cart) -> None:
    client = browser(world.buyer)
    form = checkout_form(client)
    client.post(CHECKOUT, form)

    answer = client.post(CHECKOUT, form | {"comment": "Еще раз"})

    assert answer.status_code == 422
    assert "уже отправлен другой заказ" in answer.content.decode()
    assert Order.objects.count() == 1


def test_checkout_tells_the_new_sum_and_lets_agree(world: World, filled: Cart) -> None:
    client = browser(world.buyer)
    form = checkout_form(client)
    Price.objects.filter(sku=world.skus[0]).update(amount=110)

    answer = client.post(CHECKOUT, form)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "было 1\N{NO-BREAK SPACE}200,00, стало 1\N{NO-BREAK SPACE}320,00" in page
    assert Order.objects.count() == 0
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    again = form | {"expected_total": found["expected_total"], "idempotency_key": found["idempotency_key"]}
    assert client.post(CHECKOUT, again).status_code == 302
    assert Order.objects.get().total == 1320


def test_checkout_shows_the_cart_when_the_goods_have_run_out(world: World, filled: Cart) -> None:
    client = browser(world.buyer)
    form = checkout_form(client)
    world.skus[0].stocks.update(free=2)

    answer = client.post(CHECKOUT, form)

    assert answer.status_code == 409
    assert "в наличии 4 из 12 шт" in answer.content.decode()
    assert Order.objects.count() == 0


def test_checkout_goes_back_to_a_cart_that_cannot_be_ordered(world: World) -> None:
    client = browser(world.buyer)
    assert client.get(CHECKOUT)["Location"] == CART

    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 999})
    assert client.get(CHECKOUT)["Location"] == CART


@pytest.mark.parametrize(
    "changes",
    [
        {"delivery": ""},
        {"delivery": "abc"},
        {"idempotency_key": "not a key"},
        {"expected_total": "много"},
        {"comment": "я" * 3001},
        {"client_reference": "1" * 51},
    ],
)
def test_checkout_returns_the_form_with_its_faults(
    world: World, filled: Cart, changes: dict[str, str]
) -> None:
    client = browser(world.buyer)

    answer = client.post(CHECKOUT, checkout_form(client) | changes)

    assert answer.status_code == 422
    assert Order.objects.count() == 0


@pytest.mark.parametrize("delivery", ["pickup\n", "1\n", "-1", "٣", "1" * 19])
def test_checkout_refuses_a_delivery_that_is_no_choice(world: World, filled: Cart, delivery: str) -> None:
    client = browser(world.buyer)

    answer = client.post(CHECKOUT, checkout_form(client) | {"delivery": delivery})

    assert answer.status_code == 422
    assert Order.objects.count() == 0


@pytest.mark.parametrize("delivery", ["999999999", "9" * 18])
def test_checkout_does_not_find_unknown_addresses(world: World, filled: Cart, delivery: str) -> None:
    client = browser(world.buyer)

    assert client.post(CHECKOUT, checkout_form(client) | {"delivery": delivery}).status_code == 404
    assert Order.objects.count() == 0


def test_checkout_does_not_find_a_foreign_address(world: World, filled: Cart) -> None:
    foreign = make_address(world.other_entity)
    client = browser(world.buyer)

    answer = client.post(CHECKOUT, checkout_form(client) | {"delivery": str(foreign.pk)})

    assert answer.status_code == 404
    assert Order.objects.count() == 0


@pytest.mark.parametrize("cart_id", ["foreign", "abc", "", "999999999", "1" + "0" * 20])
def test_checkout_does_not_find_a_foreign_cart(world: World, filled: Cart, cart_id: str) -> None:
    foreign = make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1})
    client = browser(world.buyer)
    form = checkout_form(client) | {"cart": str(foreign.pk) if cart_id == "foreign" else cart_id}

    assert client.post(CHECKOUT, form).status_code == 404
    assert Order.objects.count() == 0


def test_checkout_is_forbidden_without_the_right(world: World, filled: Cart) -> None:
    viewer = browser(make_person(world.holding, ReadyRole.VIEWER))

    assert viewer.get(CHECKOUT).status_code == 403
    assert viewer.post(CHECKOUT, {"cart": filled.pk, "idempotency_key": uuid4()}).status_code == 403
    assert Order.objects.count() == 0
