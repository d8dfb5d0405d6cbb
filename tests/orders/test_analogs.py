"""What stands in for goods that lack: how far it does, what the city has of it first."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import ProductRelation, RelationKind, Sku
from orders.models import RowState, UploadRow
from orders.selectors.analogs import analogs_of
from orders.selectors.cart import cart_view, carts_whole
from orders.selectors.shortage import short_lines
from tests.factories import TODAY, World, make_cart, make_sku, make_upload
from tests.orders.test_web_pads import ROWS, form, in_cart, text, whole

pytestmark = pytest.mark.django_db


def analog(world: World, name: str, *, price: int, stock: int, note: str = "") -> Sku:
    sku = make_sku(name, price=price, stock={world.main_warehouse: stock})
    ProductRelation.objects.create(
        product=world.skus[0].product, related=sku.product, kind=RelationKind.ANALOG, note=note
    )
    return sku


@pytest.fixture
def three(world: World) -> tuple[Sku, Sku, Sku]:
    """One that has run out, a dear one, a cheap one that is another colour."""
    return (
        analog(world, "Болт закончился", price=10, stock=0),
        analog(world, "Болт дорогой", price=120, stock=900),
        analog(world, "Болт дешёвый", price=90, stock=900, note="другой цвет"),
    )


def browser(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_note_says_how_far_it_stands_in(world: World, three: tuple[Sku, ...]) -> None:
    found = analogs_of({world.skus[0].product_id})

    assert [one.note for one in found[world.skus[0].product_id]] == ["", "", "другой цвет"]


def test_shortage_offers_what_the_city_has_the_cheaper_first(world: World, three: tuple[Sku, ...]) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 99})
    view = cart_view(carts_whole(type(cart).objects.all()).get(), on=TODAY)

    (line,) = short_lines(view, on=TODAY)

    offered = [option for option in line.options if option.choice.remedy == "analog"]
    assert [option.choice.ref for option in offered] == [three[2].pk, three[1].pk]
    assert offered[0].note.endswith("; другой цвет")
    assert "другой цвет" not in offered[1].note


@pytest.mark.parametrize("rows", [1, 3])
def test_quick_order_offers_what_may_be_taken_instead(
    world: World, three: tuple[Sku, ...], rows: int, settled_index: Any, django_assert_num_queries: Any
) -> None:
    settled_index()
    client, code = browser(world.buyer), world.skus[0].article
    short = [(code, "99")] * rows
    client.post(ROWS, whole(world, *short))

    with django_assert_num_queries(29):
        answer = text(client.post(ROWS, whole(world, *short)))

    places = [answer.index(f'value="{sku.pk}:{code}"') for sku in (three[2], three[1], three[0])]
    assert places == sorted(places)
    assert "Болт дешёвый, 90,00 ₽, в наличии: 900 (другой цвет)</option>" in answer


def test_analog_that_was_taken_is_the_good_of_the_row(world: World, three: tuple[Sku, ...]) -> None:
    client, code = browser(world.buyer), world.skus[0].article

    client.post(reverse("orders:pad"), form(world, (code, "99", "", f"{three[2].pk}:{code}")))
    client.post(reverse("orders:pad"), form(world, (code, "99", "", f"{three[2].pk}:{code}"), to_cart="1"))

    assert in_cart() == {three[2].pk: 99}


def test_nothing_is_offered_where_there_is_enough(world: World, three: tuple[Sku, ...]) -> None:
    answer = text(browser(world.buyer).post(ROWS, whole(world, (world.skus[0].article, "1"))))

    assert "Взять аналог" not in answer
    assert "is-ok" in answer


def test_upload_tells_price_stock_and_note(world: World, three: tuple[Sku, ...]) -> None:
    cart = make_cart(world.buyer, world.contract, world.city)
    upload = make_upload(world.buyer, cart, world.skus[0])
    UploadRow.objects.update(state=RowState.SHORT, quantity=99)

    page = browser(world.buyer).get(reverse("orders:upload", args=[upload.uid]), {"tab": "short"})

    text = page.content.decode().replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")
    places = [text.index(f"Аналог: {sku.name}") for sku in (three[2], three[1], three[0])]
    assert places == sorted(places)
    assert "Аналог: Болт дешёвый, 90,00 ₽, в наличии: 900 (другой цвет)" in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
