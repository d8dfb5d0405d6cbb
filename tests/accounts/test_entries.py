"""S9: every door lets at most five guesses through to the hasher, and tells nobody who is known."""

import base64
import re
import time
from collections.abc import Callable

import pytest
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts import limiter
from accounts.models import User
from integrations.models import ExchangeNode, ExchangeSession
from portal.outbox.models import Job
from tests.accounts.conftest import PASSWORD, SpyHasher, sign_in

pytestmark = pytest.mark.django_db

SECRET = generate_totp_secret()
Door = Callable[[User, int], None]


def login_door(person: User, number: int) -> None:
    sign_in(Client(), person.email, f"wrong-{number}")


def admin_door(person: User, number: int) -> None:
    """The administrator's sign-in sends to the common one; whoever posts past that is refused, too."""
    client = Client()
    answer = client.post("/admin/login/", {"username": person.email, "password": f"wrong-{number}"})
    assert answer.status_code == 302
    client.post(answer["Location"], {"login": person.email, "password": f"wrong-{number}"})


def reauthentication_door(person: User, number: int) -> None:
    client = Client()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": f"wrong-{number}"})


def password_change_door(person: User, number: int) -> None:
    client = Client()
    client.force_login(person)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": f"wrong-{number}", "password1": "new-long-one-77", "password2": "new-long-one-77"},
    )


def exchange_door(person: User, number: int) -> None:
    word = base64.b64encode(f"exchange:wrong-{number}".encode()).decode()
    Client().get("/1c/exchange?type=catalog&mode=checkauth", headers={"Authorization": f"Basic {word}"})


DOORS = {
    "login": login_door,
    "admin": admin_door,
    "reauthentication": reauthentication_door,
    "password change": password_change_door,
    "1C": exchange_door,
}


@pytest.fixture
def node(spy: type[SpyHasher]) -> ExchangeNode:
    node = ExchangeNode(code="ut", name="УТ", username="exchange")
    node.set_password(PASSWORD)
    node.save()
    return node


@pytest.mark.parametrize("name", DOORS)
def test_door_checks_five_of_ten_wrong_guesses(
    name: str, spy: type[SpyHasher], person: User, node: ExchangeNode
) -> None:
    spy.checks = 0

    for number in range(10):
        DOORS[name](person, number)

    assert spy.checks == 5


@pytest.mark.parametrize("name", ["login", "admin", "reauthentication", "password change"])
def test_doors_of_the_password_share_one_count(name: str, spy: type[SpyHasher], person: User) -> None:
    for number in range(5):
        login_door(person, number)
    spy.checks = 0

    DOORS[name](person, 99)

    assert spy.checks == 0


def test_right_password_is_refused_like_a_wrong_one_when_guesses_are_used_up(person: User) -> None:
    for number in range(5):
        login_door(person, number)

    assert sign_in(Client(), person.email) == 200


def test_doors_hold_without_the_cache(settings: Settings, spy: type[SpyHasher], person: User) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "portal.cache.FailOpenRedisCache",
            "LOCATION": "redis://127.0.0.1:1/1",
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
        }
    }
    spy.checks = 0

    statuses = {
        Client().post("/accounts/login/", {"login": person.email, "password": f"wrong-{number}"}).status_code
        for number in range(10)
    }

    assert (statuses, spy.checks) == ({200}, 5)
    assert cache.get("anything") is None


def test_address_is_limited_over_many_accounts(spy: type[SpyHasher]) -> None:
    for number in range(40):
        sign_in(Client(), f"stranger{number}@dealer.example", "wrong")

    assert spy.hashes == 30


def test_forged_forwarding_header_gives_no_new_count(spy: type[SpyHasher]) -> None:
    for number in range(40):
        Client(headers={"X-Forwarded-For": f"10.1.1.{number}"}).post(
            "/accounts/login/", {"login": f"stranger{number}@dealer.example", "password": "wrong"}
        )

    assert spy.hashes == 30


# --- one's own browser during an attack --------------------------------------------------------------
def test_known_device_signs_in_during_an_attack(person: User) -> None:
    mine = Client()
    sign_in(mine, person.email)
    mine.post("/accounts/logout/")
    for number in range(10):
        login_door(person, number)

    assert (sign_in(Client(), person.email), sign_in(mine, person.email)) == (200, 302)


def test_cookie_of_one_person_helps_no_other(person: User, manager: User) -> None:
    mine = Client()
    sign_in(mine, manager.email)
    mine.post("/accounts/logout/")
    for number in range(5):
        login_door(person, number)

    assert sign_in(mine, person.email) == 200


def test_known_device_may_guess_five_times_too(spy: type[SpyHasher], person: User) -> None:
    mine = Client()
    sign_in(mine, person.email)
    mine.post("/accounts/logout/")
    spy.checks = 0

    for number in range(10):
        sign_in(mine, person.email, f"wrong-{number}")

    assert spy.checks == 5


