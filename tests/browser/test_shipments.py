"""A part of an order shipped by 1C, the rest asked for, accepted, shipped and received with a difference."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from counterparties.permissions import ReadyRole
from finance.models import CalendarDay
from orders.models import Receipt, ShipmentRequest
from tests.browser.conftest import NARROW, shot
from tests.factories import make_person, make_world
from tests.orders.test_shipment_requests import confirmed, line_of, ship

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def entered(page: Page, person: User, live_server: Any) -> Page:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def test_rest_of_an_order_is_asked_for_shipped_and_received(open_page: Any, live_server: Any) -> None:
    world = make_world()
    day = timezone.localdate() + timedelta(days=1)
    CalendarDay.objects.update_or_create(date=day, defaults={"is_working": True})
    order = confirmed(world)
    line = line_of(order)
    address = reverse("orders:detail", args=[order.pk])
    ship(line.part, "2", number="УТ-1")

    page = entered(open_page(), world.buyer, live_server)
    page.goto(address)
    page.get_by_role("link", name="Отгрузить").click()
    page.get_by_label("Дата отгрузки").fill(day.isoformat())
    shot(page, "shipment-new")
    page.get_by_role("button", name="Отгрузить всё, что осталось").click()
    request = ShipmentRequest.objects.get()
    expect(page.get_by_role("heading", name=f"Заявка на отгрузку {request.number}")).to_be_visible()

    staff = entered(open_page(), world.manager, live_server)
    staff.goto("/shipments/")
    staff.get_by_role("link", name=f"Заявка {request.number}").click()
    staff.get_by_role("button", name="Принята складом").click()
    expect(staff.get_by_role("button", name="Собирается")).to_be_visible()
    shot(staff, "shipment-request")

    paper = ship(line.part, "3", number="УТ-2")
    page.goto("/shipments/")
    expect(page.get_by_text("Отгрузка УТ-2")).to_be_visible()
    shot(page, "shipments")
    page.goto(reverse("orders:shipment_request", args=[request.pk]))
    expect(page.locator(".mark-shipped").first).to_have_text("Отгружена")

    receiver = entered(open_page(narrow=True), make_person(world.holding, ReadyRole.RECEIVER), live_server)
    receiver.goto(address)
    shot(receiver, "narrow-order-shipments")
    assert receiver.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    receiver.get_by_role("link", name="Принять отгрузку").last.click()
    receiver.get_by_label("Принято: Строка").fill("2")
    receiver.get_by_label("Замечание: Строка").fill("Один погнут")
    shot(receiver, "narrow-receive")
    assert receiver.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    receiver.get_by_role("button", name="Записать приёмку").click()
    expect(receiver.get_by_role("heading", name="Рекламация к отгрузке УТ-2")).to_be_visible()

    staff.goto(address)
    expect(staff.get_by_text("Принято с расхождением, строк: 1")).to_be_visible()
    shot(staff, "order-shipments")
    assert list(Receipt.objects.get(shipment=paper).lines.values_list("quantity", "note")) == [
        (2, "Один погнут")
    ]
