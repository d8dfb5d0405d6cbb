"""The bell and the settings of notices, on a wide and a narrow screen."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import LetterTimes, Notice, NoticeSetting
from accounts.notices import NoticeKind
from accounts.services.notices import notice_send
from tests.browser.conftest import fits, shot
from tests.browser.test_acts import page_of
from tests.factories import World, make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("narrow", [False, True], ids=["1440", "360"]),
]


@pytest.fixture
def world(live_server: object) -> World:
    """The head of a client has two lines that he has not read."""
    world = make_world()
    at = timezone.now()
    for kind, title, address in (
        (NoticeKind.OVERDUE, "Просрочена оплата: УПД № 17", "/orders/"),
        (NoticeKind.GOODS_ARRIVED, "Поступил товар, который вы ждали", "/watches/"),
    ):
        notice_send(
            user_ids=[world.head.pk],
            kind=kind,
            reference=title,
            day=timezone.localdate(at),
            title=title,
            address=address,
            at=at,
        )
    return world


def unread() -> int:
    return Notice.objects.filter(read_at__isnull=True).count()


def test_bell_opens_with_the_newest_and_a_line_leads_where_it_happened(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)
    page.goto("/cart/")
    expect(page.locator("#bell-badge")).to_contain_text("2")

    page.locator(".topbar-bell").click()

    expect(page.locator("#bell-box .bell-line")).to_have_count(2)
    shot(page, f"bell{'-360' if narrow else ''}")
    assert fits(page)
    page.locator("#bell-box .bell-line").filter(has_text="Поступил товар").click()
    expect(page).to_have_url(re.compile("/watches/$"))
    expect(page.locator("#bell-badge")).to_contain_text("1")
    assert unread() == 1


def test_all_are_read_without_leaving_the_page(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)
    page.goto("/cart/")
    page.locator(".topbar-bell").click()

    page.locator("#bell-box").get_by_role("button", name="Прочитать все").click()

    expect(page.locator("#bell-badge")).to_be_empty()
    expect(page.locator("#bell-box .is-unread")).to_have_count(0)
    expect(page).to_have_url(re.compile("/cart/$"))
    assert unread() == 0


def test_one_line_is_marked_in_the_inbox(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)
    page.goto("/accounts/notices/")
    shot(page, f"notices{'-360' if narrow else ''}")
    assert fits(page)

    page.locator(".notice").filter(has_text="УПД № 17").get_by_role("button", name="Прочитано").click()

    expect(page.locator(".notice.is-unread")).to_have_count(1)
    expect(page.locator("#bell-badge")).to_contain_text("1")
    assert unread() == 1


def test_kinds_and_the_hour_of_the_digest_are_chosen(
    world: World, open_page: Any, live_server: Any, narrow: bool
) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)
    page.goto("/accounts/notices/settings/")
    row = page.locator("tr").filter(has=page.locator("#kind-price_met"))
    shot(page, f"notice-settings{'-360' if narrow else ''}")
    assert fits(page)

    row.get_by_text("В сводке").click()
    page.locator("[name=hour]").select_option("18")
    page.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_text("Настройки уведомлений сохранены.")).to_be_visible()
    expect(row.get_by_label("В сводке")).to_be_checked()
    assert NoticeSetting.objects.get(user=world.head, kind=NoticeKind.PRICE_MET).channel == "digest"
    assert LetterTimes.objects.get(user=world.head).hour == 18


def test_one_press_chooses_for_all(world: World, open_page: Any, live_server: Any, narrow: bool) -> None:
    page = page_of(world.head, open_page, live_server, narrow=narrow)
    page.goto("/accounts/notices/settings/")

    page.get_by_role("button", name="Ничего").click()

    expect(page.get_by_text("Настройки уведомлений сохранены.")).to_be_visible()
    expect(page.locator("input[type=radio][value=mail]:checked")).to_have_count(0)
    assert set(NoticeSetting.objects.filter(user=world.head).values_list("channel", flat=True)) == {"inbox"}
