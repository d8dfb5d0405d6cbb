"""The quick order pad by keyboard alone, pasted from a spreadsheet, on a phone, and without scripts."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from orders.models import CartLine, Pad
from tests.browser.conftest import shot
from tests.factories import World, make_sku, make_world
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const pasted = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
}"""


@pytest.fixture
def world(live_server: object) -> World:
    return make_world()


def opened(open_page: OpenPage, world: World, **how: bool) -> Page:
    """The pad of the buyer, who has signed in already."""
    client = Client()
    client.force_login(world.buyer)
    page = open_page(**how)
    page.goto("/healthz")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url}])
    page.goto("/quick-order/")
    return page


def row(page: Page, number: int) -> Locator:
    return page.locator(f"#pad-{number}")


def in_state(page: Page, number: int, state: str) -> None:
    expect(row(page, number)).to_have_class(re.compile(rf"\bis-{state}\b"))


def in_cart() -> dict[int, Decimal]:
    return dict(CartLine.objects.values_list("sku_id", "quantity"))


def test_pad_is_filled_by_keyboard_alone(world: World, open_page: OpenPage) -> None:
    bolt, cable, book = world.skus
    page = opened(open_page, world)
    press, type_ = page.keyboard.press, page.keyboard.type

    type_(bolt.article)
    press("Tab")
    type_("3")
    press("Enter")
    type_(cable.article)
    press("Tab")
    type_("2,5")
    press("Enter")
    type_(book.article)
    press("Enter")
    type_("99")
    press("Enter")
    type_("нет такого кода")
    press("Tab")
    type_("1")
    press("Tab")
    for number, state in enumerate(["ok", "ok", "warning", "error"], 1):
        in_state(page, number, state)
    expect(page.locator("#pad-totals")).to_contain_text("926,25")
    shot(page, "pad")

    press("ArrowUp")
    press("ArrowLeft")
    type_("5")
    press("Enter")
    in_state(page, 3, "ok")
    press("Control+z")
    in_state(page, 3, "warning")
    press("Control+y")
    in_state(page, 3, "ok")
    press("ArrowDown")
    press("Control+d")
    expect(row(page, 5).locator("[data-pad-cell=code]")).to_have_value("нет такого кода")
    press("Control+z")
    expect(row(page, 5).locator("[data-pad-cell=code]")).to_have_value("")
    page.get_by_role("button", name="В корзину").focus()
    press("Enter")

    expect(page.get_by_text("Строк добавлено в корзину: 3.")).to_be_visible()
    expect(page.locator("#pad-1 [data-pad-cell=code]")).to_be_focused()
    expect(page.locator("#pad-1 [data-pad-cell=code]")).to_have_value("нет такого кода")
    assert in_cart() == {bolt.pk: Decimal(3), cable.pk: Decimal("2.5"), book.pk: Decimal(5)}


def test_suggestions_are_taken_by_keys(world: World, open_page: OpenPage) -> None:
    page = opened(open_page, world)

    page.keyboard.type("кабель")
    expect(page.locator(".pad-option").first).to_be_visible()
    shot(page, "pad-suggestions")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("4")
    page.keyboard.press("Enter")

    in_state(page, 1, "ok")
    expect(row(page, 1)).to_contain_text("Кабель ВВГнг 3х2,5")
    assert Pad.objects.get().rows[0]["sku"] == world.skus[1].pk


def test_a_choice_of_several_is_made_by_keys(world: World, open_page: OpenPage) -> None:
    stock = {world.main_warehouse: 5}
    make_sku("Гайка одна", article="DOUBLE", stock=stock)
    second = make_sku("Гайка другая", article="DOUBLE", stock=stock)
    page = opened(open_page, world)

    page.keyboard.type("DOUBLE")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    in_state(page, 1, "choice")
    page.locator("#pad-1 select").select_option(label="DOUBLE · Гайка другая")

    in_state(page, 1, "ok")
    wait_for(lambda: Pad.objects.get().rows[0]["sku"] == second.pk)


def test_three_hundred_rows_are_pasted_from_a_spreadsheet(world: World, open_page: OpenPage) -> None:
    skus = [make_sku(f"Шайба {number}", stock={world.main_warehouse: 50}) for number in range(300)]
    block = "\r\n".join(f"{sku.article}\t{number % 9 + 1}" for number, sku in enumerate(skus))
    page = opened(open_page, world)

    page.evaluate(PASTE, f"{block}\r\n")
    expect(page.locator("[data-pad-row]")).to_have_count(300)
    expect(page.locator(".pad-row.is-ok")).to_have_count(300, timeout=20_000)
    expect(page.locator("#pad-totals")).to_contain_text("Готово строк: 300")
    page.keyboard.press("Control+z")
    expect(page.locator(".pad-row.is-ok")).to_have_count(0, timeout=20_000)
    page.keyboard.press("Control+y")
    expect(page.locator(".pad-row.is-ok")).to_have_count(300, timeout=20_000)
    page.reload()
    expect(page.locator(".pad-row.is-ok")).to_have_count(300)
    page.get_by_role("button", name="В корзину").click()

    expect(page.get_by_text("Строк добавлено в корзину: 300.")).to_be_visible()
    assert len(in_cart()) == 300


def test_pad_on_a_phone_is_of_cards(world: World, open_page: OpenPage) -> None:
    page = opened(open_page, world, narrow=True)

    page.locator("#pad-1 [data-pad-cell=code]").fill(world.skus[0].article)
    page.locator("#pad-1 [data-pad-cell=quantity]").fill("40")
    page.locator("#pad-2 [data-pad-cell=code]").fill("нет такого кода")
    page.locator("#pad-2 [data-pad-cell=quantity]").fill("1")
    page.locator("#pad-3 [data-pad-cell=code]").focus()
    in_state(page, 2, "error")
    shot(page, "pad-narrow")
    page.get_by_role("button", name="Взять 15").click()
    in_state(page, 1, "ok")

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_pad_works_without_scripts(world: World, open_page: OpenPage) -> None:
    page = opened(open_page, world, scripts=False)

    page.locator("#pad-1 [name=code]").fill(world.skus[0].article)
    page.locator("#pad-1 [name=quantity]").fill("3")
    page.locator("#pad-1 [name=quantity]").press("Enter")
    in_state(page, 1, "ok")
    page.get_by_role("button", name="Ещё строки").click()
    expect(page.locator("[data-pad-row]")).to_have_count(40)
    page.get_by_role("button", name="В корзину").click()

    expect(page.get_by_text("Строк добавлено в корзину: 1.")).to_be_visible()
    assert in_cart() == {world.skus[0].pk: Decimal(3)}
