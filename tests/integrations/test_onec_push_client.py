"""The JSON side of the simulated client, against a site that answers as the specification says."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from integrations.onec.client import OneCPushClient, PushFaults
from integrations.onec.client.command_line import main
from integrations.push.items.documents import DocumentItem
from portal.lib.dates import MOSCOW

AT = datetime(2026, 11, 27, 14, 5, tzinfo=MOSCOW)
KEY = "b1c_secret"
REQUEST = "3f1c2a4e-0000-4000-8000-000000000001"
ACT = {"ref": REQUEST, "type": "act_request", "counterparty": {"ref": "p-1", "inn": "", "kpp": ""}}


@dataclass
class JsonSite:
    """Remembers what it was sent; a batch that it knows is answered the same."""

    url: str = ""
    seen: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    busy: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, method: str, path: str, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        if key != f"Bearer {KEY}":
            return 401, {"error": "Ключ не подходит"}
        self.seen.append((method, path, body))
        if path.endswith("/requests"):
            return 200, {"items": self.waiting}
        if path.endswith("/requests/ack"):
            self.waiting = [row for row in self.waiting if row["ref"] not in body["taken"]]
            return 200, {"accepted": len(body["taken"])}
        if self.busy:
            self.busy -= 1
            return 503, {"error": "База занята"}
        items = body.get("items", [])
        bad = [{"ref": item["ref"], "error": "нет"} for item in items if item["ref"] == "bad"]
        told = {"accepted": len(items) - len(bad), "rejected": bad}
        return 200, self.answers.setdefault(body["batch_id"], told)

    def batches(self) -> list[dict[str, Any]]:
        return [body for method, path, body in self.seen if method == "POST" and "requests" not in path]


@pytest.fixture
def site() -> Iterator[JsonSite]:
    state = JsonSite()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            status, told = state.answer(self.command, self.path, self.headers["Authorization"], body)
            text = json.dumps(told, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _answer  # noqa: N815 - the names are those of http.server

        def log_message(self, *_told: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


def client(site: JsonSite, **told: Any) -> OneCPushClient:
    return OneCPushClient(site.url, KEY, source="ut", pause=0, **told)


def items(count: int) -> list[dict[str, Any]]:
    return [{"ref": f"r-{place}", "sum": Decimal("0.10")} for place in range(count)]


def test_changes_go_in_batches_with_growing_numbers(site: JsonSite) -> None:
    report = client(site).send("documents", items(5), at=AT, size=2)

    batches = site.batches()
    assert (report.ok, report.accepted) == (True, 5)
    assert [len(batch["items"]) for batch in batches] == [2, 2, 1]
    assert {path for _method, path, _body in site.seen} == {"/api/1c/v1/documents"}
    first = batches[0]
    assert [batch["seq"] - first["seq"] for batch in batches] == [0, 1, 2]
    assert (first["source"], first["mode"], first["generated_at"]) == (
        "ut",
        "delta",
        "2026-11-27T14:05:00+03:00",
    )
    assert first["items"][0] == {"ref": "r-0", "sum": "0.10"}


def test_full_export_is_closed_with_its_count(site: JsonSite) -> None:
    client(site).send_full("contracts", items(3), at=AT, size=2)

    *portions, last = site.batches()
    assert [batch["mode"] for batch in portions] == ["full", "full"]
    assert (last["finish"], last["count"], "items" in last) == (True, 3, False)


def test_repeated_batch_is_the_very_same(site: JsonSite) -> None:
    report = client(site, faults=PushFaults(repeat_batch=True)).send("documents", items(1), at=AT)

    first, again = site.batches()
    assert first == again
    assert (report.ok, report.accepted) == (True, 1)


class Forgetful(dict[str, dict[str, Any]]):
    """Answers of a site that counts a batch anew each time."""

    times = 0

    def setdefault(self, key: str, default: Any = None) -> Any:
        self.times += 1
        return {"accepted": self.times}


def test_other_answer_to_the_same_batch_is_told_of(site: JsonSite) -> None:
    site.answers = Forgetful()

    report = client(site, faults=PushFaults(repeat_batch=True)).send("documents", items(1), at=AT)

    assert [reply.error for reply in report.replies] == ["", "на тот же пакет другой ответ"]


def test_batch_whose_answer_was_lost_is_sent_again(site: JsonSite) -> None:
    report = client(site, faults=PushFaults(lose_answer=True)).send("documents", items(1), at=AT)

    first, again = site.batches()
    assert first == again
    assert (report.ok, report.accepted) == (True, 1)


def test_older_batch_comes_after_the_newer(site: JsonSite) -> None:
    client(site, faults=PushFaults(older_after=True)).send("documents", items(1), at=AT)

    newer, older = site.batches()
    assert older["seq"] < newer["seq"]
    assert older["generated_at"] < newer["generated_at"]


def test_busy_site_is_asked_again(site: JsonSite) -> None:
    site.busy = 2

    assert client(site).send("documents", items(1), at=AT).ok
    assert len(site.batches()) == 3


def test_wrong_key_is_an_error(site: JsonSite) -> None:
    report = OneCPushClient(site.url, "wrong", source="ut").send("documents", items(1), at=AT)

    assert [reply.error for reply in report.replies] == ["код 401: Ключ не подходит"]


def test_requests_are_taken_and_answered(site: JsonSite) -> None:
    site.waiting = [ACT]

    report = client(site).answer_requests(b"%PDF-1.4", at=AT)

    (batch,) = site.batches()
    (paper,) = batch["items"]
    answer = DocumentItem.model_validate(paper)
    assert (report.ok, site.waiting) == (True, [])
    assert (answer.type, answer.request_ref, answer.counterparty_ref) == ("act", REQUEST, "p-1")


def test_nothing_is_asked_for_nothing_is_sent(site: JsonSite) -> None:
    assert client(site).answer_requests(b"%PDF-1.4", at=AT).ok

    assert site.batches() == []


def test_command_line_tells_what_was_refused(
    site: JsonSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "items.json"
    path.write_text('{"items": [{"ref": "good", "sum": 10.10}, {"ref": "bad"}]}', encoding="utf-8")
    login = ["--url", site.url, "--key", KEY, "--source", "ut"]

    code = main(["push", *login, "documents", str(path), "--full", "--json", str(tmp_path / "out.json")])

    told = capsys.readouterr().out
    assert code == 1
    assert "не принято bad: нет" in told
    assert "Принято 1, не принято 1" in told
    assert site.batches()[0]["items"][0]["sum"] == "10.10"
    assert json.loads((tmp_path / "out.json").read_text())["accepted"] == 1


def test_command_line_answers_requests(site: JsonSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.waiting = [ACT]
    login = ["--url", site.url, "--key", KEY, "--source", "ut"]

    shown = main(["push-requests", *login])
    answered = main(["push-requests", *login, "--answer-blank"])

    assert (shown, answered) == (0, 0)
    assert f"{REQUEST}: act_request" in capsys.readouterr().out
    assert len(site.batches()) == 1


def test_file_without_items_is_refused(site: JsonSite, tmp_path: Path) -> None:
    path = tmp_path / "items.json"
    path.write_text('{"rows": []}', encoding="utf-8")

    assert main(["push", "--url", site.url, "--key", KEY, "--source", "ut", "documents", str(path)]) == 2
