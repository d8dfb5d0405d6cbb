"""One request to amoCRM within its limit of seven a second."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import structlog

from integrations.crm.gateways import CrmClosed, CrmRefused, CrmTired, CrmUnavailable
from integrations.crm.outward import AddressRefused, Answer, Unreachable, ask
from integrations.crm.pacing import Pace

CAPACITY, RATE = 2.0, 4.0
"""Two at once and four a second: six in any second, where seven are allowed."""
_SECONDS, _LONGEST, _BUSY_SECONDS = 20.0, 5_000_000, 2.0
_BANNED_SECONDS = 300.0

log = structlog.get_logger()


class ArrayRefused(CrmRefused):
    """Some things of an array are wrong, and so nothing of it was written; reasons by `request_id`."""

    def __init__(self, reasons: dict[str, str]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons.values())[:280])


@dataclass(slots=True)
class AmoWire:
    """How an account is asked; `renew` gives a fresh token for one that has run out."""

    address: str
    pace: Pace
    token: str
    renew: Callable[[str], str]

    def call(
        self, method: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None
    ) -> dict[str, Any]:
        """Ask and read JSON: nothing for 204, `rows` for a bare array.

        Raises CrmTired, CrmUnavailable, CrmClosed, CrmRefused.
        """
        for is_last in (False, True):
            self.pace.take(path)
            answer = self._asked(method, path, query, body)
            if answer.status == 204:
                return {}
            if answer.status < 300:
                return _object(answer)
            log.info("amocrm_refused", method=method, path=path, status=answer.status)
            if answer.status == 401 and not is_last:
                self.token = self.renew(self.token)
                continue
            self._refuse(answer)
        raise CrmClosed("amoCRM не принимает ключ доступа")

    def _asked(self, method: str, path: str, query: dict[str, Any] | None, body: Any) -> Answer:
        asked = f"?{urlencode(query)}" if query else ""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        try:
            return ask(
                method,
                f"{self.address}/api/v4/{path}{asked}",
                body=content,
                headers={
                    "Authorization": f"Bearer {self.token}",
                    "Content-Type": "application/json",
                    "Accept": "application/json, application/hal+json",
                },
                longest=_LONGEST,
                seconds=_SECONDS,
            )
        except AddressRefused as error:
            raise CrmClosed(str(error)) from error
        except Unreachable as error:
            raise CrmUnavailable(str(error)) from error

    def _refuse(self, answer: Answer) -> None:
        if answer.status == 429:
            seconds = float(answer.retry_after or _BUSY_SECONDS)
            self.pace.rest(seconds)
            raise CrmTired(seconds, "429")
        if answer.status == 403:  # too many requests again and again
            self.pace.rest(_BANNED_SECONDS)
            raise CrmTired(_BANNED_SECONDS, "403")
        if answer.status in {401, 402}:
            raise CrmClosed(f"amoCRM не пускает портал: код {answer.status}")
        if answer.status >= 500:
            raise CrmUnavailable(f"status {answer.status}")
        try:
            told = _object(answer)
        except CrmUnavailable:
            told = {}
        reasons = _reasons(told)
        if reasons:
            raise ArrayRefused(reasons)
        raise CrmRefused(f"{answer.status} {told.get('title', '')}: {told.get('detail', '')}"[:280])


def _object(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        told = None
    if answer.is_cut or not isinstance(told, dict | list):
        raise CrmUnavailable("malformed answer")
    return told if isinstance(told, dict) else {"rows": [row for row in told if isinstance(row, dict)]}


def _reasons(told: dict[str, Any]) -> dict[str, str]:
    """Why things of an array are refused, by the number that the portal has given them."""
    listed = told.get("validation-errors")
    reasons: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else []:
        errors = one.get("errors") if isinstance(one, dict) else None
        texts = [
            f"{error.get('path', '')} {error.get('detail', '')}".strip()
            for error in (errors if isinstance(errors, list) else [])
            if isinstance(error, dict)
        ]
        if isinstance(one, dict) and "request_id" in one:
            reasons[str(one["request_id"])] = ("; ".join(texts) or "отказ")[:280]
    return reasons
