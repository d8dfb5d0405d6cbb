"""The page that tells why a price is what it is."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import World, make_price, make_price_type, make_user, make_world
from tests.pricing.samples import make_rule, make_step, tuned

SECRET = "Закупочная тайная"


@pytest.fixture
def world(db: None) -> World:
    """The first good has a floor of 61,37 which a discount of half would pass, and a ladder."""
    world = make_world()
    floor = tuned(make_price_type(SECRET, is_open=False), is_purchase=True)
    tuned(world.price_type, floor_type=floor)
    make_price(world.skus[0], "61.37", price_type=floor)
    make_step(world.skus[0], world.price_type, 10, 90)
    make_rule(50, "Для строителей")
    return world


def address(world: World, query: str = "") -> str:
    return reverse("pricing:reason", args=[world.skus[0].pk]) + query


def page_of(client: Client, user: object, url: str, **headers: str) -> str:
    client.force_login(user)
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_client_reads_his_price_in_plain_words(client: Client, world: World) -> None:
    page = page_of(client, world.buyer, address(world))

    assert "<dt>Цена без скидки</dt><dd>100,00 ₽</dd>" in page
    assert "<dt>Скидка</dt><dd>38,6 %</dd>" in page
    assert "<dt>Ваша цена</dt><dd><b>61,37 ₽ с НДС</b></dd>" in page
    for hidden in (SECRET, "Не ниже", "Для строителей", "Оптовая", "50 %"):
        assert hidden not in page


def test_employee_reads_the_whole_chain(client: Client, world: World) -> None:
    page = page_of(client, world.manager, address(world))

    assert "<dt>Вид цен</dt><dd>«Оптовая», назначен городу</dd>" in page
    assert f"«{SECRET}», 61,37 ₽: скидка не опустила цену ниже" in page
    assert "<b>«Для строителей» 50 %</b>" in page


def test_price_is_explained_for_the_asked_quantity(client: Client, world: World) -> None:
    pages = [
        page_of(client, world.buyer, address(world, f"?quantity={text}")) for text in ("10", "abc", "-1")
    ]

    assert ["<dt>Цена без скидки</dt><dd>90,00 ₽</dd>" in page for page in pages] == [True, False, False]
    assert "при заказе 10 шт" in pages[0]


def test_htmx_gets_the_chain_only(client: Client, world: World) -> None:
    fragment = page_of(client, world.buyer, address(world), **{"HX-Request": "true"})

    assert fragment.strip().startswith("<section")
    assert client.get(address(world))["Vary"].startswith("HX-Request")
    assert client.get(address(world))["Cache-Control"] == "private, no-store"


def test_whoever_sees_no_prices_reads_no_reasons(client: Client, world: World, settings: Settings) -> None:
    settings.PRICES_BEFORE_APPROVAL = False

    page = page_of(client, make_user(), address(world))

    assert "Цены появятся, когда мы проверим вашу компанию." in page
    assert "₽" not in page


def test_hidden_goods_have_no_reasons(client: Client, world: World) -> None:
    type(world.skus[0]).objects.filter(pk=world.skus[0].pk).update(is_hidden=True)
    client.force_login(world.buyer)

    assert client.get(address(world)).status_code == 404
