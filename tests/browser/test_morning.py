"""From the manager's morning to an order inside the client's cabinet, and a client by Ctrl+K, in Chromium."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from counterparties.models import Visit
from orders.models import Cart, CartLine, Order
from tests.browser.conftest import shot
from tests.factories import World, make_cart, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def world_with_idle_cart() -> tuple[World, Cart]:
    world = make_world()
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    CartLine.objects.filter(cart=cart).update(price_when_added=100)
    Cart.objects.filter(pk=cart.pk).update(updated_at=timezone.now() - timedelta(days=5))
    return world, cart


def page_of(person: User, open_page: Any, live_server: Any, **options: Any) -> Page:
    """A page in which the person is signed in already, at his first page."""
    client = Client()
    client.force_login(person)
    page: Page = open_page(**options)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto("/")
    return page


def test_morning_card_leads_to_an_order_in_the_cabinet(open_page: Any, live_server: Any) -> None:
    world, _cart = world_with_idle_cart()
    page = page_of(world.manager, open_page, live_server)

    expect(page).to_have_url(re.compile(r"/staff/morning/$"))
    card = page.locator(".morning-card").filter(has_text="в корзине 1 строка")
    expect(card).to_contain_text("200,00")
    expect(page.get_by_role("heading", name="Заказы по этапам")).to_be_visible()
    shot(page, "morning")
    card.get_by_role("link", name="Войти как клиент").click()
    page.fill("[name=reason]", "Собрать заказ по телефону")
    page.get_by_role("button", name="Войти в кабинет").click()

    expect(page).to_have_url(re.compile(r"/cart/$"))
    page.goto(f"/catalog/product/{world.skus[1].product_id}/")
    page.get_by_role("button", name="В корзину").first.click()
    expect(page.locator(".topbar-cart")).to_contain_text("2")
    page.goto("/cart/")
    expect(page.locator("tr[id^=cart-line-]")).to_have_count(2)
    page.get_by_role("link", name="Оформить заказ").click()
    page.locator("[name=delivery]").first.check()
    page.get_by_role("button", name="Отправить заказ").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+/"))
    page.get_by_role("button", name="Выйти из кабинета").click()

    expect(page.get_by_role("heading", name="Что сделано")).to_be_visible()
    expect(page.get_by_text("Отправлен заказ")).to_be_visible()
    order = Order.objects.get()
    assert (order.created_by, order.acting_user) == (world.buyer, world.manager)
    assert Visit.objects.get().ended_at is not None
    page.goto("/staff/morning/")
    expect(page.locator(".morning-card").filter(has_text="не трогали")).to_have_count(0)


def test_card_is_put_off_in_place_and_fits_a_narrow_screen(open_page: Any, live_server: Any) -> None:
    world, _cart = world_with_idle_cart()
    page = page_of(world.manager, open_page, live_server, narrow=True)

    shot(page, "morning-narrow")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    card = page.locator(".morning-card").filter(has_text="не трогали")
    card.locator("summary").click()
    card.get_by_role("button", name="На 3 дня").click()
    expect(page.get_by_text("Отложено до")).to_be_visible()
    page.get_by_role("button", name="Вернуть").click()
    expect(page.locator(".morning-card").filter(has_text="не трогали")).to_have_count(1)


def test_client_is_found_by_keys(open_page: Any, live_server: Any) -> None:
    world, _cart = world_with_idle_cart()
    page = page_of(world.manager, open_page, live_server)

    page.keyboard.press("Control+k")
    page.keyboard.type("закупк", delay=20)
    expect(page.locator("[data-find-option][aria-selected=true]")).to_contain_text("Ирина Закупкина")
    shot(page, "find")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_role("heading", name="Войти как Ирина Закупкина")).to_be_visible()
    page.get_by_role("link", name="Клиент", exact=True).click()
    page.locator("[data-find-field]").fill(world.entity.inn)
    expect(page.locator("[data-find-option][aria-selected=true]")).to_contain_text(world.entity.inn)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Группа «Север»")).to_be_visible()
    for tab in ("Корзины и заказы", "Цены и договоры", "События", "Заметки"):
        page.get_by_role("link", name=tab).click()
        expect(page.locator(".client-tabs [aria-current=page]")).to_have_text(tab)
    shot(page, "client-notes")
