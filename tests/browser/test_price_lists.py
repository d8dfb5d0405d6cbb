"""A price list in Chromium: built, made by the worker while the page tells how far it is, downloaded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from accounts.models import User
from catalog.models import Brand, Product
from tests.browser.conftest import NARROW, shot
from tests.documents.price_lists.lists import make_sections
from tests.factories import make_world

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(open_page: Any, live_server: Any) -> Callable[..., Page]:
    """Open a page that a person is signed in on."""

    def signed_in(user: User, **options: bool) -> Page:
        client = Client()
        client.force_login(user)
        page: Page = open_page(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return page

    return signed_in


def test_price_list_is_built_made_and_downloaded(
    opened: Callable[..., Page], worker: None, tmp_path: Path
) -> None:
    world = make_world()
    make_sections(world)
    Product.objects.filter(pk=world.skus[0].product_id).update(
        brand=Brand.objects.create(name="Зубр", normalized_name="зубр")
    )
    page = opened(world.buyer)

    page.goto("/documents/price-lists/")
    page.get_by_role("link", name="Собрать прайс-лист").click()
    page.get_by_label("Название").fill("Крепёж на неделю")
    page.get_by_label("Найти раздел").fill("болт")
    expect(page.get_by_label("Прочее")).to_be_hidden()
    page.get_by_label("Болты").check()
    page.get_by_label("Найти раздел").fill("")
    shot(page, "price-list-builder")
    page.get_by_role("button", name="Сделать файл").click()
    link = page.get_by_role("link", name="Скачать XLSX")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    file = tmp_path / "list.xlsx"
    download.value.save_as(file)
    page.get_by_role("button", name="Получить ссылку").click()
    expect(page.get_by_label("Скопируйте ссылку")).to_be_visible()
    shot(page, "price-list-saved")
    page.goto("/documents/price-lists/")
    shot(page, "price-lists")

    sheet = load_workbook(file).worksheets[0]
    names = [row[2].value for row in sheet.iter_rows(min_row=10) if row[2].value]
    assert names == ["Болт М8х40"]
    assert download.value.suggested_filename.startswith("Крепёж на неделю, ")


def test_builder_fits_a_narrow_screen_and_works_without_scripts(opened: Callable[..., Page]) -> None:
    world = make_world()
    make_sections(world)
    page = opened(world.buyer, narrow=True, scripts=False)

    page.goto("/documents/price-lists/new/")
    page.get_by_label("Прочее").check()
    page.get_by_label("CSV для учётной системы").check()
    page.get_by_role("button", name="Только сохранить").click()

    expect(page.get_by_text("Прайс-лист сохранён.")).to_be_visible()
    expect(page.get_by_label("Прочее")).to_be_checked()
    shot(page, "narrow-price-list")
    page.goto("/documents/price-lists/")
    shot(page, "narrow-price-lists")
    watched = opened(world.buyer, narrow=True)
    for address in ("/documents/price-lists/", "/documents/price-lists/new/"):
        watched.goto(address)
        assert watched.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
