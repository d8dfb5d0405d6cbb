"""Choosing and typing quantities in Chromium: filters, keyboard, pages, cities, into the cart."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, Route, expect

from catalog.models import City, Product, Property, PropertyValue, Section, SectionFacet
from orders.models import Cart, CartLine, Pick
from tests.browser.conftest import shot
from tests.catalog.samples import address, make_section
from tests.factories import World, make_city, make_sku, make_warehouse, make_world
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
GOODS = 80


@dataclass(frozen=True)
class Shop:
    """Eighty cables of two materials and two numbers of cores, in two cities."""

    world: World
    section: Section
    city: City
    material: Property
    cores: Property


@pytest.fixture
def shop(live_server: object) -> Shop:
    world = make_world()
    city = make_city("Казань")
    elsewhere = make_warehouse(city)
    skus = [
        make_sku(f"Кабель силовой ВВГнг(А)-LS {number}х2,5", stock={world.main_warehouse: 50, elsewhere: 7})
        for number in range(1, GOODS + 1)
    ]
    section = make_section("Кабели", goods=skus)
    material, cores = Property.objects.create(name="Материал"), Property.objects.create(name="Число жил")
    for place, described in enumerate((material, cores)):
        SectionFacet.objects.create(section=section, property=described, position=place)
    for number, sku in enumerate(skus):
        for described, text in (
            (material, "Медь" if number % 2 else "Алюминий"),
            (cores, "3" if number % 4 < 2 else "2"),
        ):
            PropertyValue.objects.create(product=sku.product, property=described, raw=text, text=text)
    return Shop(world, section, city, material, cores)


def sign_in(page: Page, shop: Shop) -> None:
    """The buyer's browser; how people sign in is walked through elsewhere."""
    client = Client()
    client.force_login(shop.world.buyer)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])


def choose(page: Page, facet: str, value: str, *, left: int) -> None:
    """Tick a value and wait for the list that it leaves."""
    page.locator(f"#facet-{facet}").get_by_text(value, exact=True).click()
    expect(page.locator(".listing-note")).to_contain_text(f"{left} поз.")


def fields(page: Page) -> Locator:
    return page.locator("[data-pick]")


def type_down(page: Page, first: int, count: int, start: int, key: str) -> dict[int, int]:
    """Type quantities into rows one below the other without the mouse; what was typed, by sku."""
    fields(page).nth(first).focus()
    typed = {}
    for number in range(count):
        name = page.evaluate("document.activeElement.name")
        typed[int(name.removeprefix("q-"))] = start + number
        page.keyboard.type(str(start + number))
        page.keyboard.press(key)
    return typed


def kept() -> dict[int, int]:
    return {pick.sku_id: int(pick.quantity) for pick in Pick.objects.all()}


def switch_city(page: Page, name: str) -> None:
    page.locator(".topnav-context summary").first.click()
    page.get_by_role("button", name=name).click()
    expect(page.locator(".topnav-choice-text").first).to_have_text(name)


def test_thirty_quantities_reach_the_cart(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, shop)
    page.goto(address(shop.section))
    copper, cores = f"p{shop.material.pk}", f"p{shop.cores.pk}"

    choose(page, copper, "Медь", left=40)
    choose(page, cores, "3", left=20)
    assert page.evaluate("document.activeElement.id").startswith(f"f-{cores}-")
    expect(page).to_have_url(re.compile(rf"\?{copper}=.*&{cores}=3"))
    typed = type_down(page, 0, 12, 1, "Enter")
    choose(page, cores, "3", left=40)  # taken away again
    typed |= type_down(page, 14, 10, 13, "ArrowDown")  # half of them typed already
    page.get_by_role("link", name="Вперёд").click()
    expect(page.locator(".pager [aria-current]")).to_have_text("2")
    typed |= type_down(page, 2, 13, 31, "Enter")
    wait_for(lambda: kept() == typed)
    assert len(typed) == 30
    expect(page.locator("#picks-bar")).to_contain_text("Выбрано 30 поз.")
    shot(page, "catalogue-picks")

    page.reload()
    expect(fields(page).nth(2)).to_have_value("31")
    switch_city(page, "Казань")
    expect(page.locator("#picks-bar")).to_contain_text("Укажите количества")
    switch_city(page, "Москва")
    expect(page.locator("#picks-bar")).to_contain_text("Выбрано 30 поз.")
    page.get_by_role("button", name="В корзину").dblclick()
    expect(page.get_by_text("Добавлено в корзину позиций: 30")).to_be_visible()

    lines = {line.sku_id: int(line.quantity) for line in CartLine.objects.filter(cart=Cart.objects.get())}
    assert lines == typed
    assert kept() == {}


def test_late_answer_does_not_reload_over_what_was_added(shop: Shop, open_page: OpenPage) -> None:
    """The batch is still on its way when all is put into the cart: its «went already» comes to nobody."""
    page = open_page()
    sign_in(page, shop)
    page.goto(address(shop.section))
    held: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.headers.get("hx-request"):
            held.append(route)
            return
        with suppress(PlaywrightError):  # the page has given the batch up
            held[0].fulfill(status=409, headers={"HX-Refresh": "true"})
        route.continue_()

    page.route("**/cart/picks/", answer)
    with page.expect_request("**/cart/picks/"):
        fields(page).first.fill("3")
    page.get_by_role("button", name="В корзину").click()

    expect(page.get_by_text("Добавлено в корзину позиций: 1")).to_be_visible()
    assert CartLine.objects.get().quantity == 3


