"""A calculator counts, its goods go into a cart."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from orders.models import CartLine
from tests.browser.conftest import NARROW, WIDE, shot
from tests.browser.test_shipments import entered
from tests.factories import make_world
from tests.orders.calculator_samples import make_boilers, make_cables

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def assert_fits(page: Page, name: str, width: int) -> None:
    shot(page, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def carted() -> dict[str, Decimal]:
    return dict(CartLine.objects.values_list("sku__product__name", "quantity"))


def test_calculator_goes_to_the_cart(open_page: Any, live_server: Any) -> None:
    world = make_world()
    make_cables(world)

    page = entered(open_page(), world.buyer, live_server)
    page.goto(reverse("orders:calculators"))
    assert_fits(page, "calculators", WIDE["width"])
    page.get_by_role("link", name="Сечение кабеля").click()
    # 3 кВт need 1,5 mm², 5 kW need 2,5: the result follows what is typed, no button is pressed.
    expect(page.get_by_role("link", name="Кабель 3х1.5")).to_be_visible()
    page.get_by_label("Нагрузка").fill("5")
    expect(page.get_by_role("link", name="Кабель 3х2.5")).to_be_visible()
    page.get_by_label("Длина").fill("150")
    expect(page.get_by_text("Проверьте потери напряжения")).to_be_visible()
    assert_fits(page, "calculator", WIDE["width"])
    page.get_by_role("button", name="В корзину").click()
    expect(page.get_by_text("Добавлено в корзину позиций: 2.")).to_be_visible()
    shot(page, "calculator-cart")
    assert carted() == {"Кабель 3х2.5": 200, "Коробка": 5}


def test_calculator_goes_to_the_cart_on_a_phone_without_scripts(open_page: Any, live_server: Any) -> None:
    world = make_world()
    make_cables(world)

    page = entered(open_page(narrow=True, scripts=False), world.buyer, live_server)
    page.goto(reverse("orders:calculators"))
    assert_fits(page, "narrow-calculators", NARROW["width"])
    page.get_by_role("link", name="Сечение кабеля").click()
    page.get_by_label("Нагрузка").fill("5")
    page.get_by_role("button", name="Посчитать").click()
    expect(page.get_by_role("link", name="Кабель 3х2.5")).to_be_visible()
    assert_fits(page, "narrow-calculator", NARROW["width"])
    page.get_by_role("button", name="В корзину").click()
    expect(page.get_by_text("Добавлено в корзину позиций: 2.")).to_be_visible()
    assert carted() == {"Кабель 3х2.5": 100, "Коробка": 2}


@pytest.mark.parametrize("is_narrow", [False, True])
def test_configurator_refuses_with_a_reason_and_goes_to_the_cart(
    open_page: Any, live_server: Any, is_narrow: bool
) -> None:
    world = make_world()
    make_boilers(world)
    width, name = (NARROW["width"], "narrow-") if is_narrow else (WIDE["width"], "")

    page = entered(open_page(narrow=is_narrow), world.buyer, live_server)
    page.goto(reverse("orders:calculator", args=["boiler"]))
    page.get_by_role("radio", name="Котёл 24").check()
    expect(page.get_by_text("Мощному котлу нужен насос").first).to_be_visible()
    expect(page.get_by_text("Насос слабее котла").first).to_be_visible()
    assert_fits(page, f"{name}configurator-refused", width)
    page.get_by_role("radio", name="Насос 40").check()
    expect(page.get_by_text("Мощному котлу нужен насос")).to_have_count(0)
    assert_fits(page, f"{name}configurator", width)
    page.get_by_role("button", name="В корзину").click()
    expect(page.get_by_text("Добавлено в корзину позиций: 2.")).to_be_visible()
    assert carted() == {"Котёл 24": 1, "Насос 40": 1}
