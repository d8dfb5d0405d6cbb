"""A holding orders for three legal entities at once; carts on a wide and on a narrow screen."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from catalog.models import Pack, Product
from orders.models import Cart, CartLine, Order
from tests.browser.conftest import NARROW, shot
from tests.factories import (
    World,
    make_address,
    make_cart,
    make_contract,
    make_legal_entity,
    make_unit,
    make_world,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def enter(page: Page, person: User, url: str) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])


def holding_of_three(world: World) -> Cart:
    """Two more legal entities with contracts and addresses; a cart with packages and a price of then."""
    for name in ("ООО «Север-Запад»", "ИП Северов И. И."):
        contract = make_contract(make_legal_entity(world.holding, name=name))
        make_address(contract.legal_entity, city=world.city)
    Product.objects.filter(pk=world.skus[0].product_id).update(weight="0.25")
    Pack.objects.create(product=world.skus[0].product, unit=make_unit("778", "упак"), coefficient=4)
    cart = make_cart(world.buyer, world.contract, world.city, dict.fromkeys(world.skus, 3))
    CartLine.objects.update(price_when_added=95)
    return cart


def test_holding_orders_for_three_legal_entities_at_once(open_page: Any, live_server: Any) -> None:
    world = make_world()
    cart = holding_of_three(world)
    page: Page = open_page()
    enter(page, world.buyer, live_server.url)

    page.goto("/cart/")
    page.get_by_role("button", name="Округлить до упаковки (4)").click()
    expect(page.get_by_text("1 упак по 4 шт")).to_be_visible()
    page.get_by_role("link", name="подробнее").first.click()
    page.get_by_label("Комментарий к строке").fill("Оцинкованные")
    page.get_by_role("button", name="Сохранить пометки").click()
    expect(page.get_by_text("Оцинкованные")).to_be_visible()
    shot(page, "cart-lines")

    page.get_by_role("link", name="Для других юрлиц").click()
    for name in ("ООО «Север-Запад»", "ИП Северов И. И."):
        page.get_by_label(f"Создать для: {name}").check()
    shot(page, "cart-places")
    page.get_by_role("button", name="Создать корзины").click()
    expect(page.get_by_text("Создано корзин: 2")).to_be_visible()
    page.get_by_label(re.compile("Оформить: .*ООО «Север»")).check()
    shot(page, "carts")

    page.get_by_role("button", name="Оформить выбранные").click()
    expect(page.locator("section[id^=checkout-]")).to_have_count(3)
    shot(page, "carts-checkout")
    page.get_by_role("button", name="Отправить заказы: 3").dblclick()

    expect(page.get_by_role("heading", name="Отправлено заказов: 3")).to_be_visible()
    shot(page, "carts-sent")
    assert Order.objects.count() == 3
    assert Order.objects.values("legal_entity").distinct().count() == 3
    assert not CartLine.objects.filter(cart=cart).exists()


def test_carts_fit_a_narrow_screen_and_move_lines_without_scripts(open_page: Any, live_server: Any) -> None:
    world = make_world()
    cart = holding_of_three(world)
    page: Page = open_page(narrow=True, scripts=False)
    enter(page, world.buyer, live_server.url)

    page.goto("/cart/")
    shot(page, "narrow-cart-lines")
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    page.get_by_label("Отметить: Болт М8х40").check()
    page.get_by_label("Название новой корзины").fill("Срочное")
    page.get_by_role("button", name="Перенести").click()
    expect(page.get_by_text("Строк в корзине «Срочное»: +1.")).to_be_visible()
    saved = Cart.objects.get(name="Срочное")
    for path in ("/carts/", f"/carts/{saved.pk}/put/", f"/carts/{cart.pk}/places/"):
        page.goto(path)
        shot(page, f"narrow{path.replace('/', '-').rstrip('-')}")
        widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert [width for width in widths if width > NARROW["width"]] == []
    assert [cart.lines.count(), saved.lines.count()] == [2, 1]
