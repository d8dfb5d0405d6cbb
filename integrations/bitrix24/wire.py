"""One request to Bitrix24 within its limits: 50 at once and 2 a second, and seconds of work of a method."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from integrations.crm.gateways import CrmClosed, CrmRefused, CrmTired, CrmUnavailable
from integrations.crm.outward import AddressRefused, Answer, Unreachable, ask
from integrations.crm.pacing import Pace

CAPACITY, RATE = 45.0, 1.9
"""A little less than the cloud allows: the client's other programs ask, too."""
_SECONDS, _LONGEST = 20.0, 5_000_000
_BUSY_SECONDS, _METHOD_SECONDS = 5.0, 60.0
_CLOSED = frozenset(
    {"invalid_token", "NO_AUTH_FOUND", "INVALID_CREDENTIALS", "insufficient_scope", "ACCESS_DENIED",
     "PAYMENT_REQUIRED", "user_access_error", "invalid_grant"}
)  # fmt: skip

log = structlog.get_logger()

Renew = Callable[[str], str]
"""Gives a fresh token for one that has run out. Raises CrmClosed."""


@dataclass(slots=True)
class BitrixWire:
    """How an account is asked. `webhook` is «user/secret»; without it `token` goes in the body."""

    address: str
    pace: Pace
    webhook: str
    token: str
    renew: Renew

    def call(self, method: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Ask and read the whole answer. Raises CrmTired, CrmUnavailable, CrmClosed, CrmRefused."""
        for is_last in (False, True):
            self.pace.take(method)
            answer = self._asked(method, parameters)
            told = _read(answer)
            error = str(told.get("error", ""))
            if answer.status < 400 and not error:
                return told
            log.info("bitrix24_refused", method=method, status=answer.status, error=error[:80])
            if error == "expired_token" and not is_last and not self.webhook:
                self.token = self.renew(self.token)
                continue
            self._refuse(method, answer, told, error)
        raise CrmClosed("Битрикс24 не принимает ключ доступа")

    def rest_of(self, method: str, told: Mapping[str, Any]) -> float:
        """Note that a method has worked too long; how many seconds it is left alone."""
        seconds = _reset_in(told)
        self.pace.rest(seconds, method=method)
        return seconds

    def _asked(self, method: str, parameters: Mapping[str, Any]) -> Answer:
        path = f"{self.webhook}/{method}.json" if self.webhook else f"{method}.json"
        body = dict(parameters) if self.webhook else {**parameters, "auth": self.token}
        try:
            return ask(
                "POST",
                f"{self.address}/rest/{path}",
                body=json.dumps(body, ensure_ascii=False).encode(),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                longest=_LONGEST,
                seconds=_SECONDS,
            )
        except AddressRefused as error:
            raise CrmClosed(str(error)) from error
        except Unreachable as error:
            raise CrmUnavailable(str(error)) from error

    def _refuse(self, method: str, answer: Answer, told: Mapping[str, Any], error: str) -> None:
        if error in {"QUERY_LIMIT_EXCEEDED", "OVERLOAD_LIMIT"}:
            seconds = float(answer.retry_after or _BUSY_SECONDS)
            self.pace.rest(seconds)
            raise CrmTired(seconds, error)
        if error == "OPERATION_TIME_LIMIT":
            raise CrmTired(self.rest_of(method, told), error)
        if answer.status == 429:
            seconds = float(answer.retry_after or _BUSY_SECONDS)
            self.pace.rest(seconds)
            raise CrmTired(seconds, "429")
        if error in _CLOSED or answer.status in {401, 403}:
            raise CrmClosed(f"Битрикс24 не пускает портал: {error or answer.status}")
        if answer.status >= 500 or (answer.status < 400 and not error):
            raise CrmUnavailable(f"status {answer.status}")
        said = str(told.get("error_description", ""))
        raise CrmRefused(f"{error or answer.status}: {said}"[:280])


def _read(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer; of a refusal that is none nothing. Raises CrmUnavailable."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if isinstance(told, dict) and not answer.is_cut:
        return told
    if answer.status >= 400:
        return {}
    raise CrmUnavailable("malformed answer")


def _reset_in(told: Mapping[str, Any]) -> float:
    times = told.get("time")
    at = times.get("operating_reset_at") if isinstance(times, dict) else None
    left = float(at) - time.time() if isinstance(at, int | float) else _METHOD_SECONDS
    return min(max(left, 1.0), 600.0)
