"""The demonstration's own steps; the whole of it is a browser test's matter."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from portal import demo


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((demo.HOST, 0)) as server:
        yield server.getsockname()[1]


def answering(status: int) -> HTTPServer:
    class Probe(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer((demo.HOST, 0), Probe)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def test_demo_tells_that_the_port_is_taken(taken_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    code = demo.main(["--port", str(taken_port)])

    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    assert said.err == f"demo: port {taken_port} is taken; choose another: make demo PORT={taken_port + 1}\n"


def test_demo_names_its_own_address_and_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "dealer.example.ru")

    environment = demo.demo_environment(8123, cashier=8790)

    assert environment["ENVIRONMENT"] == "demo"
    assert environment["SITE_URL"] == "http://127.0.0.1:8123"
    assert environment["ALLOWED_HOSTS"] == "dealer.example.ru,127.0.0.1,localhost"


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_demo_waits_for_readiness_not_for_any_answer(status: int, ready: bool) -> None:
    server = answering(status)

    seen = demo.is_ready(server.server_port)
    server.shutdown()
    server.server_close()

    assert seen is ready


def test_demo_is_not_ready_while_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind((demo.HOST, 0))
        silent = probe.getsockname()[1]

    assert demo.is_ready(silent) is False
