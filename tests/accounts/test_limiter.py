"""How often a password or a code may be tried."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.limiter import (
    Entry,
    TooManyGuesses,
    code_spend,
    guess_return,
    guess_take,
    guesses_forget,
    guesses_purge,
    network,
)
from accounts.models import GuessWindow
from tests.factories import AT

pytestmark = pytest.mark.django_db


def passed(tries: int, *, account: str = "a@b.example", ip: str = "10.0.0.1", **more: object) -> int:
    """Count how many tries in a row are let through."""
    values = {"entry": Entry.PASSWORD, "at": AT} | more
    count = 0
    for _ in range(tries):
        try:
            guess_take(account=account, ip=ip, **values)
        except TooManyGuesses:
            continue
        count += 1
    return count


def test_account_has_five_guesses_in_five_minutes() -> None:
    assert passed(10) == 5


def test_account_is_one_however_it_is_written_and_from_wherever() -> None:
    passed(3, account="a@b.example", ip="10.0.0.1")

    assert passed(5, account=" A@B.Example ", ip="10.0.0.2") == 2


def test_period_slides_instead_of_beginning_anew() -> None:
    passed(4, at=AT)
    passed(1, at=AT + timedelta(minutes=4))

    assert passed(9, at=AT + timedelta(minutes=5, seconds=1)) == 4


def test_address_has_thirty_guesses_a_minute_over_all_accounts() -> None:
    assert sum(passed(1, account=f"p{number}@b.example") for number in range(40)) == 30


def test_address_is_free_again_after_a_minute() -> None:
    for number in range(30):
        passed(1, account=f"p{number}@b.example")

    assert passed(1, account="new@b.example", at=AT + timedelta(seconds=61)) == 1


def test_neighbours_of_one_ipv6_network_share_their_count() -> None:
    assert network("2001:db8::1") == network("2001:db8::2:3")
    assert network("2001:db8:0:1::1") != network("2001:db8:0:2::1")


def test_known_device_has_a_count_of_its_own() -> None:
    passed(10, ip="10.0.0.66")

    assert passed(10, ip="10.0.0.1", device="laptop") == 5


def test_kinds_of_guesses_are_counted_apart() -> None:
    passed(5)

    assert passed(1, entry=Entry.CODE) == 1


def test_right_guess_is_given_back_and_wrong_ones_before_it_stay() -> None:
    passed(4)
    right = guess_take(
        entry=Entry.PASSWORD, account="a@b.example", ip="10.0.0.1", at=AT + timedelta(seconds=1)
    )

    guess_return(right)

    assert passed(5, at=AT + timedelta(seconds=2)) == 1


def test_forgotten_guesses_count_no_more() -> None:
    passed(5)

    guesses_forget(entry=Entry.PASSWORD, account="a@b.example")

    assert passed(1) == 1


def test_code_is_spent_once_for_one_account() -> None:
    assert [code_spend(account=who, code="123456", at=AT) for who in ("a@b.c", "a@b.c", "d@b.c")] == [
        True,
        False,
        True,
    ]


def test_purge_removes_what_no_longer_counts() -> None:
    passed(1, at=AT - timedelta(hours=1), account="old@b.example", ip="10.0.0.9")
    passed(1)

    removed = guesses_purge(at=AT)

    assert (removed, GuessWindow.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_do_not_slip_past_the_limit() -> None:
    def try_once(number: int) -> int:
        try:
            return passed(1, ip=f"10.0.1.{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_through = sum(pool.map(try_once, range(40)))

    assert let_through == 5
