"""Addresses of notices and money for the access matrix, and the things that they name."""

from collections.abc import Callable
from typing import Any

SIGNED_IN = "login 200 200 200 200 200 200 200 200 200 login"
FOUND = "login 302 302 302 302 302 302 302 302 302 login"
NOBODYS = "login 404 404 404 404 404 404 404 404 404 login"


def nothing(it: Any) -> dict[str, object]:
    return {}


MONEY_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "accounts:notices": ("GET", nothing, SIGNED_IN),
    "accounts:notices_all_read": ("POST", nothing, FOUND),
    "accounts:notice_open": ("POST", lambda it: {"pk": 1}, NOBODYS),
    "accounts:notice_settings": ("GET", nothing, SIGNED_IN),
}
