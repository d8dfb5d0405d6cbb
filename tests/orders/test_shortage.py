"""Lines that the city has too little of: what may be done, and that it is done once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import CityWarehouse, ProductRelation, RelationKind, Sku
from counterparties.models import ClientGroup
from orders.models import ArrivalWatch, Cart, CartLine
from orders.refusals import CartChanged
from orders.selectors.cart_views import cart_view
from orders.selectors.shortage import Choice, Remedy, ShortLine, Wanted, short_lines
from orders.services.shortage import shortage_settle
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_city, make_sku, make_warehouse

LATER = AT + timedelta(minutes=1)
QUERIES = 9


@pytest.fixture
def cart(world: World) -> Cart:
    """Wants 20 bolts of 15, and 3 metres of cable, which are there."""
    return make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 20, world.skus[1]: 3})


@pytest.fixture
def analog(world: World) -> Sku:
    sku = make_sku("Болт М8х45", price=90, stock={world.main_warehouse: 50})
    ProductRelation.objects.create(
        product=world.skus[0].product, related=sku.product, kind=RelationKind.ANALOG
    )
    return sku


@pytest.fixture
def kazan(world: World) -> int:
    """Another city with enough bolts."""
    city = make_city("Казань")
    warehouse = make_warehouse(city, name="Казанский склад")
    world.skus[0].stocks.create(warehouse=warehouse, free=100, updated_at=AT)
    return city.pk


def shorts(cart: Cart) -> list[ShortLine]:
    return short_lines(cart_view(cart, on=TODAY), on=TODAY)


def settle(world: World, cart: Cart, choice: Choice) -> tuple[int, tuple[str, ...]]:
    line = cart.lines.get(sku=world.skus[0])
    settled = shortage_settle(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        choices={line.pk: choice},
        seen_at=cart.updated_at,
        at=LATER,
    )
    return settled.count, settled.left_out


def contents(cart_id: int) -> list[tuple[int, Decimal]]:
    return list(CartLine.objects.filter(cart=cart_id).order_by("sku").values_list("sku_id", "quantity"))


def test_options_of_a_short_line(world: World, cart: Cart, analog: Sku, kazan: int) -> None:
    (short,) = shorts(cart)

    assert [option.choice.key for option in short.options] == [
        "part-0",
        f"analog-{analog.pk}",
        f"city-{kazan}",
        "wait-0",
        "keep-0",
    ]
    assert short.options[1].title == "Аналог: Болт М8х45, 5 шт"
    assert {by: short.settled(by).remedy for by in Wanted} == {
        Wanted.FAST: Remedy.ANALOG,
        Wanted.CHEAP: Remedy.ANALOG,
        Wanted.SAME: Remedy.CITY,
    }


def test_part_stays_and_the_rest_is_waited_for(world: World, cart: Cart) -> None:
    result = settle(world, cart, Choice(Remedy.PART))

    assert result == (1, ())
    assert contents(cart.pk) == [(world.skus[0].pk, Decimal(15)), (world.skus[1].pk, Decimal(3))]
    assert list(ArrivalWatch.objects.values_list("user", "sku")) == [(world.buyer.pk, world.skus[0].pk)]


def test_analog_stands_in_for_what_is_missing(world: World, cart: Cart, analog: Sku) -> None:
    settle(world, cart, Choice(Remedy.ANALOG, analog.pk))

    assert contents(cart.pk) == [
        (world.skus[0].pk, Decimal(15)),
        (world.skus[1].pk, Decimal(3)),
        (analog.pk, Decimal(5)),
    ]


def test_missing_goes_to_the_cart_of_another_city(world: World, cart: Cart, kazan: int) -> None:
    settle(world, cart, Choice(Remedy.CITY, kazan))

    there = Cart.objects.get(city=kazan)
    assert (there.user_id, there.contract_id, there.is_current) == (world.buyer.pk, world.contract.pk, True)
    assert contents(there.pk) == [(world.skus[0].pk, Decimal(5))]
    assert contents(cart.pk)[0] == (world.skus[0].pk, Decimal(15))


def test_words_go_to_the_other_city_with_the_goods(world: World, cart: Cart, kazan: int) -> None:
    cart.lines.update(client_reference="17", comment="Синий", desired_date=TODAY)

    settle(world, cart, Choice(Remedy.CITY, kazan))

    line = CartLine.objects.get(cart__city=kazan)
    assert (line.client_reference, line.comment, line.desired_date) == ("17", "Синий", TODAY)


def test_warehouse_of_both_cities_is_not_promised_twice(world: World, cart: Cart) -> None:
    CityWarehouse.objects.create(
        city=make_city("Тверь"), warehouse=world.main_warehouse, position=0, delivery_days=2
    )

    (short,) = shorts(cart)

    assert [option.choice.remedy for option in short.options] == [Remedy.PART, Remedy.WAIT, Remedy.KEEP]


def test_analog_that_is_short_itself_is_not_lost(world: World, cart: Cart, analog: Sku) -> None:
    CartLine.objects.create(cart=cart, sku=analog, quantity=60)
    bolts, others = cart.lines.get(sku=world.skus[0]), cart.lines.get(sku=analog)

    shortage_settle(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        choices={bolts.pk: Choice(Remedy.ANALOG, analog.pk), others.pk: Choice(Remedy.PART)},
        seen_at=cart.updated_at,
        at=LATER,
    )

    assert contents(cart.pk)[2] == (analog.pk, Decimal(50 + 5))


def test_line_is_taken_out_to_wait(world: World, cart: Cart) -> None:
    settle(world, cart, Choice(Remedy.WAIT))

    assert contents(cart.pk) == [(world.skus[1].pk, Decimal(3))]
    assert ArrivalWatch.objects.count() == 1


def test_second_click_changes_nothing(world: World, cart: Cart, analog: Sku) -> None:
    settle(world, cart, Choice(Remedy.ANALOG, analog.pk))
    before = contents(cart.pk)

    with pytest.raises(CartChanged):
        settle(world, cart, Choice(Remedy.ANALOG, analog.pk))

    assert contents(cart.pk) == before


def test_no_analog_of_the_good_is_taken(world: World, cart: Cart) -> None:
    with pytest.raises(Sku.DoesNotExist):
        settle(world, cart, Choice(Remedy.ANALOG, world.skus[2].pk))

    assert contents(cart.pk)[0] == (world.skus[0].pk, Decimal(20))


def test_who_sees_no_numbers_learns_none(world: World, cart: Cart, analog: Sku) -> None:
    world.holding.group = ClientGroup.objects.create(name="Словами", stock_mask="words")
    world.holding.save(update_fields=["group"])
    cart = Cart.objects.get(pk=cart.pk)

    (short,) = shorts(cart)
    settle(world, cart, Choice(Remedy.ANALOG, analog.pk))

    assert [option.choice.remedy for option in short.options] == [Remedy.ANALOG, Remedy.WAIT, Remedy.KEEP]
    assert contents(cart.pk) == [(world.skus[1].pk, Decimal(3)), (analog.pk, Decimal(20))]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_lines(world: World, count: int, django_assert_num_queries: object) -> None:
    lines = {make_sku(price=5, stock={world.main_warehouse: 1}): 9 for _line in range(count)}
    for sku in lines:
        other = make_sku(price=6, stock={world.main_warehouse: 90})
        ProductRelation.objects.create(product=sku.product, related=other.product, kind=RelationKind.ANALOG)
    view = cart_view(make_cart(world.buyer, world.contract, world.city, lines), on=TODAY)

    with django_assert_num_queries(QUERIES):  # type: ignore[operator]
        assert len(short_lines(view, on=TODAY)) == count


def test_page_settles_all_by_one_wish(world: World, cart: Cart, analog: Sku) -> None:
    client = Client()
    client.force_login(world.buyer)
    url = reverse("orders:shortage", args=[cart.pk])
    line = cart.lines.get(sku=world.skus[0])

    page = client.get(url, {"by": "fast"}).content.decode()
    client.post(url, {"seen": cart.updated_at.isoformat(), f"line-{line.pk}": f"analog-{analog.pk}"})

    assert f'value="analog-{analog.pk}" checked' in page
    assert contents(cart.pk)[2] == (analog.pk, Decimal(5))


def test_foreign_cart_is_not_found(world: World, cart: Cart) -> None:
    client = Client()
    client.force_login(world.head)

    answers = [client.get(reverse("orders:shortage", args=[cart.pk])).status_code]
    answers += [client.post(reverse("orders:shortage", args=[cart.pk]), {}).status_code]

    assert answers == [404, 404]
