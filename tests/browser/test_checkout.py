"""Checkout with scripts and without, and a saved cart's schedule, on a wide and on a narrow screen."""

from datetime import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from catalog.models import CityWarehouse, Product
from counterparties.models import Contract
from orders.models import Cart, DeliveryKind, DeliveryService, DeliveryTariff, Order, OrderSchedule
from tests.browser.conftest import NARROW, fits, shot
from tests.browser.test_carts import enter
from tests.factories import World, make_cart, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def world_with_delivery() -> tuple[World, Cart]:
    """Two parcels, two ways to bring them, a deferral."""
    world = make_world()
    Contract.objects.filter(pk=world.contract.pk).update(deferral_days=14)
    Product.objects.update(weight="0.25", volume="0.001")
    CityWarehouse.objects.filter(warehouse=world.main_warehouse).update(cutoff_time=time(23, 59))
    CityWarehouse.objects.filter(warehouse=world.second_warehouse).update(delivery_days=4)
    truck = DeliveryService.objects.create(name="Наша машина", kind=DeliveryKind.OWN, note="До ворот склада")
    DeliveryTariff.objects.create(service=truck, city=world.city, price=300)
    DeliveryService.objects.create(name="Транспортная компания", kind=DeliveryKind.CARRIER, position=1)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 12, world.skus[2]: 2})
    return world, cart


def test_choices_are_recounted_and_kept(open_page: Any, live_server: Any) -> None:
    world, _cart = world_with_delivery()
    page: Page = open_page()
    enter(page, world.buyer, live_server.url)

    page.goto("/checkout/")
    expect(page.get_by_text("Всего с доставкой")).to_be_visible()
    shot(page, "checkout-plan")
    page.get_by_label("Комментарий").fill("Позвоните")
    page.get_by_text("Транспортная компания").click()
    expect(page.get_by_text("Всего с доставкой")).to_have_count(0)
    expect(page.get_by_label("Комментарий")).to_have_value("Позвоните")
    page.get_by_text("Всё сразу").click()
    page.get_by_role("button", name="Отправить заказ").click()
    page.wait_for_url("**/orders/*/")
    shot(page, "checkout-order")

    order = Order.objects.get()
    assert (order.delivery_service.name, order.ships_together) == ("Транспортная компания", True)  # type: ignore[union-attr]
    assert (order.comment, order.delivery_cost) == ("Позвоните", None)


def test_it_is_recounted_by_a_button_without_scripts(open_page: Any, live_server: Any) -> None:
    world, _cart = world_with_delivery()
    page: Page = open_page(narrow=True, scripts=False)
    enter(page, world.buyer, live_server.url)

    page.goto("/checkout/")
    assert page.viewport_size == NARROW
    page.get_by_label("Самовывоз").check()
    page.get_by_role("button", name="Пересчитать").click()
    expect(page.get_by_text("Кто везёт")).to_have_count(0)
    page.get_by_role("button", name="Отправить заказ").click()

    assert Order.objects.get().delivery_address is None


def test_pages_fit_a_narrow_screen(open_page: Any, live_server: Any) -> None:
    world, cart = world_with_delivery()
    page: Page = open_page(narrow=True)
    enter(page, world.buyer, live_server.url)
    for path, name in (
        ("/checkout/", "checkout-plan-narrow"),
        (f"/carts/checkout/?cart={cart.pk}", "carts-checkout-plan-narrow"),
    ):
        page.goto(path)
        shot(page, name)
        assert fits(page), path


def test_saved_cart_gets_a_schedule(open_page: Any, live_server: Any) -> None:
    world, cart = world_with_delivery()
    Cart.objects.filter(pk=cart.pk).update(is_current=False, name="Еженедельная")
    page: Page = open_page()
    enter(page, world.buyer, live_server.url)

    page.goto(f"/carts/{cart.pk}/schedule/")
    page.get_by_label("пн", exact=True).check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("button", name="Пропустить").first).to_be_visible()
    shot(page, "schedule")
    assert OrderSchedule.objects.get().weekdays == [0]

    narrow: Page = open_page(narrow=True)
    enter(narrow, world.buyer, live_server.url)
    narrow.goto(f"/carts/{cart.pk}/schedule/")
    shot(narrow, "schedule-narrow")
    assert fits(narrow)
