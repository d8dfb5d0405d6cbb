"""Asking YooKassa: idempotent, patient with «busy», and silent about secrets."""

import random
import time
from typing import Any

import httpx
import structlog
from django.conf import settings

from finance.gateways import Charge, GatewayRefused, GatewayUnavailable, RemotePayment
from integrations.yookassa.answers import payment_of
from integrations.yookassa.receipts import receipt_of
from portal.lib.resting import Rest

log = structlog.get_logger(__name__)

_REST = Rest("yookassa", failures=5, seconds=30)
_TRIES = 3
_FIRST_PAUSE = 0.25  # seconds; doubled with each try, and up to as much again by chance
_LONGEST_PAUSE = 3.0  # a person waits: whoever is told to wait longer comes again with the next re-read
_DESCRIPTION_LENGTH, _METADATA_LENGTH = 128, 512


class YooKassaGateway:
    """`finance.gateways.PaymentGateway` over the API v3 of YooKassa.

    Every question is safe to repeat: a new payment goes with its key, which the provider keeps for a day.
    """

    def create(self, charge: Charge) -> RemotePayment | None:
        body = {
            "amount": _money(charge),
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": charge.return_url},
            "description": charge.description[:_DESCRIPTION_LENGTH],
            "metadata": {name: value[:_METADATA_LENGTH] for name, value in charge.metadata.items()},
            "receipt": receipt_of(
                buyer=charge.buyer,
                lines=charge.lines,
                total=charge.amount,
                tax_system=settings.YOOKASSA_TAX_SYSTEM,
            ),
        }
        answer = _asked("POST", "/payments", key=str(charge.key), body=body)
        if answer.status_code == httpx.codes.ACCEPTED:  # still being made
            return None
        return payment_of(_json(answer))

    def fetch(self, provider_id: str) -> RemotePayment:
        return payment_of(_json(_asked("GET", f"/payments/{provider_id}")))

    def cancel(self, provider_id: str) -> RemotePayment:
        answer = _asked("POST", f"/payments/{provider_id}/cancel", key=f"cancel-{provider_id}"[:64], body={})
        return payment_of(_json(answer))


def _money(charge: Charge) -> dict[str, str]:
    return {"value": str(charge.amount), "currency": charge.currency}


def _asked(method: str, path: str, *, key: str = "", body: dict[str, Any] | None = None) -> httpx.Response:
    """Ask until there is an answer worth reading. Raises GatewayUnavailable, GatewayRefused."""
    if _REST.is_on():
        raise GatewayUnavailable("resting after failures")
    reason = ""
    for number in range(_TRIES):
        try:
            answer = _request(method, path, key, body)
        except httpx.HTTPError as error:
            reason, wait = type(error).__name__, None
        else:
            if answer.status_code < httpx.codes.BAD_REQUEST:
                _REST.worked()
                return answer
            if not _is_busy(answer):
                raise GatewayRefused(_refusal(answer))
            reason, wait = f"status {answer.status_code}", _told_to_wait(answer)
        log.warning("yookassa_failed", method=method, path=path, reason=reason, attempt=number + 1)
        if number + 1 == _TRIES or not _pause(number, wait):
            break
    _REST.failed()
    raise GatewayUnavailable(reason)


def _request(method: str, path: str, key: str, body: dict[str, Any] | None) -> httpx.Response:
    return httpx.request(
        method,
        settings.YOOKASSA_URL + path,
        json=body,
        headers={"Idempotence-Key": key} if key else {},
        auth=(settings.YOOKASSA_SHOP_ID, settings.YOOKASSA_SECRET_KEY),
        timeout=httpx.Timeout(settings.YOOKASSA_READ_SECONDS, connect=settings.YOOKASSA_CONNECT_SECONDS),
        follow_redirects=False,
    )


def _is_busy(answer: httpx.Response) -> bool:
    return answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error


def _told_to_wait(answer: httpx.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else None


def _pause(number: int, told: float | None) -> bool:
    """Wait before the next try; False where we are told to wait longer than a person would."""
    own = _FIRST_PAUSE * 2**number * (1 + random.random())  # noqa: S311 - no secret
    pause = own if told is None else max(told, own)
    if pause > _LONGEST_PAUSE:
        return False
    time.sleep(pause)
    return True


def _refusal(answer: httpx.Response) -> str:
    """What the provider says, for the log and the administrator."""
    try:
        told = answer.json()
        return f"{answer.status_code} {told['code']}: {told.get('description', '')}"[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"status {answer.status_code}"


def _json(answer: httpx.Response) -> object:
    """Raises GatewayUnavailable for what is no JSON: what became of the payment is not known."""
    try:
        return answer.json()
    except ValueError as error:
        raise GatewayUnavailable("malformed answer") from error
