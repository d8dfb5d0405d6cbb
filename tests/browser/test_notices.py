"""Notices in Chromium: the bell opens in place, a line is marked without leaving, the matrix is saved."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import NoticeSetting, User
from accounts.notices import NoticeKind
from accounts.services.notices import notice_send
from tests.browser.conftest import shot
from tests.browser.test_letters import signed_in
from tests.factories import TODAY, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def told(person: User) -> None:
    now = timezone.now()
    for number, (kind, title) in enumerate(
        [
            (NoticeKind.OVERDUE, "УТ-17: оплата просрочена, дней: 3"),
            (NoticeKind.SHIPMENT, "Заказ P-1042: товар отгружен"),
            (NoticeKind.CONTRACT_ENDS, "Договор Д-5 кончается через 14 дней"),
        ]
    ):
        notice_send(
            user_ids=[person.pk],
            kind=kind,
            reference=f"thing:{number}",
            day=TODAY,
            title=title,
            text="ООО «Северный Ветер», 106 555,13 ₽",
            address="/orders/",
            at=now - timedelta(days=number),
        )


@pytest.mark.parametrize("narrow", [False, True])
def test_bell_inbox_and_settings(open_page: OpenPage, live_server: object, narrow: bool) -> None:
    world = make_world()
    told(world.head)
    size = "narrow" if narrow else "wide"
    page = signed_in(open_page(narrow=narrow), live_server, world.head)

    page.goto("/orders/")
    page.locator(".topbar-bell").click()
    bell = page.locator("#bell-box")
    expect(bell.get_by_text("Сегодня")).to_be_visible()
    shot(page, f"bell-{size}")
    bell.get_by_role("button", name="УТ-17").click()
    expect(page).to_have_url(f"{live_server.url}/orders/")  # type: ignore[attr-defined]
    expect(page.locator("#bell-badge")).to_contain_text("2")

    page.goto(reverse("accounts:notices"))
    shot(page, f"inbox-{size}")
    page.get_by_role("button", name="Прочитано").first.click()
    expect(page.locator("#bell-badge")).to_contain_text("1")
    expect(page.get_by_role("button", name="Прочитано")).to_have_count(1)

    page.goto(reverse("accounts:notice_settings"))
    page.get_by_role("radiogroup", name="Оплата просрочена").get_by_label("В сводке").check()
    shot(page, f"notice-settings-{size}")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Настройки уведомлений сохранены.")).to_be_visible()
    assert NoticeSetting.objects.get(user=world.head, kind="overdue").channel == "digest"

    page.goto(reverse("finance:alerts"))
    shot(page, f"money-alerts-{size}")
