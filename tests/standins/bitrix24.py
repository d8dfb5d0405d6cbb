"""Bitrix24 as its documents describe it: cards, requisites, batches, limits, and faults to order."""

import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.standins.serving import Faults, Paces, Reply, serving

WEBHOOK = "1/secret-of-tests"
_METHOD = re.compile(r"crm\.(company|contact|deal|requisite)(\.productrows)?\.(add|update|get|list|set)")
_RESULT = re.compile(r"\$result\[(\w+)\]")


class Refusal(Exception):
    def __init__(self, error: str, text: str = "", status: int = 400) -> None:
        self.error, self.text, self.status = error, text, status
        super().__init__(error)


@dataclass
class Bitrix:
    """The books of the CRM. With `token` set it is asked through OAuth and knows no webhook."""

    url: str = ""
    token: str = ""
    faults: Faults = field(default_factory=Faults)
    paces: Paces = field(default_factory=lambda: Paces(capacity=50, rate=2))
    slow_seconds: float = 1.0
    books: dict[str, dict[int, dict[str, Any]]] = field(
        default_factory=lambda: {"company": {}, "contact": {}, "deal": {}, "requisite": {}}
    )
    rows: dict[int, list[dict[str, str]]] = field(default_factory=dict)
    writes: list[tuple[str, int]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refuse_title: str = ""
    busy_methods: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def make(self, kind: str, **fields: Any) -> int:
        """A card made by a person of the CRM."""
        with self.lock:
            return self._add(kind, fields)

    def change(self, kind: str, number: int, **fields: Any) -> None:
        with self.lock:
            self.books[kind][number] |= {**fields, "DATE_MODIFY": datetime.now(UTC).isoformat()}

    def answer(self, _method: str, path: str, _headers: Mapping[str, str], body: bytes) -> Reply:
        is_patient = self.paces.count()
        fault = self.faults.take()
        if fault == "cut":
            return Reply(0)
        if fault == "malformed":
            return Reply(200, b"<html>502</html>")
        if not is_patient or fault == "503":
            return _refused(Refusal("QUERY_LIMIT_EXCEEDED", "Too many requests", 503))
        if fault == "429":
            return _refused(Refusal("OPERATION_TIME_LIMIT", "Method is blocked", 429), Retry=True)
        if fault == "expired":
            return _refused(Refusal("expired_token", "The access token provided has expired.", 401))
        if fault.isdigit() and not fault.startswith("2"):
            return Reply(int(fault), b"")
        values = json.loads(body)
        try:
            method = self._method(path, values)
            with self.lock:
                self.calls.append(method)
                told = self._batch(values) if method == "batch" else self._call(method, values)
        except Refusal as refusal:
            return _refused(refusal)
        if fault == "slow":
            time.sleep(self.slow_seconds)
        if fault == "lost":
            return Reply(0)
        whole = {"result": told, "time": {"duration": 0.01, "operating": 0.1}}
        return Reply(int(fault) if fault else 200, json.dumps(whole).encode())

    def _method(self, path: str, values: Mapping[str, Any]) -> str:
        method = path.rpartition("/")[2].removesuffix(".json")
        if self.token:
            if values.get("auth") != self.token:
                raise Refusal("expired_token", "expired", 401)
        elif path.removeprefix("/rest/").rpartition("/")[0] != WEBHOOK:
            raise Refusal("INVALID_CREDENTIALS", "", 401)
        return method

    def _batch(self, values: Mapping[str, Any]) -> dict[str, Any]:
        commands = values["cmd"]
        if len(commands) > 50:
            raise Refusal("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
        done: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for name, command in commands.items():
            method, _, query = command.partition("?")
            query = _RESULT.sub(lambda found: str(done.get(found[1], "")), query)
            try:
                done[name] = self._call(method, _nested(query))
            except Refusal as refusal:
                errors[name] = {"error": refusal.error, "error_description": refusal.text}
        return {"result": done or [], "result_error": errors or [], "result_time": [], "result_total": []}

    def _call(self, method: str, values: Mapping[str, Any]) -> Any:
        if method == "profile":
            return {"ID": "1", "NAME": "Портал", "LAST_NAME": "Тестовый"}
        if method in self.busy_methods:
            raise Refusal("OPERATION_TIME_LIMIT", "Method is blocked", 429)
        found = _METHOD.fullmatch(method)
        if found is None:
            raise Refusal("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        kind, rows, act = found.groups()
        if rows:
            return self._rows(int(values["id"] or 0), values.get("rows"))
        return getattr(self, f"_{act}")(kind, values if act != "add" else values["fields"])

    def _rows(self, number: int, rows: Any) -> bool:
        if number not in self.books["deal"]:
            raise Refusal("", "Not found")
        self.rows[number] = list(rows.values()) if isinstance(rows, dict) else list(rows or [])
        return True

    def _add(self, kind: str, fields: Mapping[str, Any]) -> int:
        if self.refuse_title and fields.get("TITLE") == self.refuse_title:
            raise Refusal("ERROR_CORE", "Название не подходит")
        if kind == "requisite" and not str(fields.get("ENTITY_ID", "")):
            raise Refusal("ERROR_CORE", "ENTITY_ID is not defined")
        book = self.books[kind]
        number = max(book, default=100) + 1
        now = datetime.now(UTC).isoformat()
        book[number] = {"ASSIGNED_BY_ID": "1", **fields, "ID": str(number), "DATE_MODIFY": now}
        self.writes.append((kind, number))
        return number

    def _update(self, kind: str, values: Mapping[str, Any]) -> bool:
        number = int(values["id"])
        if number not in self.books[kind]:
            raise Refusal("", "Not found")
        self.books[kind][number] |= {**values["fields"], "DATE_MODIFY": datetime.now(UTC).isoformat()}
        self.writes.append((kind, number))
        return True

    def _get(self, kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
        if int(values["id"]) not in self.books[kind]:
            raise Refusal("", "Not found")
        return self.books[kind][int(values["id"])]

    def _list(self, kind: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        wanted = dict(values.get("filter", {}))
        since, after = wanted.pop(">DATE_MODIFY", ""), int(wanted.pop(">ID", 0))
        rows = [
            row
            for number, row in sorted(self.books[kind].items())
            if number > after
            and all(str(row.get(name, "")) == str(value) for name, value in wanted.items())
            and (not since or datetime.fromisoformat(row["DATE_MODIFY"]) > datetime.fromisoformat(since))
        ]
        return rows[:50]


def _refused(refusal: Refusal, *, Retry: bool = False) -> Reply:  # noqa: N803
    told: dict[str, Any] = {"error": refusal.error, "error_description": refusal.text}
    if Retry:
        told["time"] = {"operating_reset_at": time.time() + 1}
    return Reply(refusal.status, json.dumps(told).encode())


def _nested(query: str) -> dict[str, Any]:
    """Fields with brackets as PHP reads them."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        keys = re.findall(r"[^\[\]]+", unquote(name))
        place = tree
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return tree


@contextmanager
def bitrix24() -> Iterator[Bitrix]:
    told = Bitrix()
    with serving(told.answer) as address:
        told.url = address
        yield told
