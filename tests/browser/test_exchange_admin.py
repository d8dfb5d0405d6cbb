"""The exchange in Chromium: the administrator maps, finds out, replays, releases; buyers see its age."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from catalog.models import City, CityWarehouse, Product, Warehouse
from integrations.models import ExchangeFile, ExchangeNode, ExchangeSession, ExchangeStream, FileState
from integrations.onec.client import OneCClient
from integrations.reports.feeds import feeds_forget
from pricing.models import CityPriceType, Price, PriceType
from tests.browser.conftest import shot
from tests.factories import (
    make_contract,
    make_holding,
    make_legal_entity,
    make_organization,
    make_person,
    make_user,
)
from tests.integrations.onec_talk import BASE, PASSWORD, catalog, good, make_node, offer, package, price
from tests.processes import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]
NUMBERS = range(12)
NEW_TYPE = "279b6812-740b-11e8-80c8-0000000000ff"


def guid(number: int) -> str:
    return f"bd8c4e15-18f9-11e7-80c2-{number:012}"


def goods(*, deleted: int = 0) -> str:
    return catalog(
        *(
            good(
                guid(number),
                f"Болт М8х{20 + number}",
                article=f"B-8-{20 + number}",
                status="Удален" if number < deleted else "",
            )
            for number in NUMBERS
        )
    )


def offers(amount: str, *, formed: str, type_id: str = BASE, types: str | None = None) -> str:
    told = [offer(guid(number), name="", prices=price(amount, type_id=type_id)) for number in NUMBERS]
    return package(*told, formed=formed) if types is None else package(*told, formed=formed, types=types)


@pytest.fixture
def send(live_server: object, worker: None, tmp_path: Path) -> Callable[..., None]:
    """Send files by their names as 1C would; the first goods, prices and stock are there already."""
    node = make_node()
    ExchangeNode.objects.update(breaker_rows=5, hidden_share_limit=100)
    client = OneCClient(f"{live_server.url}/1c/exchange", node.username, PASSWORD, give_up_after=60)  # type: ignore[attr-defined]

    def sent(**files: str) -> None:
        folder = tmp_path / "-".join(files)
        folder.mkdir()
        for name, content in files.items():
            (folder / f"{name}.xml").write_text(content)
        report = client.upload_folder(folder)
        assert report.errors == []

    sent(import0_1=goods(), offers0_1=offers("10.50", formed="2026-11-20T10:00:00"))
    return sent


def signed_in(page: Page, person: User) -> Page:
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.goto("/healthz")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])
    return page


@pytest.fixture
def admin(send: object, open_page: OpenPage) -> Page:
    return signed_in(open_page(), make_user("Администратор", is_staff=True, is_superuser=True))


def chosen(page: Page, row: str, action: str) -> None:
    """Tick a row of a list in the administration and run an action on it."""
    page.get_by_role("row").filter(has_text=row).first.get_by_role("checkbox").check()
    page.get_by_label("Действие:").select_option(label=action)
    page.get_by_role("button", name="Выполнить").click()


def test_administrator_maps_a_new_price_type(send: Callable[..., None], admin: Page) -> None:
    """The catalogue in 1C was made anew: prices come under an id that nobody has named."""
    PriceType.objects.filter(name="Оптовая").update(is_open=True)
    ExchangeNode.objects.update(is_breaker_on=False)  # all prices of the former type go
    send(offers0_2=offers("11", formed="2026-11-21T10:00:00", type_id=NEW_TYPE, types=""))
    admin.goto("/admin/")
    admin.get_by_role("link", name="Базы 1С").first.click()
    admin.get_by_role("link", name="Виды цен и склады").click()
    row = admin.get_by_role("row", name=f"УТ 11 ut {NEW_TYPE}")
    expect(row).to_contain_text("закрыт")
    shot(admin, "exchange-mapping")

    row.get_by_role("combobox").select_option(label="Оптовая")
    row.get_by_role("button", name="Соединить").click()

    expect(admin.get_by_text("Соединено: Оптовая")).to_be_visible()
    expect(row).to_contain_text("открыт клиентам")
    assert set(Price.objects.values_list("price_type__name", "amount")) == {("Оптовая", 11)}


def test_administrator_finds_out_why_a_good_is_missing_and_replays_a_file(
    send: Callable[..., None], admin: Page
) -> None:
    send(import0_2=goods(deleted=1))
    assert Product.objects.get(article="B-8-20").is_hidden
    admin.goto("/admin/")
    admin.get_by_role("link", name="Файлы обмена").first.click()
    shot(admin, "exchange-journal")
    admin.get_by_role("link", name="Что прислала 1С про товар").click()
    admin.get_by_label("Номер, артикул, код или Ид товара").fill("B-8-20")
    admin.get_by_role("button", name="Найти").click()

    expect(admin.get_by_role("heading", name="Болт М8х20 (скрыт)")).to_be_visible()
    expect(admin.locator("pre").first).to_contain_text('Статус="Удален"')
    shot(admin, "exchange-about-good")
    admin.get_by_role("link", name="import0_2.xml").click()
    expect(admin.get_by_text("Загружен", exact=True).first).to_be_visible()
    expect(admin.get_by_role("button", name="Применить")).to_have_count(0)
    shot(admin, "exchange-file")

    admin.goto("/admin/integrations/exchangefile/")
    chosen(admin, "import0_1.xml", "Повторить загрузку")
    expect(admin.get_by_text("Загружается снова: 1")).to_be_visible()
    wait_for(lambda: not Product.objects.get(article="B-8-20").is_hidden)


def test_administrator_releases_a_held_package(send: Callable[..., None], admin: Page) -> None:
    send(offers0_2=offers("1050", formed="2026-11-21T10:00:00"))
    assert set(Price.objects.values_list("amount", flat=True)) == {10.5}
    admin.goto("/admin/")
    expect(admin.get_by_text("Файлов, которые ждут решения: 1")).to_be_visible()
    shot(admin, "exchange-admin-home")
    admin.get_by_role("link", name="Журнал обмена").click()
    admin.get_by_role("link", name=re.compile(r"\d\d\.\d\d\.\d{4} \d")).last.click()
    expect(admin.get_by_text("цены меняются больше чем на 50 %: 12 из 12").first).to_be_visible()
    expect(admin.get_by_role("row").filter(has_text="Болт М8х20").first).to_contain_text("10,51 050")
    shot(admin, "exchange-held")

    admin.get_by_role("button", name="Применить").click()
    expect(admin.get_by_text("Применяется файлов: 1")).to_be_visible()
    wait_for(lambda: ExchangeFile.objects.get(name="offers0_2.xml").state == FileState.DONE)
    assert set(Price.objects.values_list("amount", flat=True)) == {1050}


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_buyer_sees_how_fresh_it_is(send: Callable[..., None], open_page: OpenPage, narrow: bool) -> None:
    cache.clear()
    city = City.objects.create(name="Москва")
    wholesale = PriceType.objects.get(name="Оптовая")
    PriceType.objects.filter(pk=wholesale.pk).update(is_open=True)
    CityPriceType.objects.create(city=city, price_type=wholesale)
    CityWarehouse.objects.create(city=city, warehouse=Warehouse.objects.get(name="Москва"), delivery_days=1)
    holding = make_holding(city=city)
    make_contract(make_legal_entity(holding), organization=make_organization())
    page = signed_in(open_page(narrow=narrow), make_person(holding))
    size = "narrow" if narrow else "wide"

    page.goto("/catalog/?q=болт")
    expect(page.locator(".freshness").first).to_contain_text("Остатки и цены на ")
    shot(page, f"freshness-{size}")
    ExchangeStream.objects.filter(kind="stock").update(applied_at="2026-11-20T09:10+03:00")
    ExchangeSession.objects.update(seen_at="2026-11-20T09:10+03:00")
    feeds_forget()
    page.reload()

    expect(page.locator(".freshness.is-late")).to_contain_text("1С не присылала остатки с 20 ноября, 09:10")
    expect(page.locator(".outage")).to_contain_text("нет связи с 1С")
    assert page.evaluate("document.documentElement.scrollWidth") <= (360 if narrow else 1440)
    shot(page, f"freshness-late-{size}")
    page.get_by_role("link", name="Болт М8х20").first.click()
    expect(page.locator(".freshness.is-late")).to_be_visible()
    shot(page, f"freshness-product-{size}")
