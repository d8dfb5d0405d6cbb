"""Carts put aside are found again and taken up."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.actor import AccessDenied
from orders.models import Cart, CartLine
from orders.selectors.saved import carts_listed
from orders.services.saved import cart_choose
from tests.factories import AT, World, actor_of, make_cart


@pytest.fixture
def saved(world: World) -> Cart:
    """A cart of the buyer with one line, put aside."""
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    Cart.objects.filter(pk=cart.pk).update(is_current=False, name="От Петра")
    return cart


def test_chosen_cart_changes_places_with_the_current_one(world: World, saved: Cart) -> None:
    current = make_cart(world.buyer, world.contract, world.city, {world.skus[1]: 1})

    for _twice in range(2):
        cart_choose(actor=actor_of(world.buyer), cart_id=saved.pk, at=AT)

    places = dict(Cart.objects.values_list("pk", "is_current"))
    assert places == {saved.pk: True, current.pk: False}
    assert CartLine.objects.count() == 2
    listed = carts_listed(actor=actor_of(world.buyer))
    assert [one.cart.pk for one in listed if one.is_put_aside] == [current.pk]


def test_shared_cart_that_is_taken_up_is_shared_no_longer(world: World, saved: Cart) -> None:
    Cart.objects.filter(pk=saved.pk).update(sharing="edit")

    cart_choose(actor=actor_of(world.buyer), cart_id=saved.pk, at=AT)

    saved.refresh_from_db()
    assert (saved.is_current, saved.sharing) == (True, "own")


def test_cart_of_another_person_is_not_found(world: World, saved: Cart) -> None:
    for person in (world.head, world.other_buyer):
        with pytest.raises(Cart.DoesNotExist):
            cart_choose(actor=actor_of(person), cart_id=saved.pk, at=AT)
    with pytest.raises(AccessDenied):
        cart_choose(actor=replace(actor_of(world.buyer), is_read_only=True), cart_id=saved.pk, at=AT)

    assert not Cart.objects.get(pk=saved.pk).is_current


def test_empty_cart_is_not_listed(world: World, saved: Cart) -> None:
    CartLine.objects.all().delete()

    assert [one for one in carts_listed(actor=actor_of(world.buyer)) if one.is_put_aside] == []


def test_page_lists_saved_carts_and_takes_one_up(world: World, saved: Cart) -> None:
    client = Client()
    client.force_login(world.buyer)

    before = client.get(reverse("orders:cart")).content.decode()
    client.post(reverse("orders:cart_choose", args=[saved.pk]))
    after = client.get(reverse("orders:cart")).content.decode()

    assert ["От Петра" in before, "Болт М8х40" in before] == [True, False]
    assert "Болт М8х40" in after
