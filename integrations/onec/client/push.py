"""The JSON side of a simulated 1C base: streams in batches, requests polled and answered with papers."""

import base64
import hashlib
import http.client
import json
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from integrations.onec.client.wire import USER_AGENT, WireError

PATH = "/api/1c/v1"
BATCH = 500
_REPEATS = 3
_NOT_PAPERS = frozenset({"shipment_request", "claim_request"})
"""What is asked for beside papers: a base of the simulator ships and takes back nothing."""

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PushFaults:
    """Deliberate misbehaviour: a batch sent twice, an answer that was lost, an older batch after a newer."""

    repeat_batch: bool = False
    lose_answer: bool = False
    older_after: bool = False


@dataclass(frozen=True, slots=True)
class PushReply:
    """One answer of the site; `error` is empty when 1C goes on."""

    what: str
    status: int
    body: dict[str, Any]
    milliseconds: float
    error: str = ""

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(slots=True)
class PushReport:
    """What a whole sending came to."""

    replies: list[PushReply] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.replies) and all(reply.ok for reply in self.replies)

    @property
    def accepted(self) -> int:
        return sum(int(reply.body.get("accepted") or 0) for reply in self.replies)

    @property
    def rejected(self) -> list[dict[str, Any]]:
        return [row for reply in self.replies for row in reply.body.get("rejected") or []]

    def as_json(self) -> dict[str, Any]:
        replies = [
            {"what": one.what, "status": one.status, "error": one.error, "answer": one.body}
            for one in self.replies
        ]
        return {"ok": self.ok, "accepted": self.accepted, "rejected": self.rejected, "replies": replies}


