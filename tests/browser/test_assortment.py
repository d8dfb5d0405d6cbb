"""«Мой ассортимент» and the questions before an order, on a wide and a narrow screen."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import CartLine
from portal.lib.dates import moscow_date
from tests.browser.conftest import NARROW, shot
from tests.factories import World, make_world
from tests.orders.purchases import bought

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


@pytest.fixture
def world(live_server: object) -> World:
    """The buyer has ordered bolts and cable three times, last an hour ago."""
    world = make_world()
    for days in (29, 15, 0):
        at = timezone.now() - timedelta(days=days, hours=1)
        bought(world, moscow_date(at), {world.skus[0]: 5, world.skus[1]: 3}, at=at, price="95.50")
    return world


def signed_in(page: Page, world: World) -> Page:
    client = Client()
    client.force_login(world.buyer)
    page.goto("/healthz")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url}])
    return page


def test_usual_goods_go_to_the_cart_and_a_repetition_is_asked_about(
    world: World, open_page: OpenPage
) -> None:
    page = signed_in(open_page(), world)

    page.goto("/assortment/")
    shot(page, "assortment")
    page.get_by_role("checkbox", name="Отметить все").check()
    expect(page.get_by_role("button", name="Отмеченное в корзину (2)")).to_be_visible()
    page.get_by_role("button", name="Отмеченное в корзину").click()
    expect(page.get_by_text("Добавлено в корзину позиций: 2.")).to_be_visible()
    page.goto("/checkout/")
    expect(page.get_by_text("На 100 % совпадает с заказом")).to_be_visible()
    shot(page, "guards")
    page.locator("[name=delivery]").first.check()
    page.get_by_label("Всё верно, отправить").check()
    page.get_by_role("button", name="Отправить заказ").click()

    expect(page.get_by_text("отправлен")).to_be_visible()
    assert not CartLine.objects.exists()


def test_assortment_fits_a_narrow_screen(world: World, open_page: OpenPage) -> None:
    page = signed_in(open_page(narrow=True), world)

    page.goto("/assortment/")
    page.get_by_label("Количество: Болт М8х40").fill("7")
    expect(page.get_by_role("checkbox", name="Болт М8х40")).to_be_checked()
    shot(page, "assortment-narrow")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_role("button", name="Отмеченное в корзину").click()

    expect(page.get_by_text("Добавлено в корзину позиций: 1.")).to_be_visible()
    assert CartLine.objects.get().quantity == Decimal(7)
