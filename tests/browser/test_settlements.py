"""«Расчёты» on a narrow screen."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from finance.services import Balance, CreditLimit, OverduePart, settlement_limit_note, settlement_note
from tests.browser.conftest import NARROW, shot
from tests.factories import AT, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_settlements_fit_a_narrow_screen(open_page: Any, live_server: Any) -> None:
    world = make_world()
    overdue = tuple(
        OverduePart(
            date(2026, 11, day), Decimal("1234567.89"), f"Реализация товаров и услуг УТ-00{day} от 30.10.2026"
        )
        for day in (2, 20, 30)
    )
    limit = CreditLimit(True, Decimal("5000000.00"), True)
    settlement_limit_note(contract_id=world.contract.pk, limit=limit)
    sums = [Decimal("12345678.90"), Decimal("10.00"), Decimal("99999.99"), Decimal("1234567.89")]
    settlement_note(contract_id=world.contract.pk, balance=Balance("RUB", *sums, AT, overdue))
    client = Client()
    client.force_login(world.head)

    page = open_page(narrow=True)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.goto("/settlements/")

    expect(page.get_by_text("Лимит превышен на")).to_be_visible()
    shot(page, "narrow-settlements")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
