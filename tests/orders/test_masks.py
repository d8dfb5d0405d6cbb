"""A client whose group may not see numbers learns none from the cart and its refusals."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from catalog.masks import StockMask
from counterparties.models import ClientGroup, Holding
from orders.models import Cart, Order
from orders.refusals import StockShort
from orders.selectors.cart import cart_view, carts_whole
from orders.services import order_submit
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_sku, make_world

pytestmark = pytest.mark.django_db

SHORT = "Столько сейчас нет. Уменьшите количество или спросите менеджера"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def cart(world: World) -> Cart:
    """Fifty of what there are thirty-seven of."""
    anchor = make_sku("Анкер", stock={world.main_warehouse: 37})
    return make_cart(world.buyer, world.contract, world.city, {anchor: 50})


def mask(world: World, mask: StockMask) -> None:
    group = ClientGroup.objects.create(name="Розница", stock_mask=mask)
    Holding.objects.filter(pk=world.holding.pk).update(group=group)


def loaded(world: World, cart: Cart) -> Cart:
    return carts_whole(Cart.objects.owned_by(actor_of(world.buyer))).get(pk=cart.pk)


@pytest.mark.parametrize(
    ("group", "stock", "problem"),
    [
        (StockMask.EXACT, "37\N{NO-BREAK SPACE}шт", "Не хватает: в наличии 37 шт"),
        (StockMask.OVER_100, "37\N{NO-BREAK SPACE}шт", "Не хватает: в наличии 37 шт"),
        (StockMask.OVER_10, ">10\N{NO-BREAK SPACE}шт", SHORT),
        (StockMask.WORDS, "много", SHORT),
    ],
)
def test_line_tells_stock_as_exactly_as_the_group_may_see(
    world: World, cart: Cart, group: StockMask, stock: str, problem: str
) -> None:
    mask(world, group)

    (line,) = cart_view(loaded(world, cart), on=TODAY).lines

    assert (line.available_text, line.problem) == (stock, problem)


def test_refused_order_names_no_number(world: World, cart: Cart) -> None:
    mask(world, StockMask.OVER_10)

    with pytest.raises(StockShort) as refused:
        order_submit(
            actor=actor_of(world.buyer),
            cart_id=cart.pk,
            delivery_address_id=None,
            comment="",
            client_reference="",
            idempotency_key=uuid4(),
            expected_total=cart_view(loaded(world, cart), on=TODAY).total.gross,
            at=AT,
        )

    assert str(refused.value) == "Не хватает товара. Анкер: столько сейчас нет (50 шт)."
    assert not Order.objects.exists()


def test_page_of_the_cart_names_no_number(client: Client, world: World, cart: Cart) -> None:
    mask(world, StockMask.WORDS)
    client.force_login(world.buyer)

    page = client.get(reverse("orders:cart")).content.decode()

    assert SHORT in page
    row = page.partition('id="cart-line')[2].partition("</tr>")[0]
    told = re.sub(
        r'value="\w{64}"|name="line" value="\d+"|[-/][0-9]+', "", row
    )  # a random token, numbers of rows
    assert not re.search(r"\b37\b", told)
