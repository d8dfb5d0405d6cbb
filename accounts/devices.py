"""Browsers that a person has signed in from, told by a signed cookie.

It opens nothing. It gives its owner a count of tries of his own, and spares him a letter about a
sign-in from a new device.
"""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from accounts.limiter import account_name

PEOPLE = 5  # of one browser; the oldest is forgotten
LIFE = timedelta(days=180)
_SALT = "accounts.devices"
_MARK = "_known_device_email"


def device_of(request: HttpRequest, email: str) -> str:
    """Name the browser if this person has signed in from it, else an empty string."""
    return _devices(request).get(_digest(email), "")


def device_remember(request: HttpRequest, email: str) -> None:
    """Let the answer to this request carry the cookie (accounts.web.middleware)."""
    setattr(request, _MARK, email)


def device_cookie_set(request: HttpRequest, response: HttpResponse) -> None:
    """Write the cookie if somebody has just signed in."""
    email = getattr(request, _MARK, None)
    if email is None:
        return
    devices = _devices(request)
    mine = devices.pop(_digest(email), "") or get_random_string(22)
    kept = dict([*devices.items(), (_digest(email), mine)][-PEOPLE:])
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(kept, salt=_SALT, compress=True),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _devices(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return {}
    return {str(digest): str(device) for digest, device in found.items()}


def _digest(email: str) -> str:
    return sha256(f"{_SALT}:{account_name(email)}".encode()).hexdigest()[:22]
