"""S9: how long an answer takes does not tell whether an address is known; with the hasher of production."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from portal import settings as production

pytestmark = [pytest.mark.django_db, pytest.mark.sweep]  # a clock decides: not beside other tests

PAIRS = 200
PAIRS_OF_CONTROL = 40
LARGEST_SHARE = 0.10
GUESSES = 5  # of one account in five minutes; each try comes from an address of its own
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"

Ask = Callable[[str, int], int]


def sign_in(email: str, number: int) -> int:
    return _post("account_login", {"login": email, "password": f"wrong-long-word-{number}"}, number)


def reset(email: str, number: int) -> int:
    return _post("account_reset_password", {"email": email}, number)


def _post(name: str, data: dict[str, str], number: int) -> int:
    address = f"198.51.{number // 250}.{number % 250 + 1}"
    return Client(REMOTE_ADDR=address).post(reverse(name), data).status_code


def make_known(hasher: str) -> list[str]:
    """Addresses of people, enough for all tries."""
    password = make_password("a-long-word-of-theirs", hasher=hasher)
    emails = [f"known-{number:03}@dealer.example" for number in range(PAIRS // GUESSES + 1)]
    User.objects.bulk_create(User(email=email, password=password) for email in emails)
    return emails


def share_apart(ask: Ask, emails: list[str], *, pairs: int, status: int) -> float:
    """By how much known and unknown addresses differ, pair by pair, as a share; the first few tries warm up.

    Both of a pair are asked at nearly the same moment: what else the machine does then is in both.
    """
    spent: dict[str, list[float]] = {"known": [], "other": []}
    for number in range(pairs + GUESSES):
        order = ("known", "other") if number % 2 else ("other", "known")
        for at, kind in enumerate(order):
            email = emails[number // GUESSES].replace("known", kind)
            began = perf_counter()
            answered = ask(email, 2 * number + at)
            spent[kind].append(perf_counter() - began)
            assert answered == status
    known, other = (times[GUESSES:] for times in spent.values())
    apart = median(one - two for one, two in zip(known, other, strict=True))
    share = abs(apart) / max(median(known), median(other))
    print(
        f"known {median(known):.4f} s, unknown {median(other):.4f} s, pairs {apart:+.4f} s, {share:.1%} apart"
    )
    return share


@pytest.mark.parametrize(("ask", "status"), [(sign_in, 200), (reset, 302)])
def test_time_does_not_tell_a_known_address_from_an_unknown_one(
    settings: Settings, ask: Ask, status: int
) -> None:
    settings.PASSWORD_HASHERS = production.PASSWORD_HASHERS
    known = make_known("default")

    assert share_apart(ask, known, pairs=PAIRS, status=status) < LARGEST_SHARE


def test_clock_hears_a_password_that_is_checked_more_quickly(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [*production.PASSWORD_HASHERS, QUICK]
    known = make_known("md5")

    assert share_apart(sign_in, known, pairs=PAIRS_OF_CONTROL, status=200) > LARGEST_SHARE
