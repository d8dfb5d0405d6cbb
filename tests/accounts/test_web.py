"""Every page about signing in stands, in Russian, and says the right thing."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.browsers import browser_name
from accounts.events import SecurityChange
from accounts.models import User
from accounts.sealing import seal, unseal
from accounts.services import new_device_mail, password_reset_mail, second_factor_reset, security_change_mail
from tests.accounts.conftest import PASSWORD, sign_in
from tests.factories import AT, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(person: User) -> Client:
    """Signed in and just confirmed."""
    client = Client()
    sign_in(client, person.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


PAGES = {
    "/accounts/security/": "Безопасность",
    "/accounts/sessions/": "Сеансы",
    "/accounts/2fa/totp/activate/": "Приложение с кодами",
    "/accounts/2fa/webauthn/": "Ключи входа",
    "/accounts/2fa/webauthn/add/": "Новый ключ входа",
    "/accounts/password/change/": "Смена пароля",
    "/accounts/reauthenticate/": "Подтвердите, что это вы",
}


@pytest.mark.parametrize("address", PAGES)
def test_page_stands_and_is_headed(address: str, browser: Client) -> None:
    answer = browser.get(address)

    heading = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert (answer.status_code, heading and heading[1]) == (200, PAGES[address])


GUARDED_PAGES = {
    "/accounts/2fa/totp/deactivate/": "Отключить приложение с кодами?",
    "/accounts/2fa/recovery-codes/generate/": "Создать резервные коды?",
    "/accounts/2fa/recovery-codes/": "Резервные коды",
    "/accounts/2fa/reauthenticate/": "Подтвердите, что это вы",
}


@pytest.mark.parametrize("address", GUARDED_PAGES)
def test_page_of_a_guarded_account_stands(address: str, browser: Client, person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)

    answer = browser.get(address)

    heading = re.search(r"<h1>(.*?)</h1>", answer.content.decode())
    assert (answer.status_code, heading and heading[1]) == (200, GUARDED_PAGES[address])


def test_second_step_page_stands(person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    client = Client()
    sign_in(client, person.email)

    assert "<h1>Второй шаг</h1>" in client.get("/accounts/2fa/authenticate/").content.decode()


def test_sign_in_page_offers_key_and_company() -> None:
    page = Client().get("/accounts/login/").content.decode()

    assert (page.count("Войти с ключом"), page.count("Войти через компанию")) == (1, 1)


def test_app_is_connected_by_its_code_and_codes_are_shown_once(browser: Client, person: User) -> None:
    browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30))

    browser.post("/accounts/2fa/totp/activate/", {"code": code})
    shown = [browser.get("/accounts/2fa/recovery-codes/").content.decode().count("<li>") for _ in range(2)]

    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    assert (kinds, shown) == ({"totp", "recovery_codes"}, [10, 0])


def test_security_page_needs_a_sign_in() -> None:
    answer = Client().get("/accounts/security/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/accounts/security/")


def test_key_is_renamed_and_removed(browser: Client, person: User) -> None:
    key = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": "Ключ 1", "credential": {}}
    )
    browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/", {"name": "Рабочий"})
    key.refresh_from_db()

    listed = browser.get("/accounts/2fa/webauthn/").content.decode()
    asked = browser.get(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/").content.decode()
    browser.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert ("Рабочий" in listed, "Удалить ключ «Рабочий»?" in asked) == (True, True)
    assert Authenticator.objects.filter(user=person).count() == 0


def test_key_of_another_person_is_not_found(browser: Client) -> None:
    key = Authenticator.objects.create(
        user=make_user(), type="webauthn", data={"name": "Чужой", "credential": {}}
    )

    assert browser.get(f"/accounts/2fa/webauthn/keys/{key.pk}/edit/").status_code == 404


def test_administrators_pages_about_accounts_stand() -> None:
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))

    seen = {
        name: client.get(f"/admin/{name}/").status_code
        for name in ("accounts/user", "socialaccount/socialapp", "counterparties/companysignin")
    }
    hidden = {
        name: client.get(f"/admin/{name}/").status_code
        for name in ("mfa/authenticator", "usersessions/usersession", "socialaccount/socialtoken")
    }

    assert (set(seen.values()), set(hidden.values())) == ({200}, {404})


def test_administrator_takes_a_lost_second_step_away(browser: Client, person: User) -> None:
    TOTP.activate(person, generate_totp_secret())
    administrator = Client()
    administrator.force_login(make_user(is_staff=True, is_superuser=True))

    administrator.post(
        "/admin/accounts/user/", {"action": "reset_second_factor", "_selected_action": [person.pk]}
    )

    assert (Authenticator.objects.count(), browser.get("/accounts/security/").status_code) == (0, 302)


def test_reset_takes_codes_and_sessions_of_one_person_only(browser: Client, person: User) -> None:
    other = make_user()
    for user in (person, other):
        TOTP.activate(user, generate_totp_secret())

    removed = second_factor_reset(user_id=other.pk)

    assert (removed, browser.get("/accounts/security/").status_code) == (1, 200)


# --- letters -----------------------------------------------------------------------------------------
def test_letter_about_a_new_device_tells_when_where_and_what_to_do(person: User) -> None:
    new_device_mail(user_id=person.pk, at=AT, ip="10.0.0.7", browser="Firefox, Linux", key="k")

    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == ([person.email], "Вход с нового устройства")
    assert [words in letter.body for words in ("23.11.2026 10:41", "10.0.0.7", "Firefox, Linux")] == [
        True
    ] * 3
    assert "http://localhost:8000/accounts/sessions/" in letter.body


def test_letter_about_a_change_names_it(person: User) -> None:
    security_change_mail(
        user_id=person.pk, change=SecurityChange.WEBAUTHN_ADDED, at=AT, ip="10.0.0.7", browser="Edge", key="k"
    )

    assert "добавлен ключ входа" in mail.outbox[0].body


def test_letter_with_the_link_opens_the_form_of_the_configured_site(person: User) -> None:
    password_reset_mail(email=person.email, key="k")

    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", mail.outbox[0].body)
    assert link is not None
    assert Client().get(link[1], follow=True).status_code == 200


@pytest.mark.parametrize("mail_address", ["nobody@dealer.example", "gone@dealer.example"])
def test_no_letter_goes_to_unknown_and_dismissed_people(mail_address: str) -> None:
    gone = make_user(email="gone@dealer.example")
    User.objects.filter(pk=gone.pk).update(is_active=False)

    password_reset_mail(email=mail_address, key="k")

    assert mail.outbox == []


# --- small things ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/128.0 YaBrowser/24.10 Safari/537.36",
            "Яндекс Браузер, Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari, iPhone"),
        ("curl/8.0", "неизвестный браузер"),
        ("", "неизвестный браузер"),
    ],
)
def test_browser_is_named_in_words(agent: str, name: str) -> None:
    assert browser_name(agent) == name


def test_secret_sealed_with_the_old_key_is_read_after_a_change(settings: object) -> None:
    settings.SECRET_KEY = "old"  # type: ignore[attr-defined]
    sealed = seal("тайна")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]  # type: ignore[attr-defined]

    assert (unseal(sealed), seal("тайна") != sealed) == ("тайна", True)