def test_filters_go_back_and_more_than_there_is_turns_amber(shop: Shop, open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, shop)
    page.goto(address(shop.section))

    choose(page, f"p{shop.material.pk}", "Медь", left=40)
    page.locator(".chip").first.click()
    expect(page.locator(".listing-note")).to_contain_text("80 поз.")
    page.go_back()
    expect(page.locator(".listing-note")).to_contain_text("40 поз.")
    field = fields(page).first
    field.fill("60")
    expect(page.locator(".pick.is-short")).to_have_count(1)
    expect(page.locator("[data-pick-hint]").first).to_have_text("в наличии 50")
    field.fill("два")
    expect(page.locator(".pick.is-wrong")).to_have_count(1)
    expect(page.locator("#picks-bar")).to_contain_text("Укажите количество числом")


@pytest.fixture
def marked(shop: Shop) -> Property:
    """Each cable has a mark of its own; the number of cores stands collapsed."""
    mark = Property.objects.create(name="Марка")
    for number, product in enumerate(Product.objects.order_by("pk")):
        text = f"Марка {number:02}"
        PropertyValue.objects.create(product=product, property=mark, raw=text, text=text)
    SectionFacet.objects.create(section=shop.section, property=mark, position=2)
    SectionFacet.objects.filter(property=shop.cores).update(is_collapsed=True)
    return mark


def test_folded_values_come_when_they_are_opened_or_looked_for(
    shop: Shop, marked: Property, open_page: OpenPage
) -> None:
    page = open_page()
    sign_in(page, shop)
    page.goto(address(shop.section))
    long, closed = page.locator(f"#facet-p{marked.pk}"), page.locator(f"#facet-p{shop.cores.pk}")
    expect(long.locator(".facet-option")).to_have_count(8)

    closed.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(closed.locator(".facet-option")).to_have_count(2)
    long.get_by_placeholder("Найти").fill("77")
    expect(long.locator(".facet-option:visible")).to_have_text(["Марка 771"])
    shot(page, "catalogue-facet-search")
    choose(page, f"p{marked.pk}", "Марка 77", left=1)

    expect(long.get_by_placeholder("Найти")).to_have_value("77")
    expect(long.locator(".facet-option:visible")).to_have_text(["Марка 771"])
    expect(closed.locator(".facet-option")).to_have_count(0)  # one number of cores is left: no choice
    page.locator(".chip").first.click()
    expect(page.locator(".listing-note")).to_contain_text("80 поз.")
    expect(closed.locator(".facet-option")).to_have_count(2)


def test_folded_values_come_without_scripts(shop: Shop, marked: Property, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    sign_in(page, shop)
    page.goto(address(shop.section))
    long, closed = page.locator(f"#facet-p{marked.pk}"), page.locator(f"#facet-p{shop.cores.pk}")

    closed.locator("summary").click()
    closed.get_by_role("link", name="Показать значения").click()
    expect(closed.get_by_label("3")).to_be_visible()
    long.get_by_text("Ещё 72").click()
    long.get_by_role("link", name="Показать все значения").click()
    long.get_by_label("Марка 77").check()
    page.get_by_role("button", name=re.compile("^Показать \\d")).click()

    expect(page.locator(".listing-note")).to_contain_text("1 поз.")
    expect(long.locator(".facet-option")).to_have_count(80)


def test_list_works_without_scripts(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(scripts=False)
    sign_in(page, shop)
    page.goto(address(shop.section))

    page.locator(f"#facet-p{shop.material.pk}").get_by_label("Медь").check()
    page.get_by_role("button", name=re.compile("^Показать \\d")).click()
    expect(page.locator(".listing-note")).to_contain_text("40 поз.")
    fields(page).nth(0).fill("3")
    fields(page).nth(1).fill("4")
    page.get_by_role("button", name="В корзину").click()

    expect(page.get_by_text("Добавлено в корзину позиций: 2")).to_be_visible()
    assert sorted(int(line.quantity) for line in CartLine.objects.all()) == [3, 4]


def test_narrow_screen_has_filters_as_a_sheet(shop: Shop, open_page: OpenPage) -> None:
    page = open_page(narrow=True)
    sign_in(page, shop)
    page.goto(address(shop.section))
    option = page.locator(f"#facet-p{shop.material.pk}").get_by_text("Медь", exact=True)
    expect(option).to_be_hidden()

    page.locator(".filters-head").click()
    option.click()
    expect(page.get_by_role("button", name="Показать 40")).to_be_visible()
    shot(page, "catalogue-sheet")
    page.get_by_role("button", name="Показать 40").click()
    expect(option).to_be_hidden()
    expect(page.locator(".chip")).to_have_count(2)  # the value, and all at once

    for view in ("table", "list", "tile"):
        page.goto(f"{address(shop.section)}?view={view}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
