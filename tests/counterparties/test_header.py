"""The top of every page: for whom one works, who one is, and switching without losing anything."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.models import LegalEntity, Membership
from counterparties.web.header import recent_with
from orders.models import Cart, CartLine
from tests.factories import World, make_cart, make_contract, make_legal_entity, make_person

HOME = reverse("home")
SWITCH = reverse("counterparties:legal_entity")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def firms(world: World, number: int) -> list[LegalEntity]:
    """More firms of the holding, each with a contract; names in the order of the list."""
    made = [make_legal_entity(world.holding, name=f"ООО «Филиал {place:02d}»") for place in range(number)]
    for entity in made:
        make_contract(entity, organization=world.organization)
    return made


def offered(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'name="legal_entity" value="(\d+)"', page)]


@pytest.mark.parametrize(("more", "is_searched"), [(6, False), (7, True)])
def test_search_stands_over_eight_legal_entities_and_more(world: World, more: int, is_searched: bool) -> None:
    firms(world, more)

    page = browser(world.buyer).get(HOME).content.decode()

    assert len(offered(page)) == more + 1
    assert ("data-menu-search-box" in page) is is_searched


def test_single_legal_entity_is_only_named(world: World) -> None:
    page = browser(world.buyer).get(HOME).content.decode()

    assert offered(page) == []
    assert world.entity.name in page


def test_legal_entity_chosen_last_stands_first(world: World) -> None:
    first, second, third = firms(world, 3)
    client = browser(world.buyer)
    by_name = offered(client.get(HOME).content.decode())

    for entity in (second, third):
        client.post(SWITCH, {"legal_entity": entity.pk})

    assert by_name == [world.entity.pk, first.pk, second.pk, third.pk]
    assert offered(client.get(HOME).content.decode()) == [third.pk, second.pk, world.entity.pk, first.pk]


def test_recent_choices_are_few_and_named_once() -> None:
    recent: list[int] = []

    for chosen in (1, 2, 3, 4, 5, 6, 3):
        recent = recent_with(recent, chosen)

    assert recent == [3, 6, 5, 4, 2]


def test_switching_there_and_back_leaves_every_cart_as_it_was(world: World) -> None:
    second = firms(world, 1)[0]
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2, world.skus[1]: 3})
    make_cart(world.buyer, second.contracts.get(), world.city, {world.skus[2]: 7})
    client = browser(world.buyer)
    cart_page = client.get(reverse("orders:cart")).content.decode()
    before = everything()

    for entity in (second, world.entity):
        client.post(SWITCH, {"legal_entity": entity.pk})
        client.get(reverse("orders:cart"))

    assert everything() == before
    assert lines(client.get(reverse("orders:cart")).content.decode()) == lines(cart_page)
    assert lines(cart_page) != []


def everything() -> list[list[dict[str, Any]]]:
    return [list(model.objects.order_by("pk").values()) for model in (Cart, CartLine)]


def lines(page: str) -> list[str]:
    return re.findall(r"/cart/line/(\d+)/", page)


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("buyer", "Закупщик, Группа «Север»"),
        ("head", "Руководитель, Группа «Север»"),
        ("manager", "Менеджер"),
        ("administrator", "Администратор"),
    ],
)
def test_header_tells_who_one_is(world: World, person: str, words: str) -> None:
    page = browser(getattr(world, person)).get(reverse("orders:list")).content.decode()

    head = page.split('<div class="menu-head-title">')[1].split("menu-item")[0]
    assert getattr(world, person).full_name in head
    assert words in head


def test_header_names_the_holding_in_which_one_works_now(world: World) -> None:
    Membership.objects.create(
        user=world.buyer,
        holding=world.other_holding,
        role=Membership.objects.get(user=world.head).role,
        is_whole_holding=True,
    )
    client = browser(world.buyer)
    client.post(reverse("counterparties:holding"), {"holding": world.other_holding.pk})

    page = client.get(HOME).content.decode()

    head = page.split('<div class="menu-head-title">')[1].split("menu-item")[0]
    assert "Руководитель, Группа «Юг»" in head


@pytest.mark.parametrize("size", [2, 9])
def test_header_asks_the_database_the_same(world: World, size: int, django_assert_num_queries: Any) -> None:
    firms(world, size)
    client = browser(make_person(world.holding))
    client.get(reverse("catalog:index"))
    client.post(SWITCH, {"legal_entity": world.entity.pk})
    page = reverse("counterparties:my_rights")
    client.get(page)

    with django_assert_num_queries(10):
        client.get(page)
