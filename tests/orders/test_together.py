"""Goods that are ordered together: counted as a hand would, never of one client alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.models import Sku
from catalog.web.offers import offers_for
from orders.models import BoughtTogether
from orders.selectors.together import together_with
from orders.services.together import together_count
from orders.states import OrderState
from pricing.selectors import terms_for
from tests.factories import AT, TODAY, World, make_cart
from tests.orders.purchases import bought, bought_in_erp

pytestmark = pytest.mark.django_db

DAY = TODAY - timedelta(days=10)


def pairs() -> dict[tuple[int, int], tuple[int, float]]:
    rows = BoughtTogether.objects.values_list("sku_id", "other_id", "orders", "lift")
    return {(one, two): (orders, round(lift, 4)) for one, two, orders, lift in rows}


@pytest.fixture
def learnt(world: World) -> World:
    """Bolts with cables: two orders of one client, one in 1C of another; seven orders of books alone."""
    bolt, cable, book = world.skus
    for _order in range(2):
        bought(world, DAY, {bolt: 1, cable: 2})
    bought_in_erp(world, DAY, {bolt: 1, cable: 1}, contract=world.other_contract)
    for _order in range(7):
        bought(world, DAY, {book: 1})
    return world


def test_pairs_are_counted_both_ways(learnt: World) -> None:
    bolt, cable, _book = learnt.skus

    assert together_count(at=AT) == 2
    assert together_count(at=AT) == 2

    # 3 orders of 10 hold both: 3 * 10 / (3 * 3)
    assert pairs() == {(bolt.pk, cable.pk): (3, 3.3333), (cable.pk, bolt.pk): (3, 3.3333)}


def test_one_client_alone_tells_nothing(world: World) -> None:
    for _order in range(5):
        bought(world, DAY, {world.skus[0]: 1, world.skus[1]: 1})
        bought(world, DAY, {world.skus[2]: 1})

    assert together_count(at=AT) == 0


def test_given_up_and_forgotten_orders_tell_nothing(learnt: World) -> None:
    orders = learnt.buyer.orders.filter(parts__lines__sku=learnt.skus[0])
    orders.filter(pk=orders.earliest("pk").pk).update(state=OrderState.CANCELLED)
    assert together_count(at=AT) == 0

    assert together_count(at=AT + timedelta(days=400)) == 0


def test_goods_off_sale_and_in_hand_are_left_out(learnt: World) -> None:
    bolt, cable, _book = learnt.skus
    together_count(at=AT)

    assert together_with(sku_ids=[bolt.pk], limit=5) == [cable.pk]
    assert together_with(sku_ids=[bolt.pk, cable.pk], limit=5) == []
    Sku.objects.filter(pk=cable.pk).update(is_hidden=True)
    assert together_with(sku_ids=[bolt.pk], limit=5) == []


def test_product_and_cart_show_what_is_bought_with_it(learnt: World) -> None:
    bolt, cable, _book = learnt.skus
    together_count(at=AT)
    client = Client()
    client.force_login(learnt.buyer)

    page = client.get(reverse("catalog:product", args=[bolt.product_id])).content.decode()
    assert "С этим покупают" in page
    assert cable.name in page
    make_cart(learnt.buyer, learnt.contract, learnt.city, {bolt: 1})
    cart = client.get(reverse("orders:cart")).content.decode()
    assert "С этим покупают" in cart
    assert cable.name in cart


def test_cart_asks_the_database_once_more_for_what_is_bought_with_it(
    learnt: World, django_assert_num_queries: Any
) -> None:
    bolt, cable, _book = learnt.skus
    together_count(at=AT)
    make_cart(learnt.buyer, learnt.contract, learnt.city, {bolt: 1})
    client = Client()
    client.force_login(learnt.buyer)
    client.get(reverse("orders:cart"))

    with django_assert_num_queries(16):  # fifteen where nothing was learnt of the goods
        answer = client.get(reverse("orders:cart"))

    (row,) = answer.context["learnt"]
    asked = offers_for(
        sku_ids=[cable.pk],
        city=learnt.city,
        terms=terms_for(contract=learnt.contract, city=learnt.city, on=timezone.localdate()),
    )
    assert (row.sku_id, row.quote, row.available) == (
        cable.pk, asked[cable.pk].quote, asked[cable.pk].available,
    )  # fmt: skip


def test_goods_without_a_price_or_stock_are_not_shown(learnt: World) -> None:
    bolt, cable, _book = learnt.skus
    together_count(at=AT)
    cable.stock.all().delete() if hasattr(cable, "stock") else cable.stocks.all().delete()
    client = Client()
    client.force_login(learnt.buyer)

    page = client.get(reverse("catalog:product", args=[bolt.product_id])).content.decode()

    assert "С этим покупают" not in page
