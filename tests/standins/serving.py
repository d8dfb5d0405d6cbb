"""What stand-ins have in common: a real server on this machine, and faults taken one by one."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer; `status` 0 cuts the connection."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Faults:
    """Faults to come, one for each request; "" is none. After them `share` of requests fail by chance.

    "cut" drops the connection before anything was done, "lost" after it, "slow" answers too late.
    """

    queue: deque[str] = field(default_factory=deque)
    kinds: tuple[str, ...] = ()
    share: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> str:
        with self.lock:
            if self.queue:
                return self.queue.popleft()
            return self.chance.choice(self.kinds) if self.chance.random() < self.share else ""


class Paces:
    """Counts requests as a service does, and remembers how full its own bucket ever was."""

    def __init__(self, *, capacity: float, rate: float) -> None:
        self.capacity, self.rate = capacity, rate
        self.level, self.highest, self.at = 0.0, 0.0, time.monotonic()
        self.asked = self.exceeded = 0
        self.moments: list[float] = []
        self._lock = threading.Lock()

    def count(self) -> bool:
        """One request more; False when there were too many."""
        with self._lock:
            now = time.monotonic()
            self.level = max(0.0, self.level - (now - self.at) * self.rate) + 1
            self.at = now
            self.highest = max(self.highest, self.level)
            self.moments.append(now)
            self.asked += 1
            if self.level > self.capacity:
                self.exceeded += 1
                return False
            return True

    def most_within(self, seconds: float) -> int:
        return max(
            (sum(1 for other in self.moments if one <= other < one + seconds) for one in self.moments),
            default=0,
        )


Answer = Callable[[str, str, Mapping[str, str], bytes], Reply]


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """Serve `answer(method, path, headers, body)` until the block ends; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = answer(self.command, self.path, self.headers, body)
            if not reply.status:
                self.close_connection = True
                self.connection.close()
                return
            try:
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
            except OSError:
                return

        do_GET = do_POST = do_PATCH = _any  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that has hung up is what the test wants."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
