"""One limit for all doors: how often a password or a code may be tried.

Kept in PostgreSQL: without it nobody signs in anyway, so that no lost cache opens a door or breaks
one. Each try is one statement that counts and decides at once, however many processes ask.
Call it outside of a transaction: what is rolled back was not counted.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network

from django.db import connection

from accounts.models import GuessWindow


class TooManyGuesses(Exception):
    """Too many tries lately: nothing is checked, whether right or wrong."""


class Entry(StrEnum):
    """What is guessed. Each has a count of its own for an account; an address has one for all."""

    PASSWORD = "password"  # noqa: S105
    CODE = "code"
    RESET = "reset"
    EXCHANGE = "exchange"
    PRICE_LIST = "price_list"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in a sliding period."""

    amount: int
    period: timedelta


PER_ACCOUNT = Limit(5, timedelta(minutes=5))
PER_ADDRESS = Limit(30, timedelta(minutes=1))
CODE_ONCE = Limit(1, timedelta(minutes=2))  # longer than a code of an authenticator lives

_TAKE = """
INSERT INTO accounts_guesswindow AS kept (key, hits, ends_at)
VALUES (%(key)s, ARRAY[%(at)s::timestamptz], %(until)s)
ON CONFLICT (key) DO UPDATE
   SET hits = array(SELECT hit FROM unnest(kept.hits) AS hit WHERE hit > %(since)s) || %(at)s::timestamptz,
       ends_at = %(until)s
 WHERE (SELECT count(*) FROM unnest(kept.hits) AS hit WHERE hit > %(since)s) < %(amount)s
RETURNING 1
"""
_RETURN = """
UPDATE accounts_guesswindow AS kept
   SET hits = hits[:array_position(hits, %(at)s) - 1] || hits[array_position(hits, %(at)s) + 1:]
 WHERE key = %(key)s AND array_position(hits, %(at)s) IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """A try that was let through; given back when it was right."""

    keys: tuple[str, ...]
    at: datetime


def guess_take(*, entry: Entry, account: str, ip: str, at: datetime, device: str = "") -> Guess:
    """Count a try before it is checked.

    A known device of the account has a count of its own: strangers who use up the account's tries
    do not lock its owner out.

    Raises TooManyGuesses.
    """
    address_key = _key("address", network(ip))
    account_key = _account_key(entry, account, device)
    if not _take(address_key, PER_ADDRESS, at) or not _take(account_key, PER_ACCOUNT, at):
        raise TooManyGuesses
    return Guess(keys=(address_key, account_key), at=at)


def guess_return(guess: Guess) -> None:
    """Give a right try back.

    Wrong ones before it stay: else somebody who guesses would sign in to an account of his own between.
    """
    with connection.cursor() as cursor:
        for key in guess.keys:
            cursor.execute(_RETURN, {"key": key, "at": guess.at})


def guesses_forget(*, entry: Entry, account: str) -> None:
    """Begin anew for an account whose owner proved himself otherwise (by a letter)."""
    GuessWindow.objects.filter(key=_account_key(entry, account, "")).delete()


def code_spend(*, account: str, code: str, at: datetime) -> bool:
    """Use a one-time code up; False when it was used before, even a moment ago elsewhere."""
    return _take(_key("spent", account_name(account), code), CODE_ONCE, at)


def guesses_purge(*, at: datetime) -> int:
    """Remove what no longer counts."""
    removed, _models = GuessWindow.objects.filter(ends_at__lt=at).delete()
    return removed


def network(ip: str) -> str:
    """Tell whose address it is: a household or an office has a whole /64 of IPv6."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ip
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False).network_address)
    return str(address)


def account_name(account: str) -> str:
    """Write the name of an account in one way, however it was typed."""
    return unicodedata.normalize("NFKC", account).strip().casefold()


def _account_key(entry: Entry, account: str, device: str) -> str:
    return _key(entry, account_name(account), device)


def _key(*parts: str) -> str:
    """Names from outside are hashed: they have any length, and nobody needs to read them here."""
    return sha256("\x00".join(parts).encode()).hexdigest()


def _take(key: str, limit: Limit, at: datetime) -> bool:
    values: dict[str, str | int | datetime] = {
        "key": key,
        "at": at,
        "since": at - limit.period,
        "until": at + limit.period,
        "amount": limit.amount,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return cursor.fetchone() is not None
