"""The search field in Chromium: what is offered while one types, by keyboard and on a narrow screen."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect

from catalog.index.indexing import index_refresh
from catalog.models import Article, Brand, Product
from catalog.services.vocabulary import vocabulary_renew
from orders.models import CartLine
from tests.browser.conftest import SCREENSHOTS, WIDE
from tests.catalog.samples import make_section
from tests.factories import TODAY, World, make_sku, make_unit, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


@pytest.fixture
def world(live_server: object) -> World:
    """Cables sold by the metre, bolts, goods of a brand; an article on cables."""
    world = make_world()
    lies = {world.main_warehouse: 1_250}
    metre = make_unit("006", "м")
    cables = [
        make_sku(
            f"Кабель силовой ВВГнг(А)-LS {size} ГОСТ 31996-2012, чёрный", price=price, stock=lies, unit=metre
        )
        for size, price in (("3х1,5", 61), ("3х2,5", "98.37"), ("5х4", 240))
    ]
    bolts = [
        make_sku(f"Болт М8х{length} DIN 933 оцинкованный", price=4, stock=lies, article=f"DIN933-8{length}")
        for length in (30, 40, 50)
    ]
    make_sku("Перфоратор SDS-plus 800 Вт", price="12799.90", stock=lies)
    brand = Brand.objects.create(name="Кабельэкспорт", normalized_name="кабельэкспорт")
    Product.objects.filter(skus__in=cables).update(brand=brand)
    make_section("Болты", goods=bolts, parent=make_section("Крепёж"))
    make_section("Кабельная продукция", goods=cables)
    Article.objects.create(
        title="Как выбрать кабель для дома",
        slug="cable",
        lead="Сечение и марка",
        body="<p>.</p>",
        is_published=True,
        published_at=timezone.now() - timedelta(days=1),
    )
    index_refresh()
    vocabulary_renew(on=TODAY, is_forced=True)
    return world


@pytest.fixture
def page(world: World, open_page: OpenPage) -> Page:
    return signed_in(open_page(), world)


def signed_in(page: Page, world: World) -> Page:
    """The buyer's browser on the page of the catalogue."""
    client = Client()
    client.force_login(world.buyer)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])
    page.goto("/catalog/")
    return page


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Поиск товаров")


def panel(page: Page) -> Locator:
    return page.locator("[data-suggest-panel]")


def chosen(page: Page) -> Locator:
    return page.locator('[data-suggest-option][aria-selected="true"]')


def typed(page: Page, text: str) -> None:
    """Type letter by letter and wait for what is offered."""
    field(page).press_sequentially(text, delay=15)
    expect(panel(page)).to_be_visible()


def seen(page: Page, name: str) -> None:
    """Keep a picture of the screen for people."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_wrong_layout_is_mended_and_arrows_lead_into_a_result(page: Page, world: World) -> None:
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    typed(page, "rf,tkm")
    told = panel(page).locator(".suggest-corrected")
    expect(told).to_contain_text("Исправлено: rf,tkm → кабель…")
    expect(told.get_by_text("искать как есть")).to_have_attribute("href", re.compile("q=rf%2Ctkm&exact=1$"))
    expect(panel(page).locator(".suggest-good")).to_have_count(4)
    expect(panel(page).locator(".suggest-good-price").first).to_contain_text("₽")
    expect(panel(page).get_by_text("Кабельная продукция")).to_be_visible()
    expect(panel(page).get_by_text("Как выбрать кабель для дома")).to_be_visible()
    seen(page, "search-suggestions")

    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox", name="Подсказки")).to_have_attribute(
        "aria-owns", re.compile("^suggest-0 suggest-1 ")
    )
    page.keyboard.press("ArrowDown")
    expect(chosen(page)).to_have_text("искать как есть")
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(chosen(page)).to_have_text("Все результаты")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    text = chosen(page).locator(".suggest-text").inner_text()
    expect(field(page)).to_have_attribute("aria-activedescendant", chosen(page).get_attribute("id") or "none")
    assert "кабель" in text.lower()
    address = chosen(page).get_attribute("href")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{address}")
    expect(field(page)).to_have_value(text)
    expect(panel(page)).to_be_hidden()


def test_quantity_of_the_query_goes_into_the_cart(page: Page, world: World) -> None:
    page.keyboard.press("/")
    typed(page, "болт м8х40 200 шт")
    row = panel(page).locator(".suggest-good", has_text="Болт М8х40 DIN 933")
    expect(row.locator("[name=quantity]")).to_have_value("200")
    seen(page, "search-quantity")

    row.locator("[name=quantity]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(row.get_by_role("button")).to_contain_text("В корзине")
    expect(page.locator("#cart-badge")).to_contain_text("1")
    expect(panel(page)).to_be_visible()
    seen(page, "search-added")
    line = CartLine.objects.get()
    assert (line.sku.name, line.quantity) == ("Болт М8х40 DIN 933 оцинкованный", 200)


def test_refusal_is_told_beside_the_good(browser: Browser, live_server: Any, world: World) -> None:
    context = browser.new_context(base_url=live_server.url, viewport=WIDE)
    page = signed_in(context.new_page(), world)  # its console tells the refusal as a fault
    field(page).focus()
    typed(page, "болт м8х40")
    row = panel(page).locator(".suggest-good", has_text="Болт М8х40 DIN 933")

    row.locator("[name=quantity]").fill("1,5")
    page.keyboard.press("Enter")

    expect(row.get_by_role("alert")).to_contain_text("заказать нельзя, только целое число")
    expect(row.get_by_role("button")).not_to_contain_text("В корзине")
    seen(page, "search-refused")
    assert not CartLine.objects.exists()
    context.close()


def test_escape_and_a_click_elsewhere_close(page: Page, world: World) -> None:
    field(page).focus()
    typed(page, "кабель")

    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(field(page)).to_have_value("кабель")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(panel(page)).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(panel(page)).to_be_hidden()
    field(page).fill("")
    expect(panel(page)).to_be_hidden()


def test_last_letters_win_and_known_answers_are_not_asked_again(page: Page, world: World) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggestions/" in request.url else None)
    field(page).focus()

    typed(page, "болт")
    expect(panel(page).locator(".suggest-good").first).to_contain_text("Болт")
    field(page).fill("кабель")
    expect(panel(page).locator(".suggest-good").first).to_contain_text("Кабель")
    before = len(asked)
    field(page).fill("болт")
    expect(panel(page).locator(".suggest-good").first).to_contain_text("Болт")

    assert len(asked) == before


def test_narrow_screen_has_a_sheet(world: World, open_page: OpenPage) -> None:
    page = signed_in(open_page(narrow=True), world)
    field(page).focus()
    typed(page, "rf,tkm 100 v")

    expect(panel(page).locator("[name=quantity]").first).to_have_value("100")
    box = panel(page).bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    seen(page, "search-narrow")
    panel(page).evaluate("panel => panel.scrollTop = 10_000")
    seen(page, "search-narrow-end")


def test_form_works_without_scripts(world: World, open_page: OpenPage) -> None:
    page = signed_in(open_page(scripts=False), world)
    page.get_by_role("searchbox", name="Поиск товаров").fill("болт")
    page.get_by_role("button", name="Найти").click()

    expect(page).to_have_url(re.compile(r"/catalog/\?q="))
    expect(page.get_by_text("Болт М8х40 DIN 933 оцинкованный").first).to_be_visible()
