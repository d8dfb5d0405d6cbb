"""What carts cost and orders freeze: quantities, discounts, rates, individual prices."""

from decimal import Decimal

import pytest

from orders import services
from orders.models import Cart, Order, OrderLine
from orders.selectors import cart_view
from tests.factories import TODAY, World, make_cart, make_price_type
from tests.orders.test_order_submit import submit
from tests.pricing.samples import close, make_agreed, make_rate, make_rule, make_step, tuned


def bought(world: World, *quantities: int) -> Cart:
    """A cart with these quantities of the world's first goods."""
    lines = dict(zip(world.skus, quantities, strict=False))
    return make_cart(world.buyer, world.contract, world.city, lines)


def prices_of(cart: Cart) -> list[Decimal | None]:
    return [line.price for line in cart_view(cart, on=TODAY).lines]


def test_quantity_of_the_line_decides_its_price(world: World) -> None:
    bolt, cable, _book = world.skus
    make_step(bolt, world.price_type, 10, 90)
    make_rule(20, sku=cable, minimum_quantity=5)
    cart = bought(world, 12, 5)

    order = submit(world, cart, "2082.00")

    # The line goes in two pieces from two warehouses: each at the price of the whole line.
    assert list(
        OrderLine.objects.filter(part__order=order)
        .order_by("position", "pk")
        .values_list("quantity", "price")
    ) == [(10, 90), (2, 90), (5, Decimal("200.4"))]
    assert order.currency == "RUB"


def test_one_piece_less_costs_the_usual_price(world: World) -> None:
    make_step(world.skus[0], world.price_type, 10, 90)

    assert prices_of(bought(world, 9)) == [100]


def test_price_is_frozen_when_the_order_is_sent(world: World) -> None:
    rule = make_rule(10)
    order = submit(world, bought(world, 1), "90.00")

    rule.delete()
    world.skus[0].prices.update(amount=500)

    order.refresh_from_db()
    assert order.total == 90
    assert [line.price for line in OrderLine.objects.filter(part__order=order)] == [90]


def test_discount_that_came_meanwhile_is_told_first(world: World) -> None:
    cart = bought(world, 1)
    make_rule(10)

    with pytest.raises(services.PriceChanged) as refusal:
        submit(world, cart, "100.00")

    assert (refusal.value.old, refusal.value.new) == (100, 90)
    assert not Order.objects.exists()


def test_prices_of_a_type_that_closes_leave_the_cart_at_once(world: World) -> None:
    cart = bought(world, 1, 1)
    make_agreed(world.contract, world.skus[1], 200)
    close(world.price_type)

    view = cart_view(cart, on=TODAY)

    assert [(line.price, line.problem) for line in view.lines] == [
        (None, "Нет цены: запросите ее у менеджера"),
        (200, ""),
    ]
    with pytest.raises(services.PriceUnknown):
        submit(world, cart, str(view.total.gross))
    assert not Order.objects.exists()


def test_foreign_prices_make_an_order_in_roubles(world: World) -> None:
    tuned(world.price_type, currency="USD")
    make_rate("80.123456")
    cart = bought(world, 2)

    view = cart_view(cart, on=TODAY)
    order = submit(world, cart, str(view.total.gross))

    assert (view.currency, [line.price for line in view.lines]) == ("RUB", [Decimal("8012.35")])
    assert (order.currency, order.total) == ("RUB", Decimal("16024.70"))


def test_floor_holds_in_the_cart(world: World) -> None:
    floor = make_price_type("Закупочная", is_open=False)
    tuned(world.price_type, floor_type=floor)
    make_step(world.skus[0], floor, 0, 95)
    make_step(world.skus[0], floor, 5, 70)
    make_rule(50)

    assert prices_of(bought(world, 1)) == [95]
    Cart.objects.all().delete()
    assert prices_of(bought(world, 5)) == [70]
