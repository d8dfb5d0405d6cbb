"""A stand-in of СДЭК (API 2.0): a real server on this machine that can fail in every way."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast
from urllib.parse import parse_qs

ACCOUNT, SECRET = "account-of-tests", "secret-of-tests"


@dataclass
class Cdek:
    """What the next answers are, and what was asked. `fault` is a status or malformed, slow, dropped."""

    url: str = ""
    fault: int | str = ""
    retry_after: str = ""
    total_sum: Any = 451.5
    lives: int = 3600
    tokens: int = 0
    good_from: int = 1
    costs_asked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def token(self) -> str:
        return f"token-{self.tokens}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, told: Cdek) -> None:
        self.told = told
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has hung up is what the test wants."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def told(self) -> Cdek:
        return cast(_Server, self.server).told

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answers = {"/v2/oauth/token": self._token, "/v2/calculator/tariff": self._cost}
        answers.get(self.path, self._nothing)(body)

    def _nothing(self, _body: bytes) -> None:
        self._answer(404, {})

    def _token(self, body: bytes) -> None:
        asked, told = parse_qs(body.decode()), self.told
        if (asked.get("client_id"), asked.get("client_secret")) != ([ACCOUNT], [SECRET]):
            self._answer(401, {"error": "invalid_client"})
            return
        told.tokens += 1
        self._answer(200, {"access_token": told.token, "token_type": "bearer", "expires_in": told.lives})

    def _cost(self, body: bytes) -> None:
        told = self.told
        told.costs_asked.append(json.loads(body))
        number = int(self.headers.get("Authorization", "Bearer token-0").rpartition("-")[2])
        if told.fault:
            self._fail(told.fault)
        elif number < told.good_from:
            self._answer(401, {"requests": [{"errors": [{"code": "v2_token_expired"}]}]})
        else:
            sums = {"delivery_sum": told.total_sum, "total_sum": told.total_sum, "currency": "RUB"}
            self._answer(200, sums | {"period_min": 2, "period_max": 3})

    def _fail(self, fault: int | str) -> None:
        if isinstance(fault, int):
            self._answer(fault, {"errors": [{"code": "v2_fault", "message": "fault"}]})
        elif fault == "malformed":
            self._raw(200, b"<html>502</html>")
        elif fault == "slow":
            self._trickle()
        else:
            self.close_connection = True
            self.connection.close()

    def _trickle(self) -> None:
        """Each byte comes in time, all of them do not."""
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        for _portion in range(20):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)

    def _answer(self, status: int, content: object) -> None:
        self._raw(status, json.dumps(content).encode())

    def _raw(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.told.retry_after:
            self.send_header("Retry-After", self.told.retry_after)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def cdek_server() -> Iterator[Cdek]:
    """The server, stopped at the end."""
    told = Cdek()
    server = _Server(told)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
