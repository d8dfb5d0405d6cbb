"""One request to СДЭК: limits of time and size, its refusals as exceptions. Nothing secret is logged."""

import json
import time
from collections.abc import Mapping
from typing import Any, cast

import httpx
from django.conf import settings

from orders.delivery import CarrierUnavailable

_LONGEST_ANSWER = 200_000
_USUAL_REST = 30


class CdekFault(CarrierUnavailable):
    """СДЭК did not answer, or not as it should: worth a rest when it happens again."""


class CdekRefusal(CarrierUnavailable):
    """СДЭК answered that it does not carry this: no fault of its own."""


class CdekTired(CarrierUnavailable):
    """Too many requests; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(f"429, come in {seconds} s")


class CdekUnknownToken(Exception):
    """The token is no longer good."""


def ask(path: str, *, token: str = "", body: object = None, form: Mapping[str, str] | None = None) -> Any:
    """POST and read JSON. Raises CdekFault, CdekRefusal, CdekTired, CdekUnknownToken."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    deadline = time.monotonic() + settings.CDEK_TIMEOUT_SECONDS
    try:
        with httpx.stream(
            "POST",
            settings.CDEK_URL + path,
            json=body if form is None else None,
            data=form,
            headers=headers | {"Accept": "application/json"},
            timeout=httpx.Timeout(settings.CDEK_TIMEOUT_SECONDS),
            follow_redirects=False,
        ) as answer:
            _check(answer)
            return cast(Any, json.loads(_read(answer, deadline)))
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise CdekFault(type(error).__name__) from error


def _check(answer: httpx.Response) -> None:
    status = answer.status_code
    if status == httpx.codes.OK:
        return
    if status == httpx.codes.UNAUTHORIZED:
        raise CdekUnknownToken
    if status == httpx.codes.TOO_MANY_REQUESTS:
        asked = answer.headers.get("Retry-After", "")
        raise CdekTired(int(asked) if asked.isascii() and asked.isdigit() else _USUAL_REST)
    if status in (httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND):
        raise CdekRefusal(f"status {status}")
    raise CdekFault(f"status {status}")


def _read(answer: httpx.Response, deadline: float) -> bytes:
    """The body, as long as it comes in time: httpx itself limits only each wait, not their sum."""
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > _LONGEST_ANSWER:
            raise CdekFault("answer too long")
        if time.monotonic() > deadline:
            raise CdekFault("answer too slow")
    return bytes(body)
