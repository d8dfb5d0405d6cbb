"""An order from a file: errors mended, the rest in the cart."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from orders.models import CartLine, ClientCode
from tests.browser.conftest import NARROW, shot
from tests.factories import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(open_page: Any, live_server: Any, world: World, *, narrow: bool = False) -> Page:
    client = Client()
    client.force_login(world.buyer)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page: Page = open_page(narrow=narrow)
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def order(world: World) -> dict[str, Any]:
    bolt, cable, book = (sku.article for sku in world.skus)
    text = (
        "Заказ поставщику № 5;;;\nАртикул;Наименование;Кол-во;Ед.\n"
        f"{bolt};Болт М8х40;2,5;шт\n{cable};Кабель ВВГнг 3х2,5;3;м\n{book};Книга учёта;99;шт\n"
        f"Н-17;Болт М8х40 оцинкованный;4;шт\n{bolt};Болт;много;шт\nИтого;;108;\n"
    )
    return {"name": "заказ ноябрь.csv", "mimeType": "text/csv", "buffer": text.encode("cp1251")}


def test_errors_of_a_file_are_mended_and_the_order_goes_into_the_cart(
    open_page: Any, live_server: Any
) -> None:
    world = make_world()
    page = signed_in(open_page, live_server, world)
    page.goto("/uploads/")
    shot(page, "uploads")
    page.get_by_label("Файл CSV, XLSX, XLS или ODS").set_input_files(order(world))
    page.get_by_role("button", name="Загрузить файл").click()

    expect(page.get_by_role("link", name="Нужен выбор 2")).to_be_visible()
    shot(page, "upload-choice")
    page.get_by_label("Количество для строки 3, шт").fill("3")
    page.locator("#row-3").get_by_role("button", name="Изменить").click()
    page.get_by_label("Товар для строки 6").select_option(str(world.skus[0].pk))
    page.locator("#row-6").get_by_role("button", name="Это он").click()

    page.get_by_role("link", name="Не хватает 1").click()
    page.get_by_role("button", name="Взять что есть").click()
    page.get_by_role("link", name="Ошибки 1").click()
    shot(page, "upload-faults")
    page.locator("#row-7").get_by_role("button", name="Пропустить").click()
    page.get_by_role("link", name="Готово 4").click()
    shot(page, "upload-ready")
    page.get_by_role("button", name="Положить").click()

    expect(page).to_have_url(f"{live_server.url}/cart/")
    held = {line.sku_id: int(line.quantity) for line in CartLine.objects.all()}
    assert held == {world.skus[0].pk: 7, world.skus[1].pk: 3, world.skus[2].pk: 15}
    assert ClientCode.objects.get().code == "Н-17"
    page.goto("/codes/")
    shot(page, "codes")


def test_pages_of_an_upload_fit_a_narrow_screen(open_page: Any, live_server: Any) -> None:
    world = make_world()
    page = signed_in(open_page, live_server, world, narrow=True)
    page.goto("/uploads/")
    page.get_by_label("Файл CSV, XLSX, XLS или ODS").set_input_files(order(world))
    page.get_by_role("button", name="Загрузить файл").click()

    for tab in ("choice", "short", "ready"):
        page.goto(f"{page.url.partition('?')[0]}?tab={tab}")
        shot(page, f"narrow-upload-{tab}")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    for address in ("/uploads/", "/codes/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
