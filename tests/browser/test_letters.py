"""Letters in Chromium: a sample in the administration, and refusing letters by the link without a sign-in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import NoticeSetting, User
from accounts.notices import NoticeKind
from accounts.services.letters import unsubscribe_address
from tests.browser.conftest import shot
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenPage = Callable[..., Page]


def signed_in(page: Page, live_server: object, person: User) -> Page:
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,  # type: ignore[attr-defined]
            }
        ]
    )
    return page


@pytest.mark.parametrize("narrow", [False, True])
def test_sample_of_a_letter_is_seen_in_its_frames(
    open_page: OpenPage, live_server: object, narrow: bool
) -> None:
    administrator = User.objects.create_superuser("root@portal.example", full_name="Администратор")
    page = signed_in(open_page(narrow=narrow), live_server, administrator)

    page.goto(reverse("admin:accounts_sentletter_sample", args=["invoice", "ru"]))

    frame = page.frame_locator("iframe[title='Письмо, телефон']")
    expect(frame.get_by_text("Скачать счет в кабинете")).to_be_visible()
    expect(page.locator("pre.letter-text")).to_contain_text("Скачать счет в кабинете:")
    shot(page, f"letter-sample-{'narrow' if narrow else 'wide'}")


def test_reader_refuses_letters_without_a_sign_in_and_without_scripts(open_page: OpenPage) -> None:
    person = make_user(email="reader@north.example")
    path = unsubscribe_address(person, [NoticeKind.OVERDUE, NoticeKind.DUE_SOON]).removeprefix(
        settings.SITE_URL
    )
    page = open_page(narrow=True, scripts=False)

    page.goto(path)
    shot(page, "unsubscribe-narrow")
    page.get_by_role("button", name="Не присылать").click()

    expect(page.get_by_role("heading", name="Больше не пишем")).to_be_visible()
    shot(page, "unsubscribed-narrow")
    assert set(NoticeSetting.objects.values_list("kind", "channel")) == {
        ("overdue", "inbox"),
        ("due_soon", "inbox"),
    }