class OneCPushClient:
    """A base with a key of the portal; `source` is the base's code there.

    `seq` grows with every batch and begins with the clock, as 1C's message numbers do.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        source: str,
        timeout: float = 60,
        pause: float = 1,
        faults: PushFaults | None = None,
    ) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"Адрес сайта не похож на http(s)://сайт: {url}")
        self._secure, self._host = parts.scheme == "https", parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._base = parts.path.rstrip("/") if parts.path.strip("/") else PATH
        self._key, self._source = key, source
        self._timeout, self._pause = timeout, pause
        self._faults = faults or PushFaults()
        self._seq = int(time.time())

    def send(self, stream: str, items: Sequence[Item], *, at: datetime, size: int = BATCH) -> PushReport:
        """Send changes in batches."""
        report = PushReport()
        for portion in _portions(items, size):
            self._deliver(stream, self._batch("delta", at, items=portion), report)
            if self._faults.older_after:
                before = at - timedelta(hours=1)
                older = self._batch("delta", before, items=portion) | {"seq": self._seq - 2}
                self._deliver(stream, older, report)
        return report

    def send_full(self, stream: str, items: Sequence[Item], *, at: datetime, size: int = BATCH) -> PushReport:
        """Send everything there is, then say how many there were."""
        report = PushReport()
        for portion in _portions(items, size):
            self._deliver(stream, self._batch("full", at, items=portion), report)
        self._deliver(stream, self._batch("full", at, finish=True, count=len(items)), report)
        return report

    def requests(self) -> tuple[list[dict[str, Any]], PushReply]:
        """What clients have asked for."""
        reply = self._exchange("GET", "requests", None)
        return list(reply.body.get("items") or []), reply

    def requests_ack(self, taken: Iterable[str], refused: Mapping[str, str] | None = None) -> PushReply:
        """Say which requests are being made, and which will not be and why."""
        refusals = [{"ref": ref, "reason": reason} for ref, reason in (refused or {}).items()]
        return self._exchange("POST", "requests/ack", {"taken": list(taken), "refused": refusals})

    def answer_requests(self, content: bytes, *, at: datetime) -> PushReport:
        """Fetch requests, take them and answer each with a paper that has this file."""
        wanted, reply = self.requests()
        wanted = [one for one in wanted if one["type"] not in _NOT_PAPERS]
        report = PushReport([reply])
        if not reply.ok or not wanted:
            return report
        report.replies.append(self.requests_ack(request["ref"] for request in wanted))
        papers = [answer_item(request, content, at=at) for request in wanted]
        report.replies += self.send("documents", papers, at=at).replies
        return report

    def _batch(self, mode: str, at: datetime, **rest: Any) -> dict[str, Any]:
        self._seq += 1
        return {
            "source": self._source,
            "batch_id": str(uuid.uuid4()),
            "seq": self._seq,
            "mode": mode,
            "generated_at": at.isoformat(timespec="seconds"),
        } | rest

    def _deliver(self, stream: str, batch: dict[str, Any], report: PushReport) -> None:
        """Send a batch; a busy site is asked again. What repeats a batch has the very same body."""
        if self._faults.lose_answer:
            self._exchange("POST", stream, batch, lose=True)
        reply = self._exchange("POST", stream, batch)
        for _time in range(_REPEATS):
            if reply.status != http.client.SERVICE_UNAVAILABLE:
                break
            time.sleep(self._pause)
            reply = self._exchange("POST", stream, batch)
        report.replies.append(reply)
        if self._faults.repeat_batch:
            again = self._exchange("POST", stream, batch)
            if again.body != reply.body:
                again = PushReply(again.what, again.status, again.body, again.milliseconds, _OTHER_ANSWER)
            report.replies.append(PushReply(again.what, again.status, {}, again.milliseconds, again.error))

    def _exchange(self, method: str, name: str, data: Any, *, lose: bool = False) -> PushReply:
        started = time.perf_counter()
        body = None if data is None else json.dumps(data, ensure_ascii=False, default=str).encode()
        try:
            status, text = self._ask(method, f"{self._base}/{name}", body, lose=lose)
        except WireError as error:
            return PushReply(name, 0, {}, _since(started), str(error))
        told = _read(text)
        fault = "" if status == http.client.OK else f"код {status}: {told.get('error') or text[:200]}"
        return PushReply(name, status, told, _since(started), fault)

    def _ask(self, method: str, path: str, body: bytes | None, *, lose: bool) -> tuple[int, str]:
        """One request; a lost answer is not read at all. Raises WireError."""
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._timeout)
        try:
            connection.request(method, path, body=body, headers=self._headers(body))
            answer = connection.getresponse()
            if lose:
                return answer.status, ""
            return answer.status, answer.read().decode("utf-8", errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise WireError(f"нет связи с сайтом: {error or type(error).__name__}") from error
        finally:
            connection.close()

    def _headers(self, body: bytes | None) -> dict[str, str]:
        headers = {"User-Agent": USER_AGENT, "Authorization": f"Bearer {self._key}"}
        return headers if body is None else headers | {"Content-Type": "application/json; charset=utf-8"}


_OTHER_ANSWER = "на тот же пакет другой ответ"
_ANSWER_TYPES = {"act_request": "act", "invoice_request": "invoice"}


def answer_item(request: Mapping[str, Any], content: bytes, *, at: datetime) -> dict[str, Any]:
    """A paper for the `documents` stream that answers a request."""
    told = request.get("document") or {}
    kind = _ANSWER_TYPES.get(request["type"]) or _paper_type(told.get("type"))
    orders = request.get("order") or {}
    return {
        "ref": f"answer-{request['ref']}",
        "type": kind,
        "number": told.get("number") or request["ref"][:8],
        "date": told.get("date") or at.date().isoformat(),
        "counterparty_ref": request["counterparty"]["ref"],
        "order_refs": [name for name in (orders.get("site_number"),) if name],
        "file": file_item(content, name=f"{kind}.pdf"),
        "request_ref": request["ref"],
        "as_of": at.isoformat(timespec="seconds"),
    }


def file_item(content: bytes, *, name: str) -> dict[str, Any]:
    """A file inside an item."""
    return {
        "name": name,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content_base64": base64.b64encode(content).decode("ascii"),
    }


def items_read(text: str) -> list[dict[str, Any]]:
    """Items of a file: a list, or an object with `items`; sums keep all their digits. Raises ValueError."""
    told = json.loads(text, parse_float=str)
    items = told.get("items") if isinstance(told, dict) else told
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("В файле нет списка items")
    return items


def _portions(items: Sequence[Item], size: int) -> list[list[Item]]:
    return [list(items[start : start + size]) for start in range(0, len(items), size)]


def _paper_type(kind: object) -> str:
    return str(kind) if kind in {"invoice", "return"} else "shipment"


def _read(text: str) -> dict[str, Any]:
    try:
        told = json.loads(text) if text else {}
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {"items": told}


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
