"""A period is asked for, the client's own act differs in a line, the sides talk, the act is agreed."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from documents.models import Act
from tests.browser.conftest import NARROW, shot
from tests.documents.acts.conftest import client_file, golden
from tests.documents.acts.test_answers import LESS, PAID
from tests.factories import World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def page_of(user: User, open_page: Any, live_server: Any, **options: Any) -> Any:
    client = Client()
    client.force_login(user)
    page = open_page(**options)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def ask(page: Any, live_server: Any) -> str:
    """Ask for the third quarter and wait until the act is made; tell its address."""
    page.goto("/documents/acts/")
    page.get_by_role("link", name="Запросить акт").first.click()
    page.get_by_label("Период").select_option("own")
    page.locator("[name=start]").fill("2026-07-01")
    page.locator("[name=end]").fill("2026-09-30")
    page.get_by_role("button", name="Сделать акт").click()
    expect(page.get_by_text("Сальдо на конец")).to_be_visible(timeout=60_000)
    return str(page.url)


def own_file(tmp_path: Path) -> Path:
    file = tmp_path / "акт.xlsx"
    file.write_bytes(client_file(LESS, PAID))
    return file


def world_with_a_quarter() -> World:
    world = make_world()
    golden(world)
    return world


@pytest.mark.usefixtures("worker")
def test_act_is_compared_talked_of_and_agreed(open_page: Any, live_server: Any, tmp_path: Path) -> None:
    world = world_with_a_quarter()
    head = page_of(world.head, open_page, live_server)
    address = ask(head, live_server)
    expect(head.get_by_text("Продажа (УТ-900 от 05.07.2026)")).to_be_visible()
    shot(head, "act-made")

    head.get_by_label("Акт из учётной системы").set_input_files(own_file(tmp_path))
    head.get_by_role("button", name="Загрузить и сверить").click()
    expect(head.get_by_text("Один документ, разница 100,00 ₽")).to_be_visible()
    head.locator("summary", has_text="Написать").click()
    head.get_by_role("textbox", name="Замечание").fill("Пришло на сто рублей меньше")
    head.get_by_role("button", name="Отправить").click()
    head.get_by_text("Есть расхождения", exact=True).first.click()
    head.get_by_role("button", name="Сообщить менеджеру").click()
    expect(head.get_by_text("Менеджер узнает о расхождениях")).to_be_visible()
    shot(head, "act-disputed")

    manager = page_of(world.manager, open_page, live_server)
    manager.goto(address)
    expect(manager.get_by_text("Пришло на сто рублей меньше").first).to_be_visible()
    manager.locator("summary", has_text="Написать").click()
    manager.get_by_role("textbox", name="Замечание").fill("Согласны, исправим накладную")
    manager.get_by_role("button", name="Отправить").click()
    manager.get_by_role("button", name="Согласиться").click()
    expect(manager.get_by_text("Поставщик согласен")).to_be_visible()
    shot(manager, "act-manager")

    head.goto(address)
    expect(head.get_by_text("Согласны, исправим накладную")).to_be_visible()
    head.get_by_role("button", name="Согласиться").click()
    expect(head.get_by_text("Все расхождения согласованы")).to_be_visible()
    head.get_by_role("button", name="Согласовать акт").click()
    expect(head.get_by_text("Акт согласован.")).to_be_visible()
    shot(head, "act-agreed")
    assert Act.objects.get().state == "confirmed"


@pytest.mark.usefixtures("worker")
def test_act_without_scripts_and_on_a_narrow_screen(open_page: Any, live_server: Any, tmp_path: Path) -> None:
    world = world_with_a_quarter()
    wide = page_of(world.head, open_page, live_server)
    address = ask(wide, live_server)
    page = page_of(world.head, open_page, live_server, narrow=True, scripts=False)

    page.goto(address)
    page.get_by_label("Акт из учётной системы").set_input_files(own_file(tmp_path))
    page.get_by_role("button", name="Загрузить и сверить").click()

    expect(page.get_by_text("Один документ, разница 100,00 ₽")).to_be_visible()
    shot(page, "narrow-act")
    wide.set_viewport_size(NARROW)
    for path in (address, "/documents/acts/", "/documents/acts/new/"):
        wide.goto(path)
        assert wide.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    shot(wide, "narrow-act-new")
