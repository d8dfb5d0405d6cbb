"""Pages of allauth, by a rule: strangers reach the doors, one's account is one's own, nothing breaks."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_world
from tests.sweep.addresses import every_address

pytestmark = pytest.mark.django_db

FORGED = {"key": "forged", "uidb36": "1", "pk": 1}
DOORS = {
    "account_login", "account_logout", "account_inactive", "account_signup", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_confirm_email", "account_email_verification_sent", "account_confirm_login_code",
    "mfa_authenticate", "mfa_login_webauthn",
}  # fmt: skip
PAGES = {
    one.name: one for one in every_address() if one.name.startswith(("account_", "mfa_", "socialaccount_"))
}


def _path(name: str) -> str:
    return reverse(name, kwargs={parameter: FORGED[parameter] for parameter in PAGES[name].parameters})


def test_strangers_reach_only_the_doors() -> None:
    seen = {name: Client().get(_path(name)) for name in PAGES}
    login = reverse("account_login")

    sent_to_sign_in = {
        name
        for name, answer in seen.items()
        if answer.status_code == 302 and answer["Location"].startswith(f"{login}?")
    }

    assert set(PAGES) - sent_to_sign_in == DOORS


@pytest.mark.parametrize("persona", ["buyer", "head", "manager", "administrator"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_pages_of_the_account_never_break(persona: str, method: str) -> None:
    user = getattr(make_world(), persona)
    client = Client(raise_request_exception=False)

    broken = {}
    for name in PAGES:
        client.force_login(user)
        status = client.generic(method, _path(name)).status_code
        if status >= 500:
            broken[name] = status

    assert broken == {}
