"""A change of the city when goods lie in the cart."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import City
from counterparties.web.middleware import CITY_KEY
from orders.models import Cart, CartLine
from orders.services import cart_carry
from tests.factories import (
    AT,
    World,
    actor_of,
    make_cart,
    make_city,
    make_price,
    make_price_type,
    make_stock,
    make_warehouse,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/catalog/product/7/"


@pytest.fixture
def kazan(world: World) -> City:
    """A city with one warehouse and prices of its own: 120 for the bolt; only the bolt is sold there."""
    price_type = make_price_type("Казань")
    city = make_city("Казань", price_type=price_type)
    make_price(world.skus[0], 120, price_type=price_type)
    make_stock(world.skus[0], make_warehouse(city), 3)
    return city


@pytest.fixture
def cart(world: World) -> Cart:
    return make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2, world.skus[1]: 4})


def lines_of(city: City) -> dict[str, dict[int, Decimal]]:
    """Lines of the carts of a city, the current one and those put aside."""
    found: dict[str, dict[int, Decimal]] = {}
    for cart in Cart.objects.filter(city=city):
        found["current" if cart.is_current else "aside"] = dict(cart.lines.values_list("sku_id", "quantity"))
    return found


def chosen(client: Client) -> int | None:
    return client.session.get(CITY_KEY)


def post(client: Client, city: City, **fields: str) -> str:
    answer = client.post(reverse("catalog:city"), {"city": city.pk, "next": ADDRESS, **fields})
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_empty_cart_changes_the_city_at_once(buyer: Client, world: World, kazan: City) -> None:
    assert (post(buyer, kazan), chosen(buyer)) == (ADDRESS, kazan.pk)


def test_cart_with_goods_is_compared_first(buyer: Client, world: World, kazan: City, cart: Cart) -> None:
    target = post(buyer, kazan)

    page = buyer.get(target).content.decode()

    assert target == f"{reverse('catalog:city_switch')}?city={kazan.pk}&next=%2Fcatalog%2Fproduct%2F7%2F"
    assert chosen(buyer) is None
    text = " ".join(re.sub(r"<[^>]+>", " ", page.replace("&nbsp;", " ")).split())
    assert "Болт М8х40 2 шт 100,00 ₽ 120,00 ₽ 15 шт 3 шт" in text
    assert "Кабель ВВГнг 3х2,5 Не продается здесь 4 м 250,50 ₽ по запросу 15 м – Итого" in text
    assert "Итого с НДС 1 202,00 ₽ 240,00 ₽" in text


def test_city_is_changed_and_the_cart_stays(buyer: Client, world: World, kazan: City, cart: Cart) -> None:
    back = post(buyer, kazan, keep="1")

    assert (back, chosen(buyer)) == (ADDRESS, kazan.pk)
    assert lines_of(world.city) == {"current": {world.skus[0].pk: 2, world.skus[1].pk: 4}}
    assert lines_of(kazan) == {}


def test_cart_is_carried_along_and_put_aside(buyer: Client, world: World, kazan: City, cart: Cart) -> None:
    make_cart(world.buyer, world.contract, kazan, {world.skus[0]: 1})

    back = post(buyer, kazan, carry="1")

    assert (back, chosen(buyer)) == (reverse("orders:cart"), kazan.pk)
    assert lines_of(kazan) == {"current": {world.skus[0].pk: 3, world.skus[1].pk: 4}}
    assert lines_of(world.city) == {"aside": {world.skus[0].pk: 2, world.skus[1].pk: 4}}
    assert "Перенесено позиций: 2." in buyer.get(back).content.decode()


def test_way_there_and_back_doubles_nothing(buyer: Client, world: World, kazan: City, cart: Cart) -> None:
    post(buyer, kazan, carry="1")
    post(buyer, world.city, carry="1")

    assert lines_of(world.city)["current"] == {world.skus[0].pk: 2, world.skus[1].pk: 4}


def test_what_is_no_longer_sold_stays_in_the_cart_put_aside(
    buyer: Client, world: World, kazan: City, cart: Cart
) -> None:
    world.skus[1].is_hidden = True
    world.skus[1].save()

    page = buyer.get(post(buyer, kazan, carry="1")).content.decode()

    assert lines_of(kazan) == {"current": {world.skus[0].pk: 2}}
    assert lines_of(world.city) == {"aside": {world.skus[0].pk: 2, world.skus[1].pk: 4}}
    assert "Не перенесено: Кабель ВВГнг 3х2,5 (снято с продажи)." in page


def test_words_are_carried_with_the_goods(world: World, kazan: City, cart: Cart) -> None:
    cart.lines.update(client_reference="17", comment="Синий")

    carried = cart_carry(actor=actor_of(world.buyer), cart_id=cart.pk, city_id=kazan.pk, at=AT)

    assert set(carried.cart.lines.values_list("client_reference", "comment")) == {("17", "Синий")}


def test_stranger_carries_nothing(world: World, kazan: City, cart: Cart) -> None:
    with pytest.raises(Cart.DoesNotExist):
        cart_carry(actor=actor_of(world.other_buyer), cart_id=cart.pk, city_id=kazan.pk, at=AT)

    assert lines_of(kazan) == {}
    assert lines_of(world.city) == {"current": {world.skus[0].pk: 2, world.skus[1].pk: 4}}


def test_second_request_carries_nothing_more(world: World, kazan: City, cart: Cart) -> None:
    actor = actor_of(world.buyer)
    cart_carry(actor=actor, cart_id=cart.pk, city_id=kazan.pk, at=AT)

    with pytest.raises(Cart.DoesNotExist):
        cart_carry(actor=actor, cart_id=cart.pk, city_id=kazan.pk, at=AT)

    assert lines_of(kazan)["current"] == {world.skus[0].pk: 2, world.skus[1].pk: 4}


@pytest.mark.django_db(transaction=True)
def test_carrying_that_fails_at_its_end_has_carried_nothing(
    world: World, kazan: City, cart: Cart, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Cart, "save", broken)

    with pytest.raises(RuntimeError):
        cart_carry(actor=actor_of(world.buyer), cart_id=cart.pk, city_id=kazan.pk, at=AT)

    monkeypatch.undo()
    assert lines_of(kazan) == {}
    assert lines_of(world.city) == {"current": {world.skus[0].pk: 2, world.skus[1].pk: 4}}


@pytest.mark.parametrize("query", ["", "?city=x", "?city=0", "?city=own"])
def test_comparison_with_no_other_city_leads_to_the_catalogue(
    buyer: Client, world: World, cart: Cart, query: str
) -> None:
    answer = buyer.get(reverse("catalog:city_switch") + query.replace("own", str(world.city.pk)))

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("catalog:index"))


def test_employee_changes_the_city_at_once(client: Client, world: World, kazan: City) -> None:
    client.force_login(world.manager)

    assert (post(client, kazan), chosen(client)) == (ADDRESS, kazan.pk)


@pytest.mark.parametrize("rows", [1, 3])
def test_comparison_takes_the_same_queries_whatever_its_lines(
    buyer: Client, world: World, kazan: City, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus[:rows], 1))
    target = f"{reverse('catalog:city_switch')}?city={kazan.pk}"
    buyer.get(target)

    with django_assert_num_queries(21):
        page = buyer.get(target).content.decode()

    assert page.count("line-name") == CartLine.objects.count() == rows
