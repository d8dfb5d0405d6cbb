"""A stand-in of YooKassa: its API v3 with faults to order, and a page with «Оплатить» and «Отказаться».

Plain Python: tests start it in a thread, the demonstration as a process of its own:
`python -m integrations.demo.cashier --port 8790 --notify http://127.0.0.1:8000/pay/yookassa/`.
"""

import argparse
import base64
import contextlib
import html
import json
import sys
import threading
import time
import urllib.request
import uuid
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

SHOP_ID, SECRET_KEY = "100500", "test_secret"
_PAGE = """<!doctype html><html lang="ru"><meta charset="utf-8"><title>Оплата</title>
<body><h1>Оплата {sum} ₽</h1><p>{what}</p><form method="post">
<button name="act" value="pay">Оплатить</button> <button name="act" value="refuse">Отказаться</button>
</form></body></html>"""


@dataclass
class Cashier:
    """What the provider knows, and how it will misbehave.

    `faults` are taken one for each question of the API: a status as text, "202", "malformed", "slow",
    "dropped" (no answer, nothing done) or "lost" (done, the answer is lost).
    """

    address: str = ""
    notify: str = ""
    notices: int = 1
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    questions: list[tuple[str, str, str]] = field(default_factory=list)
    slow_seconds: float = 1.0
    retry_after: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def create(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        text = json.dumps(body, sort_keys=True)
        with self.lock:
            if key in self.keys:
                known, told = self.keys[key]
                return (200, self.payments[known]) if told == text else _error(400, "invalid_request")
            pk = str(uuid.uuid4())
            payment = {
                "id": pk,
                "status": "pending",
                "paid": False,
                "amount": body["amount"],
                "confirmation": {"type": "redirect", "confirmation_url": f"{self.address}/pay/{pk}"},
                "created_at": datetime.now(UTC).isoformat(),
                "description": body.get("description", ""),
                "metadata": body.get("metadata", {}),
                "recipient": {"account_id": SHOP_ID, "gateway_id": "100700"},
                "refundable": False,
                "test": True,
            }
            self.payments[pk], self.keys[key] = payment, (pk, text)
            self.payments[pk]["return_url"] = body["confirmation"]["return_url"]
            self.payments[pk]["receipt"] = body.get("receipt")
        return 200, payment

    def decide(self, pk: str, *, is_paid: bool) -> None:
        """The person at the page pays or refuses; a decision stands."""
        with self.lock:
            payment = self.payments[pk]
            if payment["status"] != "pending":
                return
            payment["status"], payment["paid"] = ("succeeded", True) if is_paid else ("canceled", False)
            if not is_paid:
                payment["cancellation_details"] = {"party": "yoo_money", "reason": "canceled_by_merchant"}
        for _number in range(self.notices):
            self.tell(pk, "payment.succeeded" if is_paid else "payment.canceled")

    def tell(self, pk: str, event: str) -> int:
        """Send a webhook, true or not; return the status of the answer, 0 where there is none."""
        if not self.notify:
            return 0
        told = {"type": "notification", "event": event, "object": self.payments.get(pk, {"id": pk})}
        request = urllib.request.Request(  # noqa: S310 - our own address
            self.notify, json.dumps(told).encode(), {"Content-Type": "application/json"}
        )
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
        return 0


def _error(status: int, code: str) -> tuple[int, dict[str, Any]]:
    return status, {
        "type": "error",
        "id": str(uuid.uuid4()),
        "code": code,
        "description": f"Stand-in: {code}",
    }


class _Handler(BaseHTTPRequestHandler):
    """One question. `cashier` is set on the class that the server makes."""

    cashier: Cashier

    def do_GET(self) -> None:
        if self.path.startswith("/pay/"):
            return self._page()
        if self.path == "/favicon.ico":
            return self._nothing()
        return self._api({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path.startswith("/pay/"):
            return self._decided(parse_qs(raw.decode()).get("act", [""])[0])
        return self._api(json.loads(raw or b"{}"))

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _nothing(self) -> None:
        self.send_response(HTTPStatus.NO_CONTENT)
        self.end_headers()

    def _api(self, body: dict[str, Any]) -> None:
        key = self.headers.get("Idempotence-Key", "")
        self.cashier.questions.append((self.command, self.path, key))
        fault = self.cashier.faults.popleft() if self.cashier.faults else ""
        if fault == "dropped":
            self.close_connection = True
            return None
        if fault == "slow":
            time.sleep(self.cashier.slow_seconds)
        if fault == "202":
            return self._answer(202, {"type": "processing", "retry_after": 1800})
        if fault == "malformed":
            return self._raw(200, b'{"id": "2d8b')
        if fault.isdigit():
            return self._answer(*_error(int(fault), "stand_in"))
        status, answer = self._done(key, body)
        if fault == "lost":
            self.close_connection = True
            return None
        return self._answer(status, answer)

    def _done(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        expected = "Basic " + base64.b64encode(f"{SHOP_ID}:{SECRET_KEY}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            return _error(401, "invalid_credentials")
        *_start, name = self.path.split("/")
        if self.command == "POST" and name == "payments":
            return self.cashier.create(key, body) if key else _error(400, "invalid_request")
        pk = self.path.split("/")[3] if self.path.count("/") > 2 else ""
        if pk not in self.cashier.payments:
            return _error(404, "not_found")
        if name == "cancel":
            self.cashier.decide(pk, is_paid=False)
        return 200, self.cashier.payments[pk]

    def _page(self) -> None:
        payment = self.cashier.payments.get(self.path.removeprefix("/pay/"))
        if payment is None:
            return self._raw(404, b"")
        page = _PAGE.format(sum=payment["amount"]["value"], what=html.escape(payment["description"]))
        return self._raw(200, page.encode(), "text/html; charset=utf-8")

    def _decided(self, act: str) -> None:
        pk = self.path.removeprefix("/pay/")
        self.cashier.decide(pk, is_paid=act == "pay")
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", self.cashier.payments[pk]["return_url"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: int, answer: dict[str, Any]) -> None:
        told = {name: value for name, value in answer.items() if name not in {"return_url", "receipt"}}
        self._raw(status, json.dumps(told).encode())

    def _raw(self, status: int, body: bytes, mime: str = "application/json") -> None:
        with contextlib.suppress(OSError):  # whoever asked has hung up
            self.send_response(status)
            if self.cashier.retry_after and status == HTTPStatus.TOO_MANY_REQUESTS:
                self.send_header("Retry-After", self.cashier.retry_after)
            self.send_header("Content-Type", mime)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


class CashierServer:
    """The stand-in at a port of this machine; `with` starts and ends it."""

    def __init__(self, *, port: int = 0, notify: str = "") -> None:
        self.cashier = Cashier(notify=notify)
        handler = type("Handler", (_Handler,), {"cashier": self.cashier})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self.cashier.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self) -> None:
        """Until the process is ended."""
        with contextlib.suppress(KeyboardInterrupt):
            self._server.serve_forever()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m integrations.demo.cashier", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--notify", default="")
    chosen = parser.parse_args(arguments)
    CashierServer(port=chosen.port, notify=chosen.notify).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
