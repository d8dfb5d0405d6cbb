"""A holding whose limit is nearly used: refused, told what to pay, paid at the bank, ordered."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from counterparties.models import Organization
from finance.models import CalendarDay, CreditLine, OnlinePayment
from integrations.demo.cashier import Cashier
from orders.models import Order, ShipmentRequest
from tests.browser.conftest import NARROW, shot
from tests.factories import World, make_cart, make_contract, make_legal_entity, make_world
from tests.finance.debts import make_debt
from tests.orders.test_shipment_requests import ship
from tests.standins.yookassa import yookassa

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cashier(settings: Any, live_server: Any) -> Iterator[Cashier]:
    settings.SITE_URL = live_server.url
    settings.YOOKASSA_NETWORKS = ["127.0.0.1"]
    settings.PORTAL_POSTS_PAYMENTS = True
    with yookassa(settings, notify=f"{live_server.url}/pay/yookassa/") as provider:
        yield provider


def signed_in(open_page: Any, live_server: Any, world: World, *, narrow: bool = False) -> Any:
    client = Client()
    client.force_login(world.head)
    page = open_page(narrow=narrow)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def near_limit() -> World:
    world = make_world()
    today = timezone.localdate()
    second = make_contract(make_legal_entity(world.holding, name="ООО «Восток»"))
    CreditLine.objects.create(holding=world.holding, amount=1_000_000, valid_from=date(2026, 1, 1))
    make_debt(world.contract, "900000.00", number="УТ-100", due_date=today + timedelta(days=3))
    make_debt(world.contract, "60000.00", number="УТ-101", due_date=today + timedelta(days=20))
    make_debt(second, "35000.00", number="УТ-102", due_date=today + timedelta(days=9))
    return world


def test_debt_is_paid_at_the_bank_and_frees_the_limit(
    open_page: Any, live_server: Any, cashier: Cashier
) -> None:
    world = near_limit()
    page = signed_in(open_page, live_server, world)
    page.goto("/")
    expect(page.get_by_text("Свободно").first).to_contain_text("5 000,00")
    shot(page, "money-home")

    page.get_by_role("link", name="Что оплатить").click()
    page.goto(f"/settlements/pay/?entity={world.entity.pk}")
    page.get_by_label("Сумма, ₽").fill("30 000")
    page.get_by_role("button", name="Разнести: старые сначала").click()
    expect(page.get_by_role("heading", name="К оплате 30 000,00")).to_be_visible()
    shot(page, "money-pay")
    page.get_by_role("button", name="Оплатить онлайн").click()
    page.get_by_role("link", name="Перейти к оплате").click()
    page.get_by_role("button", name="Оплатить").click()

    expect(page.get_by_role("heading", name="Оплачено")).to_be_visible()
    assert OnlinePayment.objects.get().state == "succeeded"
    page.goto("/")
    expect(page.get_by_text("Свободно").first).to_contain_text("35 000,00")


def test_refused_order_is_paid_for_and_goes_its_whole_way(
    open_page: Any, live_server: Any, cashier: Cashier
) -> None:
    """Two legal entities, the limit almost used: refused, paid at the bank, ordered, shipped in two goes."""
    world = near_limit()
    CreditLine.objects.update(amount=995_250)
    day = timezone.localdate() + timedelta(days=1)
    CalendarDay.objects.update_or_create(date=day, defaults={"is_working": True})
    Organization.objects.filter(pk=world.organization.pk).update(confirms_orders_itself=True)
    make_cart(world.head, world.contract, world.city, {world.skus[0]: 5})
    page = signed_in(open_page, live_server, world).context.new_page()  # its console tells the refusal

    page.goto("/checkout/")
    page.locator("[name=delivery]").first.check()
    page.get_by_role("button", name="Отправить заказ").click()
    expect(page.get_by_role("heading", name="Сейчас заказ в кредит не пройдёт")).to_be_visible()
    assert not Order.objects.exists()
    shot(page, "money-refused")
    page.get_by_role("link", name="Оплатить 250,00").click()
    page.get_by_role("button", name="Оплатить онлайн").click()
    page.get_by_role("link", name="Перейти к оплате").click()
    page.get_by_role("button", name="Оплатить").click()
    expect(page.get_by_role("heading", name="Оплачено")).to_be_visible()

    page.goto("/checkout/")
    page.locator("[name=delivery]").first.check()
    page.get_by_role("button", name="Отправить заказ").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+/"))
    order = Order.objects.get()
    assert (order.state, order.payment_terms) == ("confirmed", "credit")

    ship(order.parts.get(), "2", number="УТ-200")
    page.reload()
    expect(page.get_by_text("Отгружен частично").first).to_be_visible()
    page.get_by_role("link", name="Отгрузить").click()
    page.get_by_label("Дата отгрузки").fill(day.isoformat())
    page.get_by_role("button", name="Отгрузить всё, что осталось").click()
    request = ShipmentRequest.objects.get()
    expect(page.get_by_role("heading", name=f"Заявка на отгрузку {request.number}")).to_be_visible()
    ship(order.parts.get(), "3", number="УТ-201")

    page.goto(f"/orders/{order.pk}/")
    expect(page.get_by_text("Отгружен", exact=True).first).to_be_visible()
    shot(page, "money-shipped")
    request.refresh_from_db()
    assert request.state == "shipped"


@pytest.mark.parametrize(
    "address",
    ["/", "/settlements/", "/settlements/documents/", "/settlements/credit/", "/settlements/pay/",
     "/settlements/calendar/", "/accounts/notices/settings/"],
)  # fmt: skip
def test_pages_of_money_fit_a_narrow_screen(
    open_page: Any, live_server: Any, cashier: Cashier, address: str
) -> None:
    page = signed_in(open_page, live_server, near_limit(), narrow=True)

    page.goto(address)

    shot(page, f"narrow-money{address.replace('/', '-')}")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
