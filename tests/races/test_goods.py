"""Carts taken to another city and trees of brands built at the same moment."""

from decimal import Decimal
from functools import partial

import pytest

from catalog.models import Brand, Classifier, ClassifierKind, Product, ProductSection, Section
from catalog.services.brand_tree import brand_tree_build
from orders.models import Cart, CartLine
from orders.services import cart_carry
from tests.factories import AT, World, actor_of, make_cart, make_city, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_cart_carried_eight_times_at_once_is_carried_once(world: World) -> None:
    kazan = make_city("Казань", price_type=world.price_type)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    act = partial(cart_carry, actor=actor_of(world.buyer), cart_id=cart.pk, city_id=kazan.pk, at=AT)

    outcomes = crowd([act] * 8)

    assert sum(isinstance(outcome, Cart.DoesNotExist) for outcome in outcomes) == 7
    assert list(CartLine.objects.filter(cart__city=kazan).values_list("quantity", flat=True)) == [Decimal(2)]


def test_there_and_back_at_once_do_not_deadlock(world: World) -> None:
    kazan = make_city("Казань", price_type=world.price_type)
    here = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    there = make_cart(world.buyer, world.contract, kazan, {world.skus[1]: 3})
    go = partial(cart_carry, actor=actor_of(world.buyer), at=AT)

    outcomes = crowd(
        [partial(go, cart_id=here.pk, city_id=kazan.pk), partial(go, cart_id=there.pk, city_id=world.city.pk)]
    )

    wrong = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Cart.DoesNotExist)]
    assert wrong == []
    current = CartLine.objects.filter(cart__is_current=True)
    assert set(current.values_list("sku_id", flat=True)) == {world.skus[0].pk, world.skus[1].pk}


def test_trees_of_brands_built_at_once_make_no_twins(world: World) -> None:
    Classifier.objects.create(name="По брендам", kind=ClassifierKind.BRANDS)
    brand = Brand.objects.create(name="Метизар", normalized_name="метизар")
    Product.objects.update(brand=brand)

    outcomes = crowd([brand_tree_build] * 12)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Classifier.objects.filter(kind=ClassifierKind.BRANDS).count() == 1
    assert Section.objects.filter(classifier__kind=ClassifierKind.BRANDS).count() == 1
    assert ProductSection.objects.count() == len(world.skus)
