"""A contract is renewed: the text is sent, a scan is returned once, the second one is accepted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from counterparties.models import Contract
from tests.browser.conftest import NARROW, shot
from tests.documents.contracts.samples import pdf, picture
from tests.factories import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_in(page: Page, address: str, person: User) -> Page:
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    return page


def sent(page: Page, name: str, *contents: bytes) -> None:
    """Choose the files and press the button of the form."""
    files = [
        {"name": f"{name}-{number}", "mimeType": "application/octet-stream", "buffer": one}
        for number, one in enumerate(contents)
    ]
    page.locator("[name=scans]").set_input_files(files)
    page.get_by_role("button", name="Отправить скан").click()


def test_renewal_with_a_scan_returned_once(open_page: Any, live_server: Any) -> None:
    world = make_world()
    today = timezone.localdate()
    Contract.objects.filter(pk=world.contract.pk).update(valid_until=today + timedelta(days=20))
    ends = today + timedelta(days=400)
    manager = signed_in(open_page(), live_server.url, world.manager)
    head = signed_in(open_page(narrow=True), live_server.url, world.head)
    address = f"/documents/contracts/{world.contract.pk}/"

    manager.goto("/documents/contracts/?term=expiring")
    expect(manager.get_by_text("Осталось 20 дней")).to_be_visible()
    shot(manager, "contracts")
    manager.get_by_role("link", name=str(world.contract)).click()
    manager.locator("[name=valid_until]").fill(ends.isoformat())
    manager.locator("[name=summary]").fill("Продлен на год")
    manager.get_by_role("button", name="Создать версию").click()
    manager.locator("[name=file]").set_input_files(
        {"name": "Договор.pdf", "mimeType": "application/pdf", "buffer": pdf(3)}
    )
    manager.get_by_role("button", name="Добавить").click()
    expect(manager.get_by_text("Файл добавлен")).to_be_visible()
    manager.get_by_role("button", name="Отправить клиенту").click()
    expect(manager.locator(".mark-sent").first).to_be_visible()

    head.goto(address)
    expect(head.get_by_text("Продлен на год")).to_be_visible()
    sent(head, "стр", picture(size=(600, 800)))
    expect(head.get_by_text("скан отправлен")).to_be_visible()

    manager.goto("/documents/contracts/?waits=on")
    manager.get_by_role("link", name=str(world.contract)).click()
    manager.get_by_role("button", name="Взять на проверку").click()
    manager.locator("[name=reason]").fill("Нет второй страницы")
    manager.get_by_role("button", name="Вернуть клиенту").click()
    expect(manager.get_by_text("возвращен клиенту с причиной")).to_be_visible()

    head.goto(address)
    expect(head.locator(".alert-warning", has_text="Нет второй страницы")).to_be_visible()
    shot(head, "narrow-contract-returned")
    assert head.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    sent(head, "стр", picture(size=(600, 800)), picture("JPEG", size=(600, 800)))
    expect(head.get_by_text("скан отправлен")).to_be_visible()

    manager.goto(address)
    expect(manager.get_by_text("Скан клиента, попытка 2")).to_be_visible()
    manager.get_by_label("На скане клиента обе подписи").check()
    manager.get_by_role("button", name="Принять, договор действует").click()
    expect(manager.get_by_text("Версия принята и действует")).to_be_visible()
    shot(manager, "contract-accepted")
    head.goto("/documents/contracts/")
    expect(head.get_by_text(re.compile(f"до {ends:%d.%m.%Y}"))).to_be_visible()
    shot(head, "narrow-contracts")
    assert head.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
