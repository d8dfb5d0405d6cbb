"""A stand-in of the site: answers the exchange from a script and remembers every request."""

import base64
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

USER, PASSWORD = "exchange", "secret"


@dataclass(frozen=True)
class Answer:
    """One answer; `declared` lies about Content-Length, `delay` is in seconds."""

    body: str | bytes
    status: int = 200
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    declared: int | None = None
    delay: float = 0

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.encode()


@dataclass(frozen=True)
class Request:
    """What arrived; `params` keep their order, `announced` is the Content-Length."""

    method: str
    path: str
    params: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes
    announced: int

    @property
    def mode(self) -> str:
        return dict(self.params)["mode"]

    @property
    def file(self) -> str:
        return dict(self.params).get("filename", "")

    @property
    def brief(self) -> str:
        """Mode and file name, as the tests compare them."""
        return f"{self.mode} {self.file}".strip()


Script = dict[str, Sequence[str | Answer]]

DEFAULT: Script = {
    "checkauth": ["success\nsessionid\nabc123"],
    "init": ["zip=no\nfile_limit=1000000"],
    "file": ["success"],
    "import": ["success"],
    "query": ['<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация/>'],
    "success": ["success"],
}


@dataclass
class Site:
    """Running stand-in. `script` maps a mode, or `mode file`, to its answers; the last one repeats."""

    url: str
    script: Script
    requests: list[Request] = field(default_factory=list)

    @property
    def briefs(self) -> list[str]:
        return [request.brief for request in self.requests]

    def answer(self, request: Request) -> Answer:
        """Next answer of the script; a wrong password gets what Bitrix says."""
        asked = sum(earlier.brief == request.brief for earlier in self.requests)
        self.requests.append(request)
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return Answer("failure\nНеверный пароль", status=401)
        by_file = self.script.get(request.brief)
        answers = by_file or self.script.get(request.mode) or DEFAULT[request.mode]
        if not by_file:
            asked = sum(earlier.mode == request.mode for earlier in self.requests[:-1])
        found = answers[min(asked, len(answers) - 1)]
        return Answer(found) if isinstance(found, str) else found


@contextmanager
def running_site(script: Script | None = None) -> Iterator[Site]:
    """Serve on a free local port until the block ends."""
    site = Site(url="", script=script or {})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.reply()

        def do_POST(self) -> None:
            self.reply()

        def reply(self) -> None:
            announced = int(self.headers.get("Content-Length", 0))
            path, _, query = self.path.encode("latin-1").decode().partition("?")
            pairs = tuple(
                (name, value) for name, _, value in (item.partition("=") for item in query.split("&"))
            )
            body = self.rfile.read(announced)
            request = Request(self.command, path, pairs, dict(self.headers.items()), body, announced)
            answer = site.answer(request)
            time.sleep(answer.delay)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(answer.declared or len(answer.raw)))
            for name, value in answer.headers:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.raw)
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hung up is what some tests are about."""

    with Server(("127.0.0.1", 0), Handler) as server:
        site.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