def test_new_password_by_letter_opens_the_door_during_an_attack(person: User) -> None:
    for number in range(5):
        login_door(person, number)
    mine = Client()
    new = "quite-another-2026"

    form = mine.get(reset_link(person), follow=True).redirect_chain[-1][0]
    mine.post(form, {"password1": new, "password2": new})
    for number in range(5):
        login_door(person, number)

    assert sign_in(mine, person.email, new) == 302


def test_1c_keeps_exchanging_from_its_address_during_an_attack(node: ExchangeNode) -> None:
    right = {"Authorization": "Basic " + base64.b64encode(f"exchange:{PASSWORD}".encode()).decode()}
    wrong = {"Authorization": "Basic " + base64.b64encode(b"exchange:wrong").decode()}
    address = "/1c/exchange?type=catalog&mode=checkauth"
    Client().get(address, headers=right)

    for _ in range(10):
        Client(REMOTE_ADDR="10.9.9.9").get(address, headers=wrong)
    Client().get(address, headers=right)

    assert ExchangeSession.objects.count() == 2


# --- who is known ------------------------------------------------------------------------------------
def masked(answer: object) -> str:
    """The page without what differs by chance: tokens, and the address that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())  # type: ignore[attr-defined]
    text = re.sub(r'"X-CSRFToken": "\w+"', "", text)
    return re.sub(r"[\w.]+@dealer\.example", "MAIL", text)


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/password/reset/"])
@pytest.mark.parametrize("times", [1, 7])
def test_known_and_unknown_mail_get_one_answer(address: str, times: int, person: User) -> None:
    answers = []
    for mail in (person.email, "nobody@dealer.example"):
        client = Client()
        for _ in range(times):
            answer = client.post(address, {"login": mail, "email": mail, "password": "wrong"}, follow=True)
        answers.append((answer.status_code, masked(answer)))

    assert answers[0] == answers[1]


def test_known_and_unknown_mail_cost_one_hash_each(spy: type[SpyHasher], person: User) -> None:
    costs = []
    for mail in (person.email, "nobody@dealer.example"):
        spy.hashes = 0
        sign_in(Client(), mail, "wrong")
        costs.append(spy.hashes)

    assert costs == [1, 1]


def test_reset_orders_one_job_for_known_and_unknown_mail(person: User) -> None:
    for mail in (person.email, "nobody@dealer.example"):
        Client().post("/accounts/password/reset/", {"email": mail})

    assert [job.payload for job in Job.objects.order_by("pk")] == [
        {"email": "ivan@dealer.example"},
        {"email": "nobody@dealer.example"},
    ]


def test_reset_orders_five_letters_in_five_minutes(person: User) -> None:
    for _ in range(10):
        Client().post("/accounts/password/reset/", {"email": person.email})

    assert Job.objects.count() == 5


# --- codes of the second step ------------------------------------------------------------------------
def code_now(offset: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + offset))


@pytest.fixture
def guarded(person: User) -> User:
    TOTP.activate(person, SECRET)
    return person


def test_wrong_codes_are_checked_five_times(guarded: User, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    real = TOTP.validate_code
    monkeypatch.setattr(TOTP, "validate_code", lambda self, code: checked.append(code) or real(self, code))
    client = Client()
    sign_in(client, guarded.email)

    for number in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"})

    assert len(checked) == 5


def test_password_alone_opens_nothing_when_there_is_a_second_step(guarded: User) -> None:
    client = Client()

    sign_in(client, guarded.email)

    assert client.get("/accounts/security/").status_code == 302


def test_code_opens_once_and_never_again(guarded: User) -> None:
    code, answers = code_now(), []
    for _ in range(2):
        client = Client()
        sign_in(client, guarded.email)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        answers.append(client.get("/accounts/security/").status_code)
        cache.clear()  # even when the cache forgets

    assert answers == [200, 302]


def test_code_with_spaces_is_the_same_code(guarded: User) -> None:
    code = code_now()
    first, second = Client(), Client()
    for client, written in ((first, code), (second, f"{code[:3]} {code[3:]}")):
        sign_in(client, guarded.email)
        client.post("/accounts/2fa/authenticate/", {"code": written})
        cache.clear()

    assert [one.get("/accounts/security/").status_code for one in (first, second)] == [200, 302]


def test_recovery_code_opens_once(guarded: User) -> None:
    code = RecoveryCodes.activate(guarded).get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client, guarded.email)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        answers.append(client.get("/accounts/security/").status_code)

    assert answers == [200, 302]


def test_secret_of_the_authenticator_is_not_readable_in_the_database(guarded: User) -> None:
    kept = Authenticator.objects.get(user=guarded).data["secret"]

    assert SECRET not in kept


def reset_link(person: User) -> str:
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key}
    )


def test_ten_guesses_reach_the_hasher_when_the_limit_is_lifted(
    monkeypatch: pytest.MonkeyPatch, spy: type[SpyHasher], person: User
) -> None:
    """The control: what the tests above count is the limit's doing."""
    monkeypatch.setattr(limiter, "PER_ACCOUNT", limiter.Limit(1000, limiter.PER_ACCOUNT.period))
    spy.checks = 0

    for number in range(10):
        login_door(person, number)

    assert spy.checks == 10
