"""Asking DaData for a company, with a limit of time and a rest after failures."""

import hashlib
import json
import time
from typing import cast

import httpx
import structlog
from django.conf import settings
from django.core.cache import cache

from counterparties.lookup import CompanyFacts, LookupUnavailable
from integrations.dadata.answers import company_of
from portal.lib.resting import Rest

log = structlog.get_logger(__name__)

_PATH = "/suggestions/api/4_1/rs/findById/party"
_DAY_SECONDS = 86_400
_REST = Rest("dadata", failures=3, seconds=60)
_LONGEST_ANSWER = 2_000_000
_NOBODY = "nobody"


class DadataLookup:
    """`counterparties.lookup.CompanyLookup`; answers are kept for a day, absent companies too.

    One try without repeats: a person waits. After three failures in a minute nobody waits any more
    until the minute is over. The key is sent in a header and never logged.
    """

    def company_by_inn(self, inn: str) -> CompanyFacts | None:
        """The head office with the ИНН, or None. Raises LookupUnavailable."""
        key = f"dadata:party:{hashlib.sha256(inn.encode()).hexdigest()[:32]}"
        kept = cache.get(key)
        if kept is not None:
            return None if kept == _NOBODY else cast(CompanyFacts, kept)
        if _REST.is_on():
            raise LookupUnavailable("resting after failures")
        try:
            company = company_of(_ask(inn))
        except LookupUnavailable as failure:
            _REST.failed()
            log.warning("dadata_failed", reason=str(failure))
            raise
        cache.set(key, company or _NOBODY, _DAY_SECONDS)
        return company


def _ask(inn: str) -> object:
    """POST the question. Raises LookupUnavailable for anything but a JSON answer with status 200 in time."""
    question = {"query": inn, "count": 1, "branch_type": "MAIN"}
    if len(inn) == 12:
        del question["branch_type"]
    deadline = time.monotonic() + settings.DADATA_TIMEOUT_SECONDS
    try:
        with httpx.stream(
            "POST",
            settings.DADATA_URL + _PATH,
            json=question,
            headers={"Authorization": f"Token {settings.DADATA_KEY}", "Accept": "application/json"},
            timeout=httpx.Timeout(settings.DADATA_TIMEOUT_SECONDS),
            follow_redirects=False,
        ) as answer:
            if answer.status_code != httpx.codes.OK:
                raise LookupUnavailable(f"status {answer.status_code}")
            return cast(object, json.loads(_read(answer, deadline)))
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        raise LookupUnavailable(type(error).__name__) from error


def _read(answer: httpx.Response, deadline: float) -> bytes:
    """The body, as long as it comes in time: httpx itself limits only each wait, not their sum."""
    body = bytearray()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > _LONGEST_ANSWER:
            raise LookupUnavailable("answer too long")
        if time.monotonic() > deadline:
            raise LookupUnavailable("answer too slow")
    return bytes(body)
