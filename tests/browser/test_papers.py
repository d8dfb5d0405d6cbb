"""Papers of a shipment from the board of completeness to the signed copy and the archive of a month."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from documents.models import RequiredPaper
from documents.states import DocumentKind, ReceivedKind
from tests.browser.conftest import shot
from tests.documents.contracts.samples import pdf
from tests.documents.orders import make_order
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import make_world
from tests.flows.shipment_rows import make_request

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


def test_papers_of_a_shipment_and_the_archive(
    opened: Callable[..., Page], worker: None, tmp_path: Path
) -> None:
    world = make_world()
    today = timezone.localdate()
    portal_numbers(world.organization, DocumentKind.UPD)
    order = make_order(world)
    make_shipment(world, order=order, day=today)
    request = make_request(order, state="ready", driver="Петров И. С.", car="А123ВС 77")
    RequiredPaper.objects.create(
        organization=world.organization, kind=ReceivedKind.UPD, needs_signed_copy=True
    )

    manager = opened(world.manager)
    manager.goto("/documents/completeness/")
    shot(manager, "completeness-manager")
    manager.get_by_role("button", name="Выписать").click()
    expect(manager.get_by_role("link", name="Открыть PDF")).to_be_visible(timeout=60_000)
    shot(manager, "document-task")

    person = opened(world.head)
    person.goto("/documents/")
    shot(person, "documents-list")
    person.get_by_role("link", name="подробнее").first.click()
    scan = tmp_path / "скан.pdf"
    scan.write_bytes(pdf())
    person.get_by_label("Скан с подписью и печатью").set_input_files(scan)
    person.get_by_role("button", name="Загрузить").click()
    expect(person.get_by_role("link", name="скан.pdf")).to_be_visible()
    shot(person, "document-detail")
    person.goto("/documents/completeness/")
    expect(person.get_by_text("есть", exact=True)).to_be_visible()

    person.goto("/documents/archives/")
    person.get_by_label("С", exact=True).fill(today.replace(day=1).isoformat())
    person.get_by_label("По", exact=True).fill(today.isoformat())
    person.get_by_label("Правило").fill("{number} от {date}")
    expect(person.get_by_text("ОК1042_3 от 2026-11-20.pdf")).to_be_visible()
    person.get_by_role("button", name="Собрать архив").click()
    expect(person.get_by_role("link", name=re.compile("ZIP"))).to_be_visible(timeout=60_000)
    shot(person, "archives")
    person.goto(f"/shipments/{request.pk}/")
    person.get_by_text("Доверенность М-2").click()
    shot(person, "pickup-pass")

    narrow = opened(world.head, narrow=True)
    for name, address in (
        ("documents-list", "/documents/"),
        ("archives", "/documents/archives/"),
        ("completeness", "/documents/completeness/"),
        ("pickup-pass", f"/shipments/{request.pk}/"),
    ):
        narrow.goto(address)
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 360
        shot(narrow, f"{name}-narrow")
    narrow.goto("/documents/")
    narrow.get_by_role("link", name="подробнее").first.click()
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 360
    shot(narrow, "document-detail-narrow")
