"""Lines of a cart: the price of then, packages, the client's words, and all of it in the order."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalog.models import Pack, Product
from orders import services
from orders.models import CartLine, OrderLine
from orders.packs import Packing, packs_text, roundings
from orders.selectors import cart_view
from pricing.models import Price
from tests.factories import AT, TODAY, World, actor_of, make_cart, make_unit
from tests.orders.past import cart_send

HTMX = {"HX-Request": "true"}


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def fill(world: World, quantities: dict[int, Decimal]) -> services.Repeated:
    return services.cart_fill(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        quantities=quantities,
        at=AT,
    )


def line_url(line: CartLine, name: str = "cart_line") -> str:
    return reverse(f"orders:{name}", args=[line.pk])


# --- the price of then ---------------------------------------------------------------------------
def test_filling_keeps_the_price_of_the_day(world: World) -> None:
    fill(world, {sku.pk: Decimal(1) for sku in world.skus})

    prices = dict(CartLine.objects.values_list("sku_id", "price_when_added"))
    assert prices == {world.skus[0].pk: 100, world.skus[1].pk: Decimal("250.5"), world.skus[2].pk: 10}


def test_adding_again_keeps_the_first_price(world: World) -> None:
    fill(world, {world.skus[0].pk: Decimal(1)})
    Price.objects.filter(sku=world.skus[0]).update(amount=120)

    fill(world, {world.skus[0].pk: Decimal(2)})

    line = CartLine.objects.get()
    assert (line.quantity, line.price_when_added) == (3, 100)


def test_one_good_keeps_the_price_of_the_day(world: World) -> None:
    browser(world.buyer).post(reverse("orders:cart_add"), {"sku": world.skus[0].pk, "quantity": "1"})

    assert CartLine.objects.get().price_when_added == 100


@pytest.mark.parametrize(("now", "is_told"), [(100, False), (120, True)])
def test_page_tells_another_price_of_then(world: World, now: int, is_told: bool) -> None:
    fill(world, {world.skus[0].pk: Decimal(1)})
    Price.objects.filter(sku=world.skus[0]).update(amount=now)

    page = browser(world.buyer).get(reverse("orders:cart")).content.decode()

    assert ("было 100,00 при добавлении" in page) is is_told


def test_good_without_a_price_is_added_without_one(world: World) -> None:
    Price.objects.all().delete()

    filled = fill(world, {world.skus[0].pk: Decimal(1)})

    assert filled.added == 1
    assert CartLine.objects.get().price_when_added is None


# --- packages and multiples ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quantity", "told"),
    [(120, "2 упак по 60 шт"), (600, "1 кор по 600 шт"), (100, ""), (30, ""), (60, "1 упак по 60 шт")],
)
def test_packages_are_told_where_they_are_whole(quantity: int, told: str) -> None:
    packs = [Packing("упак", Decimal(60)), Packing("кор", Decimal(600)), Packing("шт", Decimal(1))]

    assert packs_text(Decimal(quantity), packs, "шт") == told


@pytest.mark.parametrize(
    ("quantity", "multiple", "size", "offered"),
    [
        (100, None, 60, ["Округлить до упаковки (120)"]),
        (120, None, 60, []),
        (7, 5, None, ["Округлить до кратного (10)"]),
        (7, 5, 60, ["Округлить до кратного (10)", "Округлить до упаковки (60)"]),
        (7, 7, 60, []),
        (7, None, None, []),
    ],
)
def test_rounding_is_offered(
    world: World, quantity: int, multiple: int | None, size: int | None, offered: list[str]
) -> None:
    product = world.skus[0].product
    product.order_multiple = Decimal(multiple) if multiple else None
    packs = [Packing("упак", Decimal(size))] if size else []

    found = roundings(Decimal(quantity), product, packs)

    assert [one.text for one in found] == offered


def test_rounding_button_sets_the_quantity(world: World) -> None:
    Pack.objects.create(product=world.skus[0].product, unit=make_unit("778", "упак"), coefficient=6)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5})
    client, line = browser(world.buyer), cart.lines.get()

    before = client.get(reverse("orders:cart")).content.decode()
    client.post(line_url(line), {"quantity": "5", "rounded": "6"})
    after = client.get(reverse("orders:cart")).content.decode()

    assert "Округлить до упаковки (6)" in before
    assert ["Округлить" in after, "1 упак по 6 шт" in after] == [False, True]


def test_refused_quantity_offers_the_multiple(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 5})
    Product.objects.filter(pk=world.skus[0].product_id).update(order_multiple=5)

    answer = browser(world.buyer).post(line_url(cart.lines.get()), {"quantity": "7"}, headers=HTMX)

    assert answer.status_code == 422
    assert "Округлить до кратного (10)" in answer.content.decode()
    assert cart.lines.get().quantity == 5


def test_weight_and_volume_are_summed(world: World) -> None:
    Product.objects.filter(pk=world.skus[0].product_id).update(weight="0.25", volume="0.001")
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 8, world.skus[1]: 1})

    view = cart_view(cart, on=TODAY)

    assert (view.weight, view.volume, view.unweighed) == (2, Decimal("0.008"), 1)


# --- the client's words --------------------------------------------------------------------------
def test_fold_out_tells_stock_by_warehouse(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    answer = browser(world.buyer).get(line_url(cart.lines.get(), "cart_line_note"), headers=HTMX)

    page = answer.content.decode()
    assert "<html" not in page
    for text in ("Основной склад", "10\N{NO-BREAK SPACE}шт", "Дальний склад", "5\N{NO-BREAK SPACE}шт"):
        assert text in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_words_of_a_line_are_kept(world: World, headers: dict[str, str]) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    day = timezone.localdate()
    words = {"client_reference": "17", "comment": "Синий", "desired_date": day.isoformat()}

    answer = browser(world.buyer).post(line_url(cart.lines.get(), "cart_line_note"), words, headers=headers)

    line = cart.lines.get()
    assert (line.client_reference, line.comment, line.desired_date) == ("17", "Синий", day)
    assert answer.status_code == (200 if headers else 302)


@pytest.mark.parametrize("words", [{"desired_date": "2020-01-01"}, {"comment": "д" * 301}])
def test_wrong_words_are_refused(world: World, words: dict[str, str]) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})

    answer = browser(world.buyer).post(line_url(cart.lines.get(), "cart_line_note"), words)

    assert answer.status_code == 422
    line = cart.lines.get()
    assert (line.comment, line.desired_date) == ("", None)


def test_order_keeps_the_words_and_shows_them(world: World) -> None:
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12})
    CartLine.objects.update(client_reference="17", comment="Синий", desired_date=date(2026, 12, 1))

    order = cart_send(cart)

    assert {line.words for line in OrderLine.objects.all()} == {"№ 17 · нужно к 01.12.2026 · Синий"}
    page = browser(world.buyer).get(reverse("orders:detail", args=[order.pk])).content.decode()
    assert "№ 17 · нужно к 01.12.2026 · Синий" in page
