"""From an order to its talk, an answer that comes by itself, and back."""

from typing import Any

import pytest
from playwright.sync_api import expect

from counterparties.models import Thread
from tests.browser.conftest import shot
from tests.browser.test_acts import page_of
from tests.counterparties.merging_samples import send
from tests.factories import make_cart, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_an_order_to_its_talk_and_back(open_page: Any, live_server: Any) -> None:
    world = make_world()
    order = send(make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1}))
    buyer = page_of(world.buyer, open_page, live_server, narrow=True)
    manager = page_of(world.manager, open_page, live_server)

    buyer.goto(f"/orders/{order.pk}/")
    buyer.get_by_role("link", name="Написать").first.click()
    buyer.get_by_label("Сообщение").fill("Когда отгрузка?")
    buyer.get_by_role("button", name="Отправить").click()
    expect(buyer.get_by_text("Когда отгрузка?")).to_be_visible()
    shot(buyer, "talk-client-360")

    manager.goto("/staff/messages/")
    manager.get_by_role("link", name=f"Заказ {order.number}").click()
    manager.get_by_label("Сообщение").fill("Отгрузим в пятницу")
    manager.get_by_role("button", name="Отправить").click()
    expect(manager.get_by_text("Отгрузим в пятницу")).to_be_visible()
    shot(manager, "talk-manager-1440")

    expect(buyer.get_by_text("Отгрузим в пятницу")).to_be_visible(timeout=20_000)
    buyer.get_by_role("link", name="Открыть страницу").click()
    expect(buyer.get_by_role("heading", name=f"Заказ {order.number}")).to_be_visible()
    assert Thread.objects.get().taken_by == world.manager


def test_the_managers_card_opens_in_the_header(open_page: Any, live_server: Any) -> None:
    world = make_world()
    page = page_of(world.buyer, open_page, live_server)

    page.goto("/orders/")
    page.locator("#manager-menu > summary").click()

    expect(page.get_by_text(world.manager.get_full_name())).to_be_visible()
    expect(page.get_by_role("link", name="Перезвоните мне")).to_be_visible()
    shot(page, "manager-card")
