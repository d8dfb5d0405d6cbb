"""Charts of purchases and what is waited for, on a wide and a narrow screen."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from orders.models import Order, PriceWatch
from portal.lib.dates import moscow_date
from tests.browser.conftest import fits, shot
from tests.browser.test_acts import page_of
from tests.factories import World, make_world
from tests.orders.purchases import bought

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("narrow", [False, True], ids=["1440", "360"]),
]


MONTHS = "#months table[data-chart]"


@pytest.fixture
def world(live_server: object) -> World:
    """Three orders of the buyer in three months."""
    world = make_world()
    for days in (75, 40, 0):
        at = timezone.now() - timedelta(days=days, hours=1)
        bought(world, moscow_date(at), {world.skus[0]: 5}, at=at, price="95.50")
    Order.objects.update(total=500)
    return world


def chart(page: Page) -> Any:
    return page.locator("#months .figures-chart canvas")


def test_chart_stands_above_its_figures_and_leads_to_orders(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)

    page.goto("/analytics/")

    expect(chart(page)).to_be_visible()
    assert chart(page).bounding_box()["y"] < page.locator(MONTHS).bounding_box()["y"]
    shot(page, f"analytics{'-360' if narrow else ''}")
    assert fits(page)
    page.locator(f"{MONTHS} tbody tr").last.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/orders/.*since="))


def test_period_and_file_stay_together(world: World, open_page: Any, live_server: Any, narrow: bool) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)
    page.goto("/analytics/")
    first = timezone.localdate().replace(day=1)

    page.get_by_label("С даты").fill(first.isoformat())
    page.get_by_role("button", name="Показать").click()

    expect(page.locator(f"{MONTHS} tbody tr")).to_have_count(1)
    with page.expect_download() as file:
        page.get_by_role("link", name="Excel").click()
    assert f"since={first}" in file.value.url
    assert file.value.suggested_filename.endswith(".xlsx")


def test_employee_sees_two_series_and_then_how_clients_were_served(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.manager, open_page, live_server, narrow=narrow)

    page.goto("/staff/analytics/")

    expect(page.locator("#months .u-series")).to_have_count(3)  # the months, this year, the year before
    expect(page.get_by_text("Отгружено в срок")).to_be_visible()
    shot(page, f"staff-analytics{'-360' if narrow else ''}")
    assert fits(page)


def test_figures_are_there_without_scripts(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.manager, open_page, live_server, narrow=narrow, scripts=False)

    page.goto("/staff/analytics/")
    page.get_by_role("link", name="Выполнение и сроки").click()

    expect(page.get_by_text("Отгружено в срок")).to_be_visible()
    expect(page.locator(f"{MONTHS} tbody tr").last).to_contain_text("500,00")
    expect(chart(page)).to_have_count(0)


def test_price_is_watched_from_the_product(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.buyer, open_page, live_server, narrow=narrow)

    page.goto(f"/catalog/product/{world.skus[0].product_id}/")
    page.get_by_role("link", name="Следить за ценой и наличием").first.click()
    page.get_by_text("Станет ниже суммы").click()
    page.get_by_label("Ниже, ₽").fill("90")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Запомнили")).to_be_visible()
    page.goto("/watches/")
    shot(page, f"watches{'-360' if narrow else ''}")

    expect(page.get_by_text("цену ниже 90,00")).to_be_visible()
    assert fits(page)
    assert PriceWatch.objects.count() == 1
