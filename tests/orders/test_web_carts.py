"""Pages of many carts as a browser meets them."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, Sku, Stock
from orders.models import Cart, CartLine, Order
from orders.web.carting import ROWS
from orders.web.views.sending import MOST_CARTS
from pricing.models import Price
from tests.factories import (
    World,
    make_address,
    make_cart,
    make_contract,
    make_legal_entity,
    make_sku,
)

CARTS, CHECKOUT = reverse("orders:carts"), reverse("orders:carts_checkout")
HTMX = {"HX-Request": "true"}


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"orders:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def saved_cart(
    world: World, lines: dict[Sku, int], *, name: str = "Ремонт", owner: User | None = None
) -> Cart:
    cart = Cart.objects.create(
        user=owner or world.buyer, legal_entity=world.entity, contract=world.contract, city=world.city,
        name=name, is_current=False,
    )  # fmt: skip
    CartLine.objects.bulk_create(CartLine(cart=cart, sku=sku, quantity=many) for sku, many in lines.items())
    return cart


@pytest.mark.parametrize("carts", [1, 3])
def test_table_page_asks_the_database_the_same(
    world: World, carts: int, django_assert_num_queries: Any
) -> None:
    for number in range(carts):
        saved_cart(world, {world.skus[0]: 1}, name=f"Корзина {number}")
    client = browser(world.buyer)
    client.get(CARTS)

    with django_assert_num_queries(14):
        page = client.get(CARTS).content.decode()

    assert len(re.findall(r'<tr id="cart-\d+"', page)) == carts


def test_cart_is_made_renamed_shared_and_removed(world: World) -> None:
    client = browser(world.buyer)

    client.post(reverse("orders:cart_create"), {"name": "На склад"})
    cart = Cart.objects.get()
    client.post(reverse("orders:cart_rename", args=[cart.pk]), {"name": "На объект"})
    client.post(reverse("orders:cart_share", args=[cart.pk]), {"sharing": "view"})
    page = page_of(client, "carts")
    seen = page_of(browser(world.head), "carts")
    client.post(reverse("orders:cart_delete", args=[cart.pk]))

    assert ["На объект" in text for text in (page, seen)] == [True, True]
    assert "только просмотр" in seen
    assert not Cart.objects.exists()


@pytest.mark.parametrize("name", ["", "д" * 101])
def test_wrong_name_is_told(world: World, name: str) -> None:
    client = browser(world.buyer)

    answer = client.post(reverse("orders:cart_create"), {"name": name}, follow=True)

    assert 'class="alert' in answer.content.decode()
    assert not Cart.objects.exists()


def test_shared_cart_is_read_without_buttons_that_change_it(world: World) -> None:
    cart = saved_cart(world, {world.skus[0]: 2}, owner=world.head)
    Cart.objects.filter(pk=cart.pk).update(sharing="view")

    page = page_of(browser(world.buyer), "cart_open", cart.pk)

    assert "Болт М8х40" in page
    assert [word in page for word in ("Очистить", 'value="move"', 'name="quantity"')] == [False] * 3
    assert "Положить в текущую" in page


def test_badge_counts_the_current_cart_while_another_is_open(world: World) -> None:
    saved = saved_cart(world, {world.skus[0]: 2, world.skus[1]: 1})
    make_cart(world.buyer, world.contract, world.city, {world.skus[2]: 1})
    client, line = browser(world.buyer), saved.lines.first()
    assert line is not None

    page = page_of(client, "cart_open", saved.pk)
    answer = client.post(reverse("orders:cart_line", args=[line.pk]), {"quantity": "3"}, headers=HTMX)

    for text in (page, answer.content.decode()):
        assert re.findall(r'id="cart-badge"[^>]*>(\d*)<', text) == ["1"]


def test_tabs_lead_between_current_carts(world: World) -> None:
    second = make_contract(make_legal_entity(world.holding, name="ООО «Запад»"))
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    other = make_cart(world.buyer, second, world.city, {world.skus[1]: 1})
    client = browser(world.buyer)

    before = page_of(client, "cart")
    client.post(reverse("orders:cart_choose", args=[other.pk]))
    after = page_of(client, "cart")

    assert ["Болт М8х40" in before, "ООО «Запад»" in before] == [True, True]
    assert ["Болт М8х40" in after, "Кабель ВВГнг" in after] == [False, True]
    assert Cart.objects.filter(is_current=True).count() == 2


def test_long_cart_comes_by_the_hundred(world: World) -> None:
    skus = [make_sku(stock={world.main_warehouse: 9}) for _number in range(ROWS + 5)]
    make_cart(world.buyer, world.contract, world.city, dict.fromkeys(skus, 1))
    client = browser(world.buyer)

    first = page_of(client, "cart")
    rest = client.get(reverse("orders:cart"), {"from": ROWS}, headers=HTMX).content.decode()

    assert first.count('id="cart-line-') == ROWS
    assert "Показать остальные строки: 5" in first
    assert rest.count('id="cart-line-') == 5
    assert "<html" not in rest


@pytest.mark.parametrize("start", ["-1", "abc", "99999999999", "²"])
def test_wrong_start_of_rows_is_the_first(world: World, start: str) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    answer = browser(world.buyer).get(reverse("orders:cart"), {"from": start})

    assert answer.content.decode().count('id="cart-line-') == 1


@pytest.mark.parametrize(("act", "left"), [("move", 0), ("copy", 1)])
def test_ticked_lines_go_to_a_new_cart(world: World, act: str, left: int) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    data = {"act": act, "target": "new", "name": "Срочное", "line": [cart.lines.get().pk]}

    answer = browser(world.buyer).post(reverse("orders:cart_lines", args=[cart.pk]), data)

    assert answer["Location"] == reverse("orders:cart")
    assert Cart.objects.get(name="Срочное").lines.count() == 1
    assert cart.lines.count() == left


@pytest.mark.parametrize("data", [{"act": "move", "target": "new"}, {"act": "move", "target": "abc"}, {}])
def test_lines_without_a_target_stay(world: World, data: dict[str, str]) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})

    answer = browser(world.buyer).post(
        reverse("orders:cart_lines", args=[cart.pk]), data | {"line": cart.lines.get().pk}, follow=True
    )

    assert 'class="alert' in answer.content.decode()
    assert (Cart.objects.count(), cart.lines.count()) == (1, 1)


def test_saved_cart_is_put_with_prices_then_and_now(world: World) -> None:
    saved = saved_cart(world, {world.skus[0]: 2})
    saved.lines.update(price_when_added=100)
    Price.objects.filter(sku=world.skus[0]).update(amount=120)
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    client = browser(world.buyer)

    page = page_of(client, "cart_put", saved.pk)
    line = saved.lines.get().pk
    seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]+)"', page))
    client.post(reverse("orders:cart_put", args=[saved.pk]), {f"put-{line}": "replace"} | seen)

    assert ["100,00 ₽" in page, "120,00" in page, "заменить количество" in page] == [True] * 3
    assert CartLine.objects.get(cart__is_current=True).quantity == 2


def test_saved_cart_is_renewed_after_a_look(world: World) -> None:
    saved = saved_cart(world, {world.skus[0]: 2, world.skus[1]: 1})
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5})
    client = browser(world.buyer)

    page = page_of(client, "cart_update", saved.pk)
    seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]+)"', page))
    client.post(reverse("orders:cart_update", args=[saved.pk]), seen)

    assert ["уйдёт" in page, "изменится" in page, "добавится" in page] == [True, True, False]
    assert list(saved.lines.values_list("sku_id", "quantity")) == [(world.skus[0].pk, 5)]


def test_saved_cart_that_was_changed_meanwhile_is_shown_again(world: World) -> None:
    saved = saved_cart(world, {world.skus[0]: 2})
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5})
    client = browser(world.buyer)
    seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]+)"', page_of(client, "cart_update", saved.pk)))
    Cart.objects.filter(pk=saved.pk).update(updated_at=timezone.now() + timedelta(seconds=1))

    answer = client.post(reverse("orders:cart_update", args=[saved.pk]), seen)

    assert answer["Location"] == reverse("orders:cart_update", args=[saved.pk])
    assert saved.lines.get().quantity == 2


# --- several at once -----------------------------------------------------------------------------
def form_of(page: str) -> dict[str, list[str]]:
    """What the page of checkout would send as it stands."""
    data: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name == "cart" or name.startswith("cart-"):
            data.setdefault(name, []).append(value)
    selects = re.findall(r'<select class="form-select" name="(cart-[^"]+)".*?</select>', page, re.S)
    for name in selects:
        block = page[page.index(f'name="{name}"') :]
        chosen = re.search(r'<option value="([^"]+)" selected', block)
        data[name] = [chosen.group(1) if chosen else "pickup"]
    return data


@pytest.fixture
def three(world: World) -> list[Cart]:
    """Carts of three legal entities, the first with an address."""
    carts = [saved_cart(world, {world.skus[0]: 1})]
    for number in (2, 3):
        contract = make_contract(make_legal_entity(world.holding, name=f"ООО «Север-{number}»"))
        make_address(contract.legal_entity, city=world.city)
        cart = saved_cart(world, {world.skus[0]: number})
        Cart.objects.filter(pk=cart.pk).update(contract=contract, legal_entity=contract.legal_entity)
        carts.append(cart)
    return carts


def test_three_legal_entities_are_ordered_for_at_once(world: World, three: list[Cart]) -> None:
    client = browser(world.buyer)

    page = client.get(CHECKOUT, {"cart": [cart.pk for cart in three]}).content.decode()
    data = form_of(page)
    answer = client.post(CHECKOUT, data)
    again = client.post(CHECKOUT, data)
    summary = client.get(answer["Location"]).content.decode()

    orders = Order.objects.order_by("pk")
    assert [order.total for order in orders] == [Decimal(100), Decimal(200), Decimal(300)]
    assert all(order.delivery_address_id for order in orders)
    assert answer["Location"] == again["Location"]
    assert all(order.number in summary for order in orders)
    assert not CartLine.objects.exists()


def test_what_cannot_go_is_told_and_the_rest_goes(world: World, three: list[Cart]) -> None:
    client = browser(world.buyer)
    page = client.get(CHECKOUT, {"cart": [cart.pk for cart in three]}).content.decode()
    Stock.objects.filter(sku=world.skus[0], warehouse=world.second_warehouse).update(free=0)
    Stock.objects.filter(sku=world.skus[0], warehouse=world.main_warehouse).update(free=4)

    answer = client.post(CHECKOUT, form_of(page), follow=True)

    told = answer.content.decode()
    assert "ООО «Север-3»: заказ не отправлен. Не хватает товара." in told
    assert Order.objects.count() == 2
    assert CartLine.objects.get().cart_id == three[2].pk


def test_nothing_that_went_shows_the_form_again(world: World, three: list[Cart]) -> None:
    client = browser(world.buyer)
    page = client.get(CHECKOUT, {"cart": [cart.pk for cart in three]}).content.decode()
    Price.objects.filter(sku=world.skus[0]).update(amount=120)

    answer = client.post(CHECKOUT, form_of(page))

    assert answer.status_code == 409
    assert answer.content.decode().count("Сумма заказа изменилась") == 3
    assert not Order.objects.exists()


def test_address_that_was_chosen_stays_chosen_on_the_form_shown_again(
    world: World, three: list[Cart]
) -> None:
    client = browser(world.buyer)
    data = form_of(client.get(CHECKOUT, {"cart": three[0].pk}).content.decode())
    prefix = f"cart-{three[0].pk}-"
    data |= {f"{prefix}delivery": ["pickup"], f"{prefix}comment": ["Позвонить за час"]}
    Price.objects.filter(sku=world.skus[0]).update(amount=120)

    again = client.post(CHECKOUT, data)
    sent = client.post(CHECKOUT, form_of(again.content.decode()) | {f"{prefix}delivery": ["pickup"]})

    page = again.content.decode()
    assert ['value="pickup" selected' in page, "Позвонить за час" in page] == [True, True]
    assert (again.status_code, sent.status_code) == (409, 302)


def test_more_carts_than_one_page_takes_are_not_left_out_silently(world: World) -> None:
    carts = [saved_cart(world, {world.skus[0]: 1}).pk for _number in range(MOST_CARTS + 1)]

    answer = browser(world.buyer).get(CHECKOUT, {"cart": carts}, follow=True)

    assert answer.redirect_chain[0][0] == CARTS
    assert f"Выберите не больше {MOST_CARTS} корзин за раз." in answer.content.decode()


def test_plan_of_a_short_cart_is_never_shown(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1000})
    data = {"cart": cart.pk, "idempotency_key": str(uuid4()), "expected_total": "1", "delivery": "nowhere"}

    answer = browser(world.buyer).post(reverse("orders:checkout"), data)

    assert answer.status_code == 422
    assert world.second_warehouse.name not in answer.content.decode()


@pytest.mark.parametrize("typed", ["9" * 39, "-7", "0"])
def test_quantity_beyond_all_measure_is_refused(world: World, typed: str) -> None:
    Product.objects.filter(pk=world.skus[0].product_id).update(order_multiple=6)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 6})
    line = cart.lines.get()

    answer = browser(world.buyer).post(reverse("orders:cart_line", args=[line.pk]), {"quantity": typed})

    line.refresh_from_db()
    assert (answer.status_code, line.quantity) == (422, 6)
    assert 'name="rounded"' not in answer.content.decode()


def test_refused_change_of_a_long_cart_shows_no_line_twice(world: World) -> None:
    skus = {make_sku(price=5, stock={world.main_warehouse: 9}): 1 for _line in range(ROWS + 1)}
    cart = make_cart(world.buyer, world.contract, world.city, skus)
    line = cart.lines.order_by("pk").first()
    assert line is not None
    client = browser(world.buyer)

    page = client.post(reverse("orders:cart_line", args=[line.pk]), {"quantity": "x"}).content.decode()
    rest = reverse("orders:cart_open", args=[cart.pk]) + f"?from={ROWS}"

    assert (page.count('id="cart-line-'), "Показать остальные" in page) == (ROWS + 1, False)
    assert rest in client.get(reverse("orders:cart")).content.decode()


def test_cart_with_problems_is_held_back(world: World, three: list[Cart]) -> None:
    CartLine.objects.filter(cart=three[1]).update(quantity=100)

    page = browser(world.buyer).get(CHECKOUT, {"cart": [cart.pk for cart in three]}).content.decode()

    assert "Не войдут в оформление" in page
    assert f'name="cart" value="{three[1].pk}"' not in page
    assert "Отправить заказы: 2" in page


def test_address_of_another_client_is_not_found(world: World, three: list[Cart]) -> None:
    client = browser(world.buyer)
    data = form_of(client.get(CHECKOUT, {"cart": three[0].pk}).content.decode())
    data[f"cart-{three[0].pk}-delivery"] = [str(make_address(world.other_entity, city=world.city).pk)]

    answer = client.post(CHECKOUT, data)

    assert answer.status_code == 409
    assert not Order.objects.exists()


@pytest.mark.parametrize("carts", [[], ["abc"]])
def test_checkout_of_nothing_leads_back(world: World, carts: list[str]) -> None:
    answer = browser(world.buyer).get(CHECKOUT, {"cart": carts})

    assert answer["Location"] == CARTS


def test_checkout_does_not_show_carts_of_others(world: World) -> None:
    theirs = make_cart(world.other_buyer, world.other_contract, world.city, {world.skus[0]: 1})
    shared = saved_cart(world, {world.skus[0]: 1}, owner=world.head)
    Cart.objects.filter(pk=shared.pk).update(sharing="edit")

    for cart in (theirs, shared):
        assert browser(world.buyer).get(CHECKOUT, {"cart": cart.pk}).status_code == 404


def test_places_page_compares_and_saves(world: World) -> None:
    second = make_contract(make_legal_entity(world.holding, name="ООО «Запад»"))
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    client = browser(world.buyer)

    page = page_of(client, "cart_places", cart.pk)
    answer = client.post(
        reverse("orders:cart_places", args=[cart.pk]), {"only": f"{second.legal_entity_id}-{second.pk}"}
    )

    made = Cart.objects.get(contract=second)
    assert ["ООО «Запад»" in page, "эта корзина" in page] == [True, True]
    assert answer["Location"] == f"{CARTS}?cart={made.pk}"
    assert "checked" in client.get(answer["Location"]).content.decode()
