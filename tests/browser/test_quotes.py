"""A price is asked for, answered, bargained over and ordered at."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from orders.models import OrderLine, Quote
from tests.browser.conftest import NARROW, shot
from tests.browser.test_shipments import entered
from tests.factories import make_cart, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_price_request_becomes_an_order(open_page: Any, live_server: Any) -> None:
    world = make_world()
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 4})

    page = entered(open_page(), world.buyer, live_server)
    page.goto(reverse("orders:cart"))
    page.get_by_role("link", name="Запросить цену").first.click()
    page.get_by_label("Желаемая цена, строка 1").fill("80")
    page.get_by_label("Что нужно").first.fill("Лоток перфорированный")
    page.get_by_label("Количество, строка 2").fill("3")
    shot(page, "quote-new")
    page.get_by_role("button", name="Отправить запрос").click()
    quote = Quote.objects.get()
    expect(page.get_by_role("heading", name=f"Запрос цен {quote.number}")).to_be_visible()

    staff = entered(open_page(), world.manager, live_server)
    staff.goto(reverse("orders:quote_queue"))
    shot(staff, "quote-queue")
    staff.get_by_role("link", name=quote.number).click()
    staff.get_by_label("Цена, ₽").first.fill("90")
    staff.get_by_placeholder("Замена: артикул или название").last.fill("книга")
    staff.get_by_role("button", name="Найти").last.click()
    staff.get_by_text("Книга учёта").click()
    staff.get_by_label("Цена, ₽").last.fill("9,50")
    shot(staff, "quote-answer")
    staff.get_by_role("button", name="Отправить клиенту").click()
    expect(staff.get_by_text("Предложение отправлено клиенту, версия 1.")).to_be_visible()

    page.reload()
    page.get_by_label("Что изменить").fill("Нужно 85")
    page.get_by_role("button", name="Отправить менеджеру").click()
    staff.reload()
    staff.get_by_label("Цена, ₽").first.fill("85")
    staff.get_by_role("button", name="Отправить клиенту").click()
    expect(staff.get_by_text("версия 2.")).to_be_visible()

    narrow = entered(open_page(narrow=True), world.buyer, live_server)
    narrow.goto(reverse("orders:quote", args=[quote.uid]))
    shot(narrow, "narrow-quote")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    page.reload()
    shot(page, "quote")
    expect(page.get_by_text("изменилось")).to_be_visible()
    page.get_by_role("button", name="Заказать отмеченное по этим ценам").click()
    page.get_by_text("Самовывоз").first.click()
    shot(page, "quote-accept")
    page.get_by_role("button", name="Отправить заказ").click()
    expect(page.get_by_text(f"КП № {quote.number}")).to_be_visible()
    assert sorted(OrderLine.objects.values_list("price", flat=True)) == [9.5, 85]
