"""The main job in Chromium: goods come out of 1C, a dealer orders, gets an invoice, 1C takes the order."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from documents.models import Document
from integrations.demo.company import company_fill
from integrations.demo.generate import generate
from integrations.demo.mapping import company_map
from integrations.demo.options import DemoOptions
from integrations.demo.signin import NODE_PASSWORD, NODE_USERNAME, PASSWORD
from integrations.onec.client import OneCClient
from orders.models import Order
from tests.browser.conftest import shot
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
BUYER, MANAGER, ADMINISTRATOR = "zaytsev@sever.example", "gordeeva@opora.example", "admin@opora.example"


@pytest.fixture
def company(live_server: object, worker: None, tmp_path: Path) -> OneCClient:
    """The demonstration company with 200 goods that came through the exchange."""
    company_fill()
    folder = tmp_path / "export"
    generate(folder, DemoOptions(goods=200, portion=100))
    client = OneCClient(f"{live_server.url}/1c/exchange", NODE_USERNAME, NODE_PASSWORD)  # type: ignore[attr-defined]
    report = client.upload_folder(folder)
    assert report.errors == []
    company_map()
    return client


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.locator("[name=password]")).to_have_count(0)


def order_first_goods(page: Page, rows: int) -> None:
    """Put the first goods of the first section into the cart and open checkout."""
    page.goto("/catalog/")
    page.locator("a[href^='/catalog/']").filter(has_text="Кабел").first.click()
    for index in range(rows):
        page.locator("[data-pick]").nth(index).fill(str(index + 2))
    page.get_by_role("button", name="В корзину").click()
    expect(page.get_by_text(f"Добавлено в корзину позиций: {rows}")).to_be_visible()


def test_dealer_orders_and_1c_takes_the_order(company: OneCClient, open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    shot(page, "sign-in")
    sign_in(page, BUYER)

    order_first_goods(page, 2)
    shot(page, "section-table")
    page.goto("/cart/")
    expect(page.locator("tr[id^=cart-line-]")).to_have_count(2)
    shot(page, "cart")
    page.get_by_role("link", name="Оформить заказ").click()
    page.locator("[name=delivery]").first.check()
    page.fill("[name=client_reference]", "ЗК-77")
    page.fill("[name=comment]", "Позвоните за час <b>до</b> приезда")
    shot(page, "checkout")
    page.get_by_role("button", name="Отправить заказ").dblclick()

    expect(page).to_have_url(re.compile(r"/orders/\d+/"))
    order = Order.objects.get()
    assert (order.state, order.client_reference) == ("confirmed", "ЗК-77")
    wait_for(lambda: Document.objects.filter(reference=f"order:{order.pk}").exists())
    page.reload()
    shot(page, "order")
    address = page.locator("a.paper").first.get_attribute("href")
    answer = page.request.get(f"{address}?save")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages)
    assert "Счет на оплату №" in text
    assert "Северстроймонтаж" in text

    orders = company.fetch_orders()
    assert orders.violations == ()
    assert {document.number for document in orders.orders} == {part.number for part in order.parts.all()}
    assert company.confirm_orders().ok
    assert company.fetch_orders().orders == ()
    page.reload()
    expect(page.get_by_text("принят в 1С").first).to_be_visible()


def test_manager_enters_the_cabinet_and_orders_in_the_clients_name(
    company: OneCClient, open_page: OpenPage
) -> None:
    page = open_page()
    sign_in(page, MANAGER)
    page.goto("/staff/clients/")
    shot(page, "clients")
    page.get_by_role("link", name="Войти как клиент: Зайцев Антон Викторович").first.click()
    page.get_by_label("Зачем входите").fill("Собрать заказ по телефону")
    page.get_by_role("button", name="Войти в кабинет").click()

    expect(page.get_by_text("Вы работаете как")).to_be_visible()
    order_first_goods(page, 1)
    page.goto("/checkout/")
    page.locator("[name=delivery]").first.check()
    page.get_by_role("button", name="Отправить заказ").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+/"))
    shot(page, "impersonation")

    order = Order.objects.select_related("created_by", "acting_user").get()
    assert (order.created_by.email, order.acting_user.email) == (BUYER, MANAGER)


def test_cabinet_works_on_a_narrow_screen(company: OneCClient, open_page: OpenPage) -> None:
    page = open_page(narrow=True)
    sign_in(page, BUYER)

    for name, address in (
        ("home", "/"),
        ("catalog", "/catalog/"),
        ("cart", "/cart/"),
        ("orders", "/orders/"),
    ):
        page.goto(address)
        shot(page, f"narrow-{name}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, f"{address} is {width} px wide"


def test_order_goes_through_without_scripts(company: OneCClient, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    sign_in(page, BUYER)
    page.goto("/catalog/")
    page.locator("a[href^='/catalog/']").filter(has_text="Кабел").first.click()
    page.locator("[data-pick]").first.fill("3")
    page.get_by_role("button", name="В корзину").click()
    page.goto("/checkout/")
    page.locator("[name=delivery]").first.check()
    page.get_by_role("button", name="Отправить заказ").click()

    expect(page).to_have_url(re.compile(r"/orders/\d+/"))
    assert Order.objects.get().state == "confirmed"


def test_administrator_finds_his_way(company: OneCClient, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, ADMINISTRATOR)

    for name, address in (
        ("admin", "/admin/"),
        ("admin-price-types", "/admin/pricing/pricetype/"),
        ("admin-nodes", "/admin/integrations/exchangenode/"),
        ("admin-files", "/admin/integrations/exchangefile/"),
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
        shot(page, name)
