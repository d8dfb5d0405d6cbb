"""amoCRM v4 as its documents describe it: arrays, 204 for nothing, single-use keys, limits, faults."""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.standins.serving import Faults, Paces, Reply, serving

_PATHS = {"companies": "company", "contacts": "contact", "leads": "deal"}
_CARD = re.compile(r"(companies|contacts|leads)(?:/(\d+))?")
_NOTES = re.compile(r"leads/(\d+)/notes")


@dataclass
class Amo:
    """The books of the CRM. `access` is the token that is good now, `refresh` the one key to renew it."""

    url: str = ""
    access: str = "access-1"
    refresh: str = "refresh-1"
    renewed: int = 0
    faults: Faults = field(default_factory=Faults)
    paces: Paces = field(default_factory=lambda: Paces(capacity=7, rate=7))
    slow_seconds: float = 1.0
    books: dict[str, dict[int, dict[str, Any]]] = field(
        default_factory=lambda: {"company": {}, "contact": {}, "deal": {}}
    )
    notes: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    arrays: list[int] = field(default_factory=list)
    refuse_name: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, kind: str, **values: Any) -> int:
        """A card made by a person of the CRM."""
        with self.lock:
            return self._added(kind, values)

    def change(self, kind: str, number: int, **values: Any) -> None:
        with self.lock:
            self.books[kind][number] |= {**values, "updated_at": int(time.time())}

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if path.startswith("/oauth2/"):
            return self._tokens(body)
        is_patient = self.paces.count()
        fault = self.faults.take()
        if fault == "cut":
            return Reply(0)
        if fault == "malformed":
            return Reply(200, b"<html>")
        if not is_patient or fault == "429":
            return Reply(429, b"", {"Retry-After": "1"})
        if fault.isdigit() and not fault.startswith("2"):
            return Reply(int(fault), b'{"title":"fault","status":500}')
        if headers.get("Authorization") != f"Bearer {self.access}":
            return Reply(401, b'{"title":"Unauthorized","status":401}')
        with self.lock:
            reply = self._answer(method, path, json.loads(body) if body else None)
        if fault == "slow":
            time.sleep(self.slow_seconds)
        return Reply(0) if fault == "lost" else reply

    def _tokens(self, body: bytes) -> Reply:
        asked = dict(parse_qsl(body.decode()))
        with self.lock:
            if asked.get("refresh_token") != self.refresh:
                return Reply(400, b'{"hint":"Token has been revoked","status":400}')
            self.renewed += 1
            self.access, self.refresh = f"access-{self.renewed + 1}", f"refresh-{self.renewed + 1}"
            told = {"access_token": self.access, "refresh_token": self.refresh, "expires_in": 86400}
        return Reply(200, json.dumps(told).encode())

    def _answer(self, method: str, path: str, body: Any) -> Reply:
        parts = urlsplit(path)
        place = parts.path.removeprefix("/api/v4/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if place == "account":
            return _json({"name": "Аккаунт тестов"})
        notes = _NOTES.fullmatch(place)
        if notes:
            return self._noted(method, int(notes[1]), body)
        found = _CARD.fullmatch(place.removesuffix("/complex"))
        if found is None:
            return Reply(404, b'{"title":"Not found","status":404}')
        kind = _PATHS[found[1]]
        if method == "GET":
            return self._one(kind, int(found[2])) if found[2] else self._list(kind, found[1], query)
        if len(body) > 50:
            return Reply(400, b'{"title":"Bad Request","status":400,"detail":"too many"}')
        self.arrays.append(len(body))
        return self._write(method, kind, found[1], body, is_complex=place.endswith("/complex"))

    def _write(self, method: str, kind: str, name: str, body: list[Any], *, is_complex: bool) -> Reply:
        bad = [one for one in body if self.refuse_name and one.get("name") == self.refuse_name]
        if bad:
            errors = [
                {
                    "request_id": one["request_id"],
                    "errors": [{"code": "Bad", "path": "name", "detail": "не то"}],
                }
                for one in bad
            ]
            told = {"title": "Bad Request", "status": 400, "validation-errors": errors}
            return Reply(400, json.dumps(told).encode(), {"Content-Type": "application/problem+json"})
        rows = []
        for one in body:
            if method == "PATCH" and one["id"] not in self.books[kind]:
                return Reply(404, b'{"title":"Not found","status":404}')
            number = one["id"] if method == "PATCH" else self._added(kind, one)
            if method == "PATCH":
                self._changed(kind, number, one)
            request = [one["request_id"]] if is_complex else one["request_id"]
            rows.append({"id": number, "request_id": request})
        return _json(rows if is_complex else {"_embedded": {name: rows}})

    def _added(self, kind: str, values: Mapping[str, Any]) -> int:
        number = max(self.books[kind], default=1000) + 1
        self.books[kind][number] = {"id": number, "responsible_user_id": 1}
        self._changed(kind, number, values)
        return number

    def _changed(self, kind: str, number: int, values: Mapping[str, Any]) -> None:
        card = self.books[kind][number]
        fields = {one["field_id"]: one for one in card.get("custom_fields_values") or []}
        fields |= {one["field_id"]: one for one in values.get("custom_fields_values") or []}
        told = {name: value for name, value in values.items() if name not in {"request_id", "id"}}
        card |= {**told, "custom_fields_values": list(fields.values()), "updated_at": int(time.time())}

    def _one(self, kind: str, number: int) -> Reply:
        card = self.books[kind].get(number)
        return _json(card) if card else Reply(404, b'{"title":"Not found","status":404}')

    def _list(self, kind: str, name: str, query: Mapping[str, str]) -> Reply:
        since, text = int(query.get("filter[updated_at][from]", 0)), query.get("query", "")
        limit, page = int(query.get("limit", 50)), int(query.get("page", 1))
        rows = [
            card
            for _number, card in sorted(self.books[kind].items())
            if card["updated_at"] >= since and text in json.dumps(card, ensure_ascii=False)
        ]
        shown = rows[(page - 1) * limit : page * limit]
        return _json({"_embedded": {name: shown}}) if shown else Reply(204, b"")

    def _noted(self, method: str, number: int, body: Any) -> Reply:
        if method == "POST":
            self.notes.setdefault(number, []).extend(body)
            return _json({"_embedded": {"notes": [{"id": 1} for _one in body]}})
        listed = self.notes.get(number, [])
        return _json({"_embedded": {"notes": listed}}) if listed else Reply(204, b"")


def _json(told: Any) -> Reply:
    return Reply(200, json.dumps(told, ensure_ascii=False).encode())


@contextmanager
def amocrm() -> Iterator[Amo]:
    told = Amo()
    with serving(told.answer) as address:
        told.url = address
        yield told
