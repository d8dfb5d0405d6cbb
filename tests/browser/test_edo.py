"""Exchange files in Chromium: a client reads a paper of 1C, a manager sends one of ours."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.models import User
from documents.edo.operators import EdoReport, EdoSignature
from documents.services.edo_statuses import EdoTold, edo_told
from documents.states import EdoStatus
from portal.files.papers import XML
from tests.browser.conftest import NARROW, WIDE, shot
from tests.documents.edo.issued import make_upd, with_operator
from tests.documents.edo.papers import AT, CHINA, GOLDEN, LOT, made, shipment
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.factories import make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNED = EdoReport(
    EdoStatus.SIGNED, AT, signatures=(EdoSignature("Сидоров Пётр Иванович", "01AB23CD", "12.01.2027"),)
)


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


def overflow(page: Page) -> int:
    """How many pixels of the page stick out to the right."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def test_client_reads_an_exchange_file_and_takes_it(opened: Callable[..., Page]) -> None:
    world = make_world()
    order = make_order(world)
    goods = (replace(GOLDEN[0], origins=(CHINA,), traced=(LOT,)), *GOLDEN[1:])
    paper = make_received(
        world.entity,
        order=order,
        content=made(shipment(goods, transport="ТТН № 5, нетто 120 кг")).content,
        mime=XML,
    )
    edo_told(received_id=paper.pk, told=EdoTold("Диадок", "m-1", SIGNED), at=AT)
    page = opened(world.buyer)

    page.goto("/documents/")
    expect(page.get_by_text("ЭДО: подписан")).to_be_visible()
    page.get_by_role("link", name="электронный документ").click()

    expect(page.get_by_text("106 555,13")).to_be_visible()
    shot(page, "edo-paper")
    assert overflow(page) <= 0
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    shot(page, "edo-paper-narrow")
    assert overflow(page) <= 0
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать XML для загрузки в 1С").click()
    assert re.fullmatch(  # the name that the format prescribes: its ИдФайл
        r"ON_NSCHFDOPPR_2BM-\d{10}-\d{9}-\d+_2BM-\d{10}-\d{9}-\d+_\d{8}_[0-9a-f-]{36}_1_0_0_0_0_00\.xml",
        download.value.suggested_filename,
    )


def test_manager_sends_a_paper(opened: Callable[..., Page], settings: Settings, tmp_path: Path) -> None:
    settings.EDO_OPERATOR = "documents.edo.file_drop.FileDropOperator"
    settings.EDO_DROP_DIR = tmp_path
    world = make_world()
    document = make_upd(with_operator(make_order(world)))
    page = opened(world.manager)

    page.goto(f"/documents/edo/{document.uid}/")
    page.get_by_role("button", name="Отправить через ЭДО").click()

    expect(page.get_by_text("Документ передан на отправку через оператора ЭДО.")).to_be_visible()
    expect(page.get_by_role("button", name="Отправить через ЭДО")).to_be_hidden()
    shot(page, "edo-sent")
